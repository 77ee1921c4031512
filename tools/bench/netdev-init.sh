#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the guest of netdev.sh. The first time it runs in the initramfs,
# which containers cannot have as their root, so it moves to a tmpfs.
#
# What netdev.sh wants is in /job: only (a regular expression) and rounds.

set -u
# The real ip comes before that of busybox.
export PATH=/usr/bin:/usr/sbin:/bin:/sbin LC_ALL=C

bb=/bin/busybox

mount_all()
{
	$bb mount -t proc proc /proc
	$bb mount -t sysfs sysfs /sys
	$bb mount -t devtmpfs devtmpfs /dev
	$bb mkdir -p /dev/pts /dev/shm
	$bb mount -t devpts devpts /dev/pts
	$bb mount -t tmpfs tmpfs /dev/shm
	$bb mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

if [ ! -e /moved ]; then
	$bb mkdir /new
	$bb mount -t tmpfs tmpfs /new
	for path in /*; do
		case $path in
		/new | /proc | /sys | /dev) ;;
		*) $bb cp -a "$path" /new ;;
		esac
	done
	$bb mkdir /new/proc /new/sys /new/dev
	: > /new/moved
	exec $bb switch_root /new /init
fi
mount_all
$bb --install -s
# What the kernel complains of until now is none of ours.
echo "vsw-bench: init" > /dev/kmsg
{
	bash /guest.sh 2>&1
	echo "# exit $?"
} < /dev/null | netdev emit
if [ -e /profile ]; then
	grep -i ' [tw] ' /proc/kallsyms | netdev emit
fi
$bb poweroff -f
