#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nanoseconds for each frame, at native speed, next to a loop that only copies:
# user-mode Linux runs the module as a program of the host, so caches have their
# say, which instr.sh does not see. One processor: no barriers, and locks cost
# nothing. See native.c.

set -euo pipefail

bench_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
top_dir=$(realpath "$bench_dir/../..")
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/vsw/bench

# Times the loop, for 60 bytes from ring to ring.
must=3
aim=2

usage()
{
	cat <<USAGE
Usage: native.sh [OPTIONS]

Prints a line of JSON for each case on standard output, and afterwards a table
on standard error if that is a terminal. The first time, it builds user-mode
Linux from Debian's source.

  --table          print the table in any case
  --build          build what is needed, and no more
  --log FILE       keep the kernel log
  --timeout SECS   of the measurement, default 120
  --help           this text

Exit status: 0; 1 if frames were lost or 60 bytes take more than $must times the
loop; 125 if the guest did not do its work.
USAGE
}

die()
{
	echo "native.sh: $*" >&2
	exit 125
}

# shellcheck source-path=SCRIPTDIR source=../lab/judge.sh
. "$top_dir/tools/lab/judge.sh"
# shellcheck source-path=SCRIPTDIR source=build.sh
. "$bench_dir/build.sh"
# shellcheck source-path=SCRIPTDIR source=uml.sh
. "$bench_dir/uml.sh"

parse_options()
{
	table='' log='' limit=120 build_only=''
	[ ! -t 2 ] || table=1
	while [ $# -gt 0 ]; do
		case $1 in
		--help) usage; exit 0 ;;
		--table) table=1; shift; continue ;;
		--build) build_only=1; shift; continue ;;
		esac
		[ $# -ge 2 ] || die "$1: unknown, or needs a value (see --help)"
		case $1 in
		--log) log=$2 ;;
		--timeout) limit=$2 ;;
		*) die "unknown option $1 (see --help)" ;;
		esac
		shift 2
	done
}

# end PID: of a process of ours, which may have ended
end()
{
	[ -n "$1" ] || return 0
	kill "$1" 2> /dev/null || true
	wait "$1" 2> /dev/null || true
}

# A kernel that is ended by a signal takes its processes along.
cleanup()
{
	trap - EXIT INT TERM HUP
	end "${uml_pid:-}"
	end "${spinner_pid:-}"
	rm -rf "$work_dir"
}

# The kernel and its process take turns, so both run on one processor, the last
# that we may use. The spinner keeps that from falling asleep in between, and
# else is in nobody's way.
boot()
{
	local cpu

	cpu=$(taskset -cp $$ | sed 's/.*[^0-9]//')
	taskset -c "$cpu" nice -n 19 "$BASH" -c 'while :; do :; done' &
	spinner_pid=$!
	taskset -c "$cpu" timeout --foreground -k 5 "$limit" "$uml_dir/linux" \
		mem=512M root=/dev/root rootfstype=hostfs hostfs=/ ro \
		con=null con0=fd:0,fd:1 panic=-1 \
		init="$bench_dir/native-init.sh" \
		vsw_module="$module" vsw_program="$program" \
		< /dev/null > "$work_dir/out" 2> "$work_dir/err" &
	uml_pid=$!
	uml_status=0
	wait "$uml_pid" || uml_status=$?
	uml_pid=
	end "$spinner_pid"
	spinner_pid=
}

# examine: sets status from what the guest said. Its console and the program
# write to one file.
examine()
{
	local found

	grep -v '^{' "$work_dir/out" > "$work_dir/log" || true
	[ -z "$log" ] || cp "$work_dir/log" "$log"
	status=$(sed -n 's/^# exit //p' "$work_dir/out")
	if [ -z "$status" ]; then
		tail -n 40 "$work_dir/log" "$work_dir/err" >&2
		die "the guest did not do its work (status $uml_status)"
	fi
	found=$(sed '1,/vsw-bench: init$/d' "$work_dir/log" |
		grep -E -A 30 "$complaint" || true)
	[ -z "$found" ] || die "the kernel complained: $found"
	grep '^{' "$work_dir/out" > "$work_dir/results" || true
	[ "$status" -eq 0 ] || sed '1,/vsw-bench: init$/d' "$work_dir/log" >&2
}

print_table()
{
	sed 's/[{}"]//g' "$work_dir/results" | awk -F '[,:]' '
	BEGIN {
		printf "%-22s %5s %8s %15s %8s %15s %6s\n", "nanoseconds/frame",
			"len", "vsw", "", "loop", "", "ratio"
	}
	{
		for (i = 1; i < NF; i += 2)
			f[$i] = $(i + 1)
		printf "%-22s %5d %8.1f %15s %8.1f %15s %6.2f\n", f["case"],
			f["len"], f["ns_per_frame"],
			sprintf("(%.1f to %.1f)", f["ns_min"], f["ns_max"]),
			f["loop_ns"],
			sprintf("(%.1f to %.1f)", f["loop_min"], f["loop_max"]),
			f["ratio"]
	}' >&2
	echo "60 bytes: at most $must times the loop; the aim is $aim" >&2
}

judge_ratio()
{
	local ratio

	ratio=$(sed -n 's/.*"native-unicast","len":60,.*"ratio":\([0-9.]*\).*/\1/p' \
		"$work_dir/results")
	awk -v ratio="${ratio:-99}" -v must="$must" \
		'BEGIN { exit ratio > must }' && return
	echo "native.sh: 60 bytes take $ratio times the loop, more than $must" >&2
	status=1
}

parse_options "$@"
work_dir=$(mktemp -d -t vsw-native.XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
uml_kernel
uml_module
program_build native native.c setup.c round.c
[ -z "$build_only" ] || exit 0
boot
examine
cat "$work_dir/results"
[ -z "$table" ] || print_table
judge_ratio
exit "$status"
