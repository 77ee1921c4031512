#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boot a stock Debian kernel in QEMU and run a script in it as root.
#
# What the script finds:
# - the host's files at their own paths; what it changes is gone afterwards,
#   except below --share directories. /tmp and /run are empty tmpfs (put LXC
#   rootfs there); only the script's directory and the working directory are
#   shown when they lie below them (read-only).
# - the caller's working directory, its arguments, no network but lo, no
#   systemd or udev, standard input from /dev/null, output and errors in one
#   stream, and the environment PATH, HOME, TERM, LANG, VSW_LAB=1 (nothing of
#   the caller's: pass arguments).
# - debugfs, tracefs, bpf and a cgroup2 tree with the controllers cpu, memory,
#   pids, cpuset and io; modprobe; no AppArmor (--append apparmor=1).
# - LXC works; root may map 100000-165535. lxc-create takes 12 s under TCG: a
#   rootfs of busybox and empty directories, made by hand, takes 2 s. For an
#   unprivileged container, chown -R 100000:100000 the rootfs, and leave the
#   directories above it searchable by others.
# - when it ends, whatever it left running is killed.
# Shares hold files, directories and symlinks; no pipes, sockets or devices.
#
# The verdict comes from the guest over a port of its own. The kernel log is
# searched from init on, boot for real reports only; a line that the script
# itself writes to /dev/kmsg counts, too. An Oops ends the run.

set -euo pipefail

lab_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/vsw/lab

exit_lab=125

usage()
{
	cat <<USAGE
Usage: run.sh [OPTIONS] SCRIPT [ARG...]

Boots a kernel in QEMU, with the host's files as a read-only overlay, and runs
SCRIPT with bash as root in it, in the current directory.

  --kernel WHAT      installed version, directory with an unpacked Debian
                     package, or bzImage (default: newest in /boot from 6.12 on)
  --cpus N           processors (default 2)
  --memory MIB       memory (default 2048)
  --timeout SECONDS  time for all of it, boot included (default 600)
  --append PARAMS    more kernel parameters
  --share DIR        mount this host directory read-write (repeatable)
  --log FILE         keep the kernel log
  --qemu ARGS        more arguments for QEMU, split at blanks
  --interactive      give SCRIPT the terminal
  --help             this text

Exit status: SCRIPT's own, or
  $exit_complaint  the kernel log holds a complaint (it is printed)
  $exit_died  the guest died without a verdict (the end of the log is printed)
  $exit_timeout  the time is over
  $exit_lab  the lab could not start

Environment: VSW_LAB_ACCEL=tcg|kvm instead of probing; XDG_CACHE_HOME.
USAGE
}

die()
{
	echo "vsw-lab: $*" >&2
	exit "$exit_lab"
}

# shellcheck source-path=SCRIPTDIR source=kernel.sh
. "$lab_dir/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=qemu.sh
. "$lab_dir/qemu.sh"
# shellcheck source-path=SCRIPTDIR source=initrd.sh
. "$lab_dir/initrd.sh"
# shellcheck source-path=SCRIPTDIR source=accel.sh
. "$lab_dir/accel.sh"
# shellcheck source-path=SCRIPTDIR source=judge.sh
. "$lab_dir/judge.sh"

parse_options()
{
	kernel='' cpus=2 memory=2048 limit=600 append='' log='' interactive=''
	shares=() qemu_extra=()
	while [ $# -gt 0 ]; do
		case $1 in
		--help) usage; exit 0 ;;
		--interactive) interactive=1; shift; continue ;;
		--) shift; break ;;
		--*) [ $# -ge 2 ] || die "$1 needs a value" ;;
		*) break ;;
		esac
		case $1 in
		--kernel) kernel=$2 ;;
		--cpus) cpus=$2 ;;
		--memory) memory=$2 ;;
		--timeout) limit=$2 ;;
		--append) append+=" $2" ;;
		--share)
			[ -d "$2" ] || die "--share $2: no such directory"
			shares+=("$(realpath "$2")") ;;
		--log) log=$(realpath "$2") || die "--log $2: no such directory" ;;
		--qemu) read -ra more <<< "$2"; qemu_extra+=("${more[@]}") ;;
		*) die "unknown option $1 (see --help)" ;;
		esac
		shift 2
	done
	[[ "$cpus $memory $limit" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9]+$ ]] ||
		die "--cpus, --memory and --timeout take a number"
	[ $# -ge 1 ] || { usage >&2; exit "$exit_lab"; }
	[ -f "$1" ] || die "$1: no such script"
	[ -z "$interactive" ] || [ -t 0 ] || die "--interactive needs a terminal"
	command=("$@")
}

cleanup()
{
	trap - EXIT INT TERM HUP
	if [ -n "${qemu_pid:-}" ]; then
		kill "$qemu_pid" 2>/dev/null || true
		wait "$qemu_pid" 2>/dev/null || true
	fi
	[ -z "${tail_pid:-}" ] || kill "$tail_pid" 2>/dev/null || true
	[ -z "${terminal:-}" ] || stty "$terminal" || true
	rm -rf "$work_dir"
}

# write_job: what init.sh must know, appended to the initramfs as a second
# archive (the kernel unpacks both).
write_job()
{
	local job=$work_dir/job script tty=''

	script=$(realpath "${command[0]}")
	mkdir "$job"
	if [ -n "$interactive" ]; then
		read -r rows columns <<< "$(stty size)"
		# Some terminals do not know their size.
		tty="rows ${rows/#0/24} cols ${columns/#0/80}"
	fi
	cat > "$job/job" <<-JOB
		job_cwd=${PWD@Q}
		job_script=${script@Q}
		job_version=${kernel_version@Q}
		job_modules=${kernel_modules@Q}
		job_deps=${initrd_deps@Q}
		job_term=${TERM:-dumb}
		job_tty=${tty@Q}
	JOB
	printf 'cd %q && exec bash' "$PWD" > "$job/cmd"
	printf ' %q' "${command[@]}" >> "$job/cmd"
	printf '%s\n' "${shares[@]}" > "$job/shares"
	[ ${#shares[@]} -gt 0 ] || : > "$job/shares"
	initrd_archive "$job" | cat "$initrd_file" - > "$work_dir/initramfs"
}

qemu_command()
{
	local i cpu=max

	if [ "$accel" = kvm ]; then
		cpu=host
	else
		# At boot the kernel patches much of the hottest code; with an
		# old QEMU (see qemu.sh) 1 in 20 dies of it. So init.sh starts
		# the other processors. Delay calibration would then take
		# seconds; nobody needs exact udelay.
		append=" maxcpus=1 noreplace-smp lpj=10000000$append"
	fi
	args=(-accel "$accel" -cpu "$cpu" -machine q35 -smp "$cpus" -m "$memory"
		-nodefaults -no-user-config -display none -no-reboot
		-kernel "$kernel_image" -initrd "$work_dir/initramfs"
		-append "console=ttyS0 loglevel=8 panic=-1 oops=panic mitigations=off
			printk.devkmsg=on apparmor=0 cryptomgr.notests$append"
		-serial "file:$work_dir/serial"
		-virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"
		-device virtio-serial-pci
		-chardev "file,id=verdict,path=$work_dir/verdict"
		-device "virtserialport,chardev=verdict,name=vsw.verdict")
	for i in "${!shares[@]}"; do
		# A comma in a QEMU option value is written twice.
		args+=(-virtfs "local,path=${shares[i]//,/,,},mount_tag=share$i,security_model=none,multidevs=remap")
	done
	if [ -n "$interactive" ]; then
		args+=(-chardev "stdio,id=tty,signal=off" -device "virtconsole,chardev=tty")
	else
		args+=(-chardev "file,id=out,path=$work_dir/out"
			-device "virtserialport,chardev=out,name=vsw.out")
	fi
	args+=(${qemu_extra[@]+"${qemu_extra[@]}"})
}

# boot: sets qemu_status. The output goes through a file, so that a slow reader
# of ours never stops the guest.
boot()
{
	exec 3<&0
	[ -n "$interactive" ] || exec 3< /dev/null
	: > "$work_dir/out"
	timeout --foreground -k 5 "$limit" "${qemu[@]}" "${args[@]}" <&3 3<&- &
	qemu_pid=$!
	tail -f -s 0.05 -c +1 --pid="$qemu_pid" "$work_dir/out" &
	tail_pid=$!
	qemu_status=0
	wait "$qemu_pid" || qemu_status=$?
	qemu_pid=
	wait "$tail_pid" || true
	tail_pid=
}

parse_options "$@"
qemu_find
command -v cpio > /dev/null || die "no cpio: apt-get install cpio"
kernel_find "$kernel"
PWD=$(pwd -P)
work_dir=$(mktemp -d -t vsw-lab.XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
initrd_build
accel_choose
[ ! -t 0 ] || [ -z "$interactive" ] || terminal=$(stty -g)
write_job
qemu_command
boot
judge
