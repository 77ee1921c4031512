#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Round trips between two containers: every request is answered, and the quantiles
# are in order.
#
#   tx0, client ---- switch ---- rx0, server

. "$(dirname "$0")/../lib.sh"
. "$VSW_SELFTESTS/perf_lib.sh"

ktap_begin
vsw_load
perf_begin
perf "round trips" latency rtt -v "vsw-block vsw-netdev linux-bridge" \
	-r 500 -b "1 16" -p "64 1500" -t 1 -RB
figures .
for switch in vsw-block vsw-netdev linux-bridge; do
	for burst in 1 16; do
		for size in 64 1500; do
			name="$switch, $size bytes, burst $burst"
			path=rtt/$burst/$switch/$size/500
			holds "$name: every request is answered" $path \
				'.lost == 0 and .received > 0'
			holds "$name: each answer has been timed" $path \
				'[.runs[].apps[] | select(.latency_ns) |
				 .latency_ns.count == .returned] | all'
			holds "$name: quantiles are in order" $path \
				'[.runs[].apps[].latency_ns // empty |
				 [.min, .p50, .p90, .p99, ."p99.9"]] |
				 all(. == sort and .[0] > 0)'
		done
	done
done
check "kernel log" kmsg_clean
ktap_finish
