#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What becomes of frames when the sender never stops: one sender and one receiver,
# each in a network namespace and on a processor of its own, through vsw that
# drops, vsw that makes the sender wait, and veth with a Linux bridge; in one boot
# of the lab, one after the other. Rates are those of an emulated machine: only
# how they compare means something.
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

Prints a line of JSON for each case on standard output, then a table on standard
error.

  --seconds N     send for so long in each case (default 5)
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

# make_switch ON-FULL
make_switch()
{
	vswctl switch add s0
	vswctl port add p0 switch s0 netns n1
	vswctl port add p0 switch s0 on-full "$1" netns n2
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

# measure NAME OPTIONS: one line of the result. The receiver ends when nothing
# came for a second, so what is still on its way counts.
measure()
{
	local name=$1 receiver sent received
	shift

	gen 1 recv n2 n1 "$@" --wait 1 -t $((seconds + 30)) > /tmp/recv &
	receiver=$!
	sleep 1
	gen 0 send n1 n2 "$@" -p "$len" -t "$seconds" > /tmp/send
	wait $receiver
	sent=$(field /tmp/send frames)
	received=$(field /tmp/recv frames)
	printf '{"case":"overload","path":"%s","len":%d,"sent":%d,"received":%d,"lost":%d,"sent_pps":%d,"received_pps":%d}\n' \
		"$name" "$len" "$sent" "$received" $((sent - received)) \
		"$(field /tmp/send pps)" "$(field /tmp/recv pps)"
}

measure_all()
{
	local on_full

	insmod "$module"
	make_namespaces
	for on_full in drop block; do
		make_switch $on_full
		measure vsw-$on_full "${vsw_options[@]}"
		vswctl switch del s0
	done
	make_bridge
	measure veth-bridge "${bridge_options[@]}"
}

print_table()
{
	sed 's/[{}"]//g' "$1" | awk -F '[,:]' '
	BEGIN {
		printf "%-12s %12s %12s %12s %7s %12s %12s\n", "overload",
			"sent", "received", "lost", "", "sent/s", "received/s"
	}
	{
		printf "%-12s %12d %12d %12d %6.2f%% %12d %12d\n", $4, $8, $10,
			$12, $8 ? 100 * $12 / $8 : 0, $14, $16
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
"$top_dir/tools/lab/run.sh" --cpus 2 --timeout $((3 * seconds + 300)) \
	"$bench_dir/overload.sh" "$@" | tee "$results" || status=$?
[ $status -eq 0 ] || exit $status
sed -i '/^{/!d' "$results"
print_table "$results"
if ! grep -q '"path":"vsw-block",.*"lost":0,' "$results"; then
	echo "overload.sh: frames were lost although senders wait" >&2
	exit 1
fi
