#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A switch gets another lookup, again and again, while frames pass at full load:
# none is lost, doubled or out of order. What was learned stays.
#
#   h0, sends                h1, receives, makes senders wait
#   +----------- s0, learn or static ----------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02
SWAPS=1000
dir=''

# swaps N: to the other lookup, and back
swaps()
{
	local i

	for ((i = 0; i < $1; i += 2)); do
		echo "switch set s0 lookup static connect h0 with h1"
		echo "switch set s0 lookup learn"
	done > "$dir/swaps"
	vswctl -b "$dir/swaps"
}

# Before the sender ends, and its addresses with it.
fdb_stays()
{
	must vswctl switch set s0 lookup static connect h0 with h1
	check_eq "a learned address outlives the lookup" \
		"$(vswctl -j fdb show switch s0 | jq -r \
			'.[] | select(.address == "'$MAC1'") | .port')" h0
}

under_load()
{
	local sender='' receiver='' before

	bg receiver "$dir/recv" vsw-gen recv 192.0.2.2 $MAC2 192.0.2.1 $MAC1 \
		--port h1 --no-announce -i -s -j -b 256
	must busywait 10 eval '[ "$(port_value h1 attached)" = 1 ]'
	bg sender "$dir/send" vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port h0 -i -s -j -b 256 -t 600
	must busywait 20 eval '[ "$(port_stat h1 rx-frames)" -gt 0 ]'
	fdb_stays
	before=$(port_stat h1 rx-frames)
	check "$SWAPS swaps under load" swaps $SWAPS
	check "frames passed meanwhile" \
		[ "$(port_stat h1 rx-frames)" -gt $((before + SWAPS)) ]
	# In the end the sender says so more often than the receiver listens.
	check_eq "none was dropped at the sender" \
		"$(port_stat h0 drops | jq -c 'with_entries(select(.value > 0))')" {}
	kill -INT "$sender"
	ends "the sender is content" "$sender"
	ends "the receiver has all frames, each once, in order" "$receiver"
	check_eq "as many as were sent" "$(jq .frames "$dir/recv")" \
		"$(jq .frames "$dir/send")"
	check_eq "none was dropped at the receiver" "$(port_stat h1 drops | jq 'add')" 0
}

ktap_begin
vsw_load
lookup_load static
tmpdir dir
make_switch s0 h0
must vswctl port add h1 switch s0 on-full block
must vswctl fdb add $MAC2 switch s0 port h1
under_load
check "kernel log" kmsg_clean
ktap_finish
