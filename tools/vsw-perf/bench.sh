#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make bench": the short set of experiments, vsw and what it is compared with side
# by side in one boot of the lab, and the report about them.
#
#   bench.sh DIR       boot the lab; results, page and plots go to DIR
#   bench.sh --here DIR
#                      no lab, on this machine
#
# An experiment that is there is not done again, so it can be interrupted.

set -euo pipefail

cd "$(dirname "$(realpath "$0")")/../.."
PERF=tools/vsw-perf/vsw-perf

SWITCHES="vsw vsw-block vsw-netdev veth-peer linux-bridge macvlan ovs-kernel afxdp"
CHAINS="vsw vsw-block linux-bridge"

# Raw sockets, sendmmsg, and no spinning: the fastest that sockets are.
SOCKETS=-RmB

usage()
{
	echo "usage: bench.sh [--here] DIR" >&2
	exit 1
}

# perf EXPERIMENT NAME OPTIONS: a switch that is absent (3) is named in the report.
perf()
{
	local command=$1 name=$2 status=0
	shift 2

	$PERF "$command" -o "$OUT/$name" "$@" || status=$?
	[ $status -eq 3 ] || return $status
}

# The four ways to use sockets of the table 5.2 of the thesis
sockets()
{
	local kind

	for kind in -B -mB -RB -RmB; do
		perf testset "sockets$kind" -v "linux-bridge vsw-netdev" -b 64 -p 64 \
			-t 1 -r max $kind
	done
}

experiments()
{
	# As fast as possible, and received against offered rate.
	perf testset throughput $SOCKETS -v "$SWITCHES" -b 32 -p "64 1500" -t 1 -n 3 -r max
	perf testset throughput $SOCKETS -v "$SWITCHES" -b 32 -p 64 -t 1 -r "10k 100k 1M"
	perf ndr ndr $SOCKETS -v "$CHAINS" -b 32 --forwarders "1 2 4 8" -t 1 --resolution 25
	perf latency latency $SOCKETS -v "$SWITCHES" -b "1 32" -p 64 -r 1k -t 1
	perf latency latency $SOCKETS -v "$SWITCHES" -b 1 -p 1500 -r 1k -t 1
	perf scale scale $SOCKETS -v "$CHAINS ovs-kernel" -b 32 -p 64 -N "1 2 4" -t 3
	perf chain chain $SOCKETS -v "$CHAINS" -b 32 --forwarders "1 2 3 6" -t 1
	perf parallel parallel $SOCKETS -v "$CHAINS" -b 32 --forwarders "2 4" -t 2
	sockets
}

here()
{
	experiments
	$PERF report "$OUT"
}

case ${1-} in
--here)	[ $# -eq 2 ] || usage
	mkdir -p "$2"
	OUT=$(realpath "$2")
	here ;;
'' | -*)
	usage ;;
*)	[ $# -eq 1 ] || usage
	mkdir -p "$1"
	OUT=$(realpath "$1")
	exec tools/lab/run.sh --cpus 2 --memory 4096 --timeout 3600 --share "$OUT" \
		"$PWD/tools/vsw-perf/bench.sh" --here "$OUT" ;;
esac
