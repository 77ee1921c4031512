#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What becomes of frames when the sender never stops: one sender and one receiver,
# each in a network namespace and on a processor of its own, through vsw that
# drops, vsw that makes the sender wait, and veth with a Linux bridge; in one boot
# of the lab, for a second each, in turns. So what disturbs the machine disturbs
# all three, and a slice that it hits is no median. Rates are those of an emulated
# machine: only how they compare means something. What block and drop cost for each
# frame that arrives is exact in the cases overload-* of instr.sh, on one processor.
#
# The same file runs on both sides: on the host it boots the lab with itself as
# the script.

set -euo pipefail
shopt -s inherit_errexit

bench_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
top_dir=$(realpath "$bench_dir/../..")
PATH=$top_dir/tools/vswctl:$top_dir/tools/vsw-gen:$PATH:/usr/sbin:/sbin

# Also for who runs programs of the tree without installing them.
export LD_LIBRARY_PATH=$top_dir/tools/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

usage()
{
	cat <<USAGE
Usage: overload.sh [OPTIONS]

Prints a line of JSON for each slice on standard output, then a table on standard
error: sums of frames, medians of rates.

  --seconds N     send for so long in each case, a slice being a second (default 5)
  --len N         bytes of a frame (default 60)
  --module FILE   default: kernel/vsw.ko; not below /tmp, which the lab does not see
  --help          this text

Exit status: 0; 1 if vsw lost a frame although senders wait; else that of
tools/lab/run.sh.
USAGE
}

die()
{
	echo "overload.sh: $*" >&2
	exit 125
}

parse_options()
{
	seconds=5 len=60 module=$top_dir/kernel/vsw.ko
	while [ $# -gt 0 ]; do
		case $1 in
		--help) usage; exit 0 ;;
		esac
		[ $# -ge 2 ] || die "$1: unknown, or needs a value (see --help)"
		case $1 in
		--seconds) seconds=$2 ;;
		--len) len=$2 ;;
		--module) module=$(realpath "$2") ;;
		*) die "unknown option $1 (see --help)" ;;
		esac
		shift 2
	done
	[ -e "$module" ] || die "no $module: run make"
}

# A burst that a TX ring takes at once; sendmmsg gains nothing from more than 64.
vsw_options=(--port p0 -b 256)
bridge_options=(-R p0 -m -b 64)

# "IP MAC" of a namespace, as vsw-gen wants it
addresses()
{
	echo "192.0.2.${1#n} 02:00:00:00:00:0${1#n}"
}

make_namespaces()
{
	local ns

	for ns in n1 n2; do
		ip netns add $ns
		ip -n $ns link set lo up
	done
}

make_switch()
{
	vswctl switch add s0
	vswctl port add p0 switch s0 netns n1
	vswctl port add p0 switch s0 netns n2
}

make_bridge()
{
	local i

	modprobe -a bridge veth
	ip link add br0 type bridge
	ip link set br0 up
	for i in 1 2; do
		ip link add p0 netns n$i address 02:00:00:00:00:0$i type veth \
			peer name v$i
		ip link set v$i master br0
		ip link set v$i up
		ip -n n$i link set p0 up
	done
}

# gen CPU APP FROM TO OPTIONS: vsw-gen in FROM's namespace
gen()
{
	local cpu=$1 app=$2 from=$3 to=$4
	shift 4

	# shellcheck disable=SC2046 # two words each
	taskset -c "$cpu" ip netns exec "$from" vsw-gen "$app" \
		$(addresses "$from") $(addresses "$to") -s -j "$@"
}

# field FILE NAME
field()
{
	sed 's/.*"'"$2"'":\([0-9]*\).*/\1/' "$1"
}

# measure NAME OPTIONS: a slice. The receiver ends when nothing came for a second,
# so what is still on its way counts.
measure()
{
	local name=$1 receiver sent received
	shift

	gen 1 recv n2 n1 "$@" --wait 1 -t 30 > /tmp/recv &
	receiver=$!
	sleep 1
	gen 0 send n1 n2 "$@" -p "$len" -t 1 > /tmp/send
	wait $receiver
	sent=$(field /tmp/send frames)
	received=$(field /tmp/recv frames)
	printf '{"case":"overload","path":"%s","len":%d,"sent":%d,"received":%d,"lost":%d,"sent_pps":%d,"received_pps":%d}\n' \
		"$name" "$len" "$sent" "$received" $((sent - received)) \
		"$(field /tmp/send pps)" "$(field /tmp/recv pps)"
}

# measure_vsw ON-FULL
measure_vsw()
{
	vswctl port set p0 switch s0 netns n2 on-full "$1"
	measure "vsw-$1" "${vsw_options[@]}"
}

measure_all()
{
	local slice

	insmod "$module"
	make_namespaces
	make_switch
	make_bridge
	for ((slice = 0; slice < seconds; slice++)); do
		measure_vsw drop
		measure_vsw block
		measure veth-bridge "${bridge_options[@]}"
	done
}

# print_table FILE: with the slices of all paths, in turns
print_table()
{
	jq -rs '
	def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
	def rates(path): map(select(.path == path).received_pps);
	def sum(key): map(.[key]) | add;

	(group_by(.path)[] | [.[0].path, sum("sent"), sum("received"),
		sum("lost"), (map(.sent_pps) | median),
		(map(.received_pps) | median)]),
	["block/drop", ([rates("vsw-block"), rates("vsw-drop")] | transpose |
		map(.[0] / (.[1] + 1)) | median, min, max)]
	| @tsv' "$1" | awk -F '\t' '
	BEGIN {
		printf "%-12s %12s %12s %12s %7s %12s %12s\n", "overload",
			"sent", "received", "lost", "", "sent/s", "received/s"
	}
	$1 == "block/drop" {
		printf "vsw-block receives %.2f times what vsw-drop does (%.2f to %.2f)\n",
			$2, $3, $4
		next
	}
	{
		printf "%-12s %12d %12d %12d %6.2f%% %12d %12d\n", $1, $2, $3,
			$4, $2 ? 100 * $4 / $2 : 0, $5, $6
	}' >&2
}

parse_options "$@"
if [ -n "${VSW_LAB:-}" ]; then
	measure_all
	exit
fi

results=$(mktemp -t vsw-overload.XXXXXX)
trap 'rm -f "$results"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
status=0
"$top_dir/tools/lab/run.sh" --cpus 2 --timeout $((12 * seconds + 300)) \
	"$bench_dir/overload.sh" "$@" | tee "$results" || status=$?
[ $status -eq 0 ] || exit $status
sed -i '/^{/!d' "$results"
print_table "$results"
if grep '"path":"vsw-block"' "$results" | grep -qv '"lost":0,'; then
	echo "overload.sh: frames were lost although senders wait" >&2
	exit 1
fi
