#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the lab, run by busybox, twice: in the initramfs it puts the root
# together and switches to it; there ("init.sh job") it runs the script.
#
# switch_root, not chroot: a process in a chroot may not create user namespaces,
# and only process 1 shares its root with the kernel threads that run modprobe.

# shellcheck disable=SC2154 # the job_ variables come from run.sh
set -eu

bb=/run/vsw-lab/busybox

# port NAME: the device of a virtio-serial port
port()
{
	for dir in /sys/class/virtio-ports/*; do
		if [ "$(cat "$dir/name")" = "$1" ]; then
			echo "/dev/${dir##*/}"
			return
		fi
	done
	echo "vsw-lab: no port $1" > /dev/kmsg
	return 1
}

# mount_9p TAG DIR OPTIONS
mount_9p()
{
	mkdir -p "$2"
	mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$3" "$1" "$2"
}

# reveal PATH: /tmp and /run are new in the guest; the script's directory and
# the working directory are shown nevertheless, read-only, if they lie below.
reveal()
{
	case $1 in
	/tmp/* | /run/*) ;;
	*) return 0 ;;
	esac
	if [ -d "/lower$1" ]; then
		mkdir -p "/root$1"
	else
		mkdir -p "/root${1%/*}"
		: > "/root$1"
	fi
	mount -o bind "/lower$1" "/root$1"
}

mount_kernel_filesystems()
{
	mount -t proc -o nosuid,nodev,noexec proc /proc
	mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
	mount -t devtmpfs -o nosuid,mode=755 devtmpfs /dev
	for module in /modules/*; do
		[ ! -e "$module" ] || insmod "$module"
	done
}

# The host's files, read-only, below a tmpfs that takes the changes.
mount_root()
{
	mkdir -p /changes /root
	mount_9p root /lower ro,cache=loose
	mount -t tmpfs -o mode=755 tmpfs /changes
	mkdir /changes/upper /changes/work
	mount -t overlay -o lowerdir=/lower,upperdir=/changes/upper,workdir=/changes/work \
		overlay /root
	mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs /root/run
	mount -t tmpfs -o mode=1777 tmpfs /root/tmp
	mkdir -p /root/run/lock /root/run/vsw-lab
	reveal "$job_cwd"
	reveal "${job_script%/*}"
	# Present already, unless it lies right in /tmp or /run.
	[ -e "/root$job_script" ] || reveal "$job_script"
	# newuidmap lets LXC map containers of root to these ids only.
	for file in subuid subgid; do
		grep -qs '^root:' "/root/etc/$file" ||
			echo 'root:100000:65536' >> "/root/etc/$file"
	done
	while read -r share; do
		mount_9p "share$((n = ${n:--1} + 1))" "/root$share" rw,cache=none
	done < /shares
	if [ -n "$job_deps" ]; then
		# An unpacked kernel: its modules, and the index made for them.
		mkdir -p "/root/lib/modules/$job_version"
		mount -t overlay -o "lowerdir=/lower$job_deps:/lower$job_modules" \
			overlay "/root/lib/modules/$job_version"
	elif [ -n "$job_modules" ] && [ "$job_modules" != "/lib/modules/$job_version" ]; then
		mkdir -p "/root/lib/modules/$job_version"
		mount -o bind "/lower$job_modules" "/root/lib/modules/$job_version"
	fi
}

mount_system()
{
	mkdir -p /dev/pts /dev/shm /dev/mqueue
	mount -t devpts -o nosuid,noexec,gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs /dev/shm
	ln -s /proc/self/fd /dev/fd
	ln -s fd/0 /dev/stdin
	ln -s fd/1 /dev/stdout
	ln -s fd/2 /dev/stderr
	# What follows depends on the kernel's configuration.
	mount -t mqueue mqueue /dev/mqueue || true
	mount -t debugfs debugfs /sys/kernel/debug || true
	mount -t tracefs tracefs /sys/kernel/tracing || true
	mount -t bpf bpf /sys/fs/bpf || true
	mount -t securityfs securityfs /sys/kernel/security || true
	if mount -t cgroup2 cgroup2 /sys/fs/cgroup; then
		# Everything stays in the root cgroup: it alone may hold processes
		# and hand controllers to its children.
		for controller in cpu memory pids cpuset io; do
			echo "+$controller" > /sys/fs/cgroup/cgroup.subtree_control || true
		done
	fi
	# run.sh may have asked for one processor to boot with.
	for cpu in /sys/devices/system/cpu/cpu[1-9]*/online; do
		[ "$(cat "$cpu")" != 0 ] || echo 1 > "$cpu" || true
	done
	hostname vsw-lab
	ip link set lo up || true
}

# Daemons that the script left behind hold the output open: end all but
# ourselves and the process that passes the output on.
kill_all_but()
{
	for dir in /proc/[0-9]*; do
		case ${dir#/proc/} in
		1 | "$1") ;;
		*) kill -9 "${dir#/proc/}" || true ;;
		esac
	done 2> /dev/null
}

run_job()
{
	# shellcheck source=/dev/null
	. /run/vsw-lab/job
	export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	export HOME=/root TERM="$job_term" LANG=C.UTF-8 VSW_LAB=1
	verdict=$(port vsw.verdict)
	status=0
	if [ -n "$job_tty" ]; then
		# Held open all the time: a terminal forgets its size when closed.
		{
			# shellcheck disable=SC2086 # "rows N cols N"
			"$bb" stty sane $job_tty
			"$bb" setsid -c bash /run/vsw-lab/cmd || status=$?
		} <> /dev/hvc0 >&0 2>&1
		kill_all_but 1
	else
		# Through a pipe: a port can be opened only once, and scripts
		# open /dev/stdout.
		out=$(port vsw.out)
		mkfifo /run/vsw-lab/out
		"$bb" cat /run/vsw-lab/out > "$out" &
		pump=$!
		"$bb" setsid bash /run/vsw-lab/cmd < /dev/null > /run/vsw-lab/out 2>&1 || status=$?
		kill_all_but "$pump"
		wait "$pump" || true
	fi
	sync
	echo "VSW-LAB: exit $status" > "$verdict"
	"$bb" poweroff -f
}

if [ "${1:-}" = job ]; then
	run_job
fi

bb=/bin/busybox
mkdir -p /proc /sys /dev
"$bb" --install -s /bin
mount_kernel_filesystems
echo "vsw-lab: init" > /dev/kmsg
if grep -q vsw_lab=probe /proc/cmdline; then
	echo "VSW-LAB: init" > "$(port vsw.verdict)"
	poweroff -f
fi
# shellcheck source=/dev/null
. /job
mount_root
mount_system 2> /dev/null
cp /bin/busybox /init /job /cmd /root/run/vsw-lab/
for dir in proc sys dev; do
	mount -o move "/$dir" "/root/$dir"
done
exec switch_root /root /run/vsw-lab/busybox sh /run/vsw-lab/init job
