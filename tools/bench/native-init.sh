#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the guest of native.sh. Its root are the host's files, which it
# must not change; the module and the program are named on the command line.

# shellcheck disable=SC2154 # vsw_module, vsw_program
bb=/bin/busybox

$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev
# The console else turns each newline into two characters.
$bb stty -opost
echo "vsw-bench: init" > /dev/kmsg
$bb insmod "$vsw_module" && {
	"$vsw_program"
	echo "# exit $?"
}
$bb poweroff -f
