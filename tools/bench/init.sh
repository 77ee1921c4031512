#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the guest of instr.sh, run by busybox.

bb=/bin/busybox

$bb mkdir -p /proc /sys /dev
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev
# Here and not before the cases: what the kernel complains of until now is none
# of ours.
echo "vsw-bench: init" > /dev/kmsg

insert()
{
	$bb insmod /vsw.ko || return
	for lookup in /vsw-lookup-*.ko; do
		[ ! -e "$lookup" ] || $bb insmod "$lookup" || return
	done
}

# Kernel threads started by the boot still run for some seconds, and so does
# what loading the module has left behind.
insert && $bb sleep 5 && {
	only=$($bb cat /only)
	{
		/instr run "$only" 2>&1
		echo "# exit $?"
	} | /instr emit
	if [ -e /profile ]; then
		$bb grep -i ' [tw] ' /proc/kallsyms | /instr emit
	fi
}
$bb poweroff -f
