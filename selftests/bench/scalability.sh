#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# More and more containers: pairs on one switch, forwarders in a row and side by
# side. Everybody gets frames, and where vsw makes senders wait nothing is lost, at
# any offered rate.
#
#   tx0 tx1 tx2 tx3         tx -- f0 -- f1 -- rx             +-- f0 --+
#    +-+-+-+-+-+-+ switch                              tx ---+        +--- rx
#   rx0 rx1 rx2 rx3                                          +-- f1 --+

. "$(dirname "$0")/../lib.sh"
. "$VSW_SELFTESTS/perf_lib.sh"

pairs()
{
	local path=scale/$1vs$1/64/vsw-block/64/max

	holds "$1 pairs: nothing is lost" "$path" '.lost == 0'
	holds "$1 pairs: every receiver gets frames" "$path" \
		".runs[0].receivers | .receivers == $1 and .min > 0"
	holds "$1 pairs: the total is that of the receivers" "$path" \
		'.runs[0] | (.receivers.total - .["rx-pps"] | fabs) < 1'
}

forwarders()
{
	local setup=$1 count=$2 path

	path=$setup-$count/64/vsw-block/64
	holds "$count forwarders, $setup: loss-free at any rate" \
		"ndr-$setup/$path/ndr" '.["at-any-rate"] and .best.received > 0'
	holds "$count forwarders, $setup: and in order" "order/$path/20000" \
		'[.runs[].apps[] | .integrity // empty |
		 .lost, .duplicate, .reordered, .corrupt] == [0, 0, 0, 0]'
}

ktap_begin
vsw_load
perf_begin
perf "pairs" scale scale -N "1 4" -v vsw-block -b 64 -p 64 -t 1
for setup in serial parallel; do
	perf "forwarders, $setup" ndr ndr-$setup --setup $setup --forwarders 2 \
		-v vsw-block -b 64 -t 1
done
perf "forwarders, serial, proved" chain order --forwarders 2 -v vsw-block \
	-b 64 -r 20k -t 1 -i
perf "forwarders, parallel, proved" parallel order --forwarders 2 -v vsw-block \
	-b 64 -r 20k -t 1 -i
figures .
pairs 1
pairs 4
forwarders serial 2
forwarders parallel 2
check "kernel log" kmsg_clean
ktap_finish
