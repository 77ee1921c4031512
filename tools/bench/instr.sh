#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Instructions for each frame, in a guest in which time is the number of
# instructions: the same to the last digit on every machine, busy or not, as
# long as kernel, QEMU, compiler and C library are the same. See instr.c.

set -euo pipefail

bench_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
top_dir=$(realpath "$bench_dir/../..")
lab_dir=$top_dir/tools/lab
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/vsw/bench
qemu="qemu-system-x86_64"

usage()
{
	cat <<USAGE
Usage: instr.sh [OPTIONS]

Prints a line of JSON for each case on standard output, and afterwards a table
on standard error if that is a terminal.

  --case REGEX     only the cases whose "NAME/LEN/BATCH" matches (grep -E)
  --module FILE    default: kernel/vsw.ko; those of lookups are beside it
  --kernel WHAT    as for tools/lab/run.sh
  --profile [N]    where the instructions go, by function: the N (default 25)
                   first ones of each case, on standard error
  --inlines        in the profile, show functions apart that the compiler has
                   inlined: "INLINED < FUNCTION [vsw]"
  --table          print the table in any case
  --env            say which kernel, QEMU, ... this would run on, and no more
  --log FILE       keep the kernel log
  --timeout SECS   default 600
  --help           this text

PROFILE=1 in the environment is --profile. Exit status: 0; 1 if a case failed;
125 if the guest did not do its work.
USAGE
}

die()
{
	echo "instr.sh: $*" >&2
	exit 125
}

# shellcheck source-path=SCRIPTDIR source=../lab/kernel.sh
. "$lab_dir/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/judge.sh
. "$lab_dir/judge.sh"
# shellcheck source-path=SCRIPTDIR source=build.sh
. "$bench_dir/build.sh"
# shellcheck source-path=SCRIPTDIR source=plugin.sh
. "$bench_dir/plugin.sh"

parse_options()
{
	kernel='' module=$top_dir/kernel/vsw.ko only=. profile='' table=''
	log='' limit=600 env_only='' top=25 inlines=()
	[ -z "${PROFILE:-}" ] || [ "$PROFILE" = 0 ] || profile=1
	[ ! -t 2 ] || table=1
	while [ $# -gt 0 ]; do
		case $1 in
		--help) usage; exit 0 ;;
		--table) table=1; shift; continue ;;
		--env) env_only=1; shift; continue ;;
		--inlines) profile=1 inlines=(--module); shift; continue ;;
		--profile)
			profile=1
			shift
			[[ ! ${1-} =~ ^[0-9]+$ ]] || { top=$1; shift; }
			continue ;;
		esac
		[ $# -ge 2 ] || die "$1: unknown, or needs a value (see --help)"
		case $1 in
		--case) only=$2 ;;
		--module) module=$2 ;;
		--kernel) kernel=$2 ;;
		--log) log=$2 ;;
		--timeout) limit=$2 ;;
		*) die "unknown option $1 (see --help)" ;;
		esac
		shift 2
	done
	[ -f "$module" ] || die "no $module: run make module"
}

# environment: what else than the module has a say in the figures
environment()
{
	local libc

	libc=$(ldd --version | sed -n '1s/.* //p')
	printf '{"kernel":"%s","qemu":"%s","gcc":"%s","libc":"%s"}\n' \
		"$kernel_version" \
		"$("$qemu" --version | sed -n 's/^QEMU emulator version \([^ ]*\).*/\1/p')" \
		"$(gcc -dumpfullversion)" "$libc"
}

cleanup()
{
	trap - EXIT INT TERM HUP
	if [ -n "${qemu_pid:-}" ]; then
		kill "$qemu_pid" 2> /dev/null || true
		wait "$qemu_pid" 2> /dev/null || true
	fi
	rm -rf "$work_dir"
}

# boot: the guest writes its results, then the kernel's symbols, to debugcon.
# -erms, -fsrm: TCG counts each byte of rep movsb as one instruction; without
# these the kernel copies as on processors that have them not. A machine with a
# version stays what it is in later versions of QEMU. Not apparmor=0: SELinux
# would take its place, and look at each ioctl.
boot()
{
	local args

	args=(-accel tcg -icount "shift=0,sleep=off"
		-rtc "base=2026-01-01T00:00:00,clock=vm" -seed 1
		-cpu "max,-erms,-fsrm,-rdrand,-rdseed" -smp 1 -m 2048
		-machine pc-q35-7.2 -nodefaults -no-user-config -display none -no-reboot
		-kernel "$kernel_image" -initrd "$initramfs"
		-append "console=ttyS0 loglevel=5 panic=-1 oops=panic nokaslr norandmaps
			mitigations=off cryptomgr.notests"
		-serial "file:$work_dir/serial"
		-chardev "file,id=results,path=$work_dir/results"
		-device "isa-debugcon,iobase=0xe9,chardev=results")
	[ -z "$profile" ] || args+=(-plugin "$plugin,out=$work_dir/counts")
	: > "$work_dir/results"
	timeout --foreground -k 5 "$limit" "$qemu" "${args[@]}" < /dev/null >&2 &
	qemu_pid=$!
	qemu_status=0
	wait "$qemu_pid" || qemu_status=$?
	qemu_pid=
}

# examine: sets status from what the guest said. The kernel log counts from init
# on.
examine()
{
	local found

	[ -e "$work_dir/serial" ] || die "QEMU did not start"
	tr -d '\r' < "$work_dir/serial" > "$work_dir/log"
	[ -z "$log" ] || cp "$work_dir/log" "$log"
	status=$(sed -n 's/^# exit //p' "$work_dir/results")
	if [ "$qemu_status" -ne 0 ] || [ -z "$status" ]; then
		tail -n 40 "$work_dir/log" >&2
		grep -v '^[{#]' "$work_dir/results" | tail -n 20 >&2 || true
		die "the guest did not do its work (QEMU status $qemu_status)"
	fi
	found=$(sed '1,/vsw-bench: init$/d' "$work_dir/log" |
		grep -E -A 30 "$complaint" || true)
	[ -z "$found" ] || die "the kernel complained: $found"
	sed '/^# exit /q' "$work_dir/results" | grep -v '^[{#]' >&2 || true
}

# print_table: a row for each case and length, a column for each batch
print_table()
{
	grep '^{' "$work_dir/results" | sed 's/[{}"]//g' | awk -F '[,:]' '
	{
		row = $2 " " $4
		if (!(row in seen)) {
			seen[row] = 1
			rows[++n] = row
		}
		cell[row, $6] = $8
		sent[row] = $9 == "instr_per_sent" ? "  (" $10 " per frame sent)" : ""
	}
	END {
		m = split("1 4 16 64 256", batches, " ")
		printf "%-16s %6s", "instructions/frame", "len"
		for (j = 1; j <= m; j++)
			printf " %9s", "batch " batches[j]
		print ""
		for (i = 1; i <= n; i++) {
			split(rows[i], part, " ")
			printf "%-18s %6d", part[1], part[2]
			for (j = 1; j <= m; j++) {
				key = rows[i] SUBSEP batches[j]
				printf " %9s", (key in cell) ? cell[key] : "-"
			}
			print sent[rows[i]]
		}
	}' >&2
}

parse_options "$@"
command -v "$qemu" > /dev/null || die "no $qemu: apt-get install qemu-system-x86"
command -v cpio > /dev/null || die "no cpio: apt-get install cpio"
kernel_find "$kernel"
if [ -n "$env_only" ]; then
	environment
	exit
fi
work_dir=$(mktemp -d -t vsw-bench.XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
program_build instr instr.c settle.c setup.c round.c pingpong.c overload.c attach.c acl.c group.c options.c vlan.c
[ -z "$profile" ] || plugin_build
initramfs_build
boot
examine
grep '^{' "$work_dir/results" || true
[ -z "$table" ] || print_table
if [ -n "$profile" ]; then
	[ ${#inlines[@]} -eq 0 ] || inlines+=("$module")
	"$bench_dir/profile.py" --top "$top" --program "$program" "${inlines[@]}" \
		"$work_dir/results" "$work_dir/counts" >&2
fi
exit "$status"
