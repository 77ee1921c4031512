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
# shellcheck source-path=SCRIPTDIR source=guest.sh
. "$bench_dir/guest.sh"

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

initramfs_build()
{
	local lookup

	tree_begin "$bench_dir/init.sh"
	tree_program "$program" /instr
	tree_module "$module" /vsw.ko
	for lookup in "$(dirname "$module")"/vsw-lookup-*.ko; do
		[ ! -e "$lookup" ] || tree_module "$lookup" "/${lookup##*/}"
	done
	echo "$only" > "$tree/only"
	[ -z "$profile" ] || : > "$tree/profile"
	tree_pack
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
guest_tools
kernel_find "$kernel"
if [ -n "$env_only" ]; then
	environment
	exit
fi
work_dir=$(mktemp -d -t vsw-bench.XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
program_build instr instr.c settle.c setup.c round.c pingpong.c overload.c attach.c acl.c group.c options.c vlan.c emit.c
[ -z "$profile" ] || plugin_build
initramfs_build
boot
examine
grep '^{' "$work_dir/results" || true
[ -z "$table" ] || print_table
[ -z "$profile" ] || profile_show
exit "$status"
