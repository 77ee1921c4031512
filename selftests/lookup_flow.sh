#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows are spread over a group, each frame of a flow to the same member; what a
# member sends goes to "via". When a member goes, or nobody attaches it, only its
# own flows move. Frames are counted by member, and not twice if they had to wait.
#
#   p1 ... p8, the group      p0, "via"      p9
#    |      |                  |              |
#   -+------+----- s0, flow ---+--------------+-

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

GROUP8="p1 p2 p3 p4 p5 p6 p7 p8"
FLOWS=2000

configure()
{
	vswctl switch set s0 lookup flow "$@"
}

# Where each flow goes, one in a line
flows()
{
	frames flows "$@" | tr ' ' '\n'
}

# Members that get flows, in alphabetic order
members()
{
	sort -u | paste -sd ' '
}

# How many of the flows go where those of a file go
as_in()
{
	paste - "$1" | awk '$1 == $2' | wc -l
}

without_members()
{
	check_eq "without members nobody gets a frame" "$(heard p0 $A $B 10)" ""
	check_eq "which is counted" "$(switch_reason s0 no-member)" 10
	must configure ports "${GROUP8// /,}"
	check_eq "without a way back members cannot send" \
		"$(heard p1 $A $B 10)" ""
	check_eq "which is counted" "$(switch_reason s0 no-way)" 10
	check_eq "and in the drops of the port" \
		"$(port_stat p1 drops.lookup)" 10
	must configure via p0
}

refusals()
{
	check_fails "a member cannot be \"via\"" 2 'cannot be a member' \
		configure via p1
	check_fails "nor can \"via\" become a member" 2 'cannot be a member' \
		configure ports p1,p0
	check_fails "a port that is not there cannot be a member" 2 'p77' \
		configure ports p77
	check_eq "nothing has changed" "$(flows p0 64 | sort | uniq -c | wc -l)" 8
	check "what is named twice is one member" configure ports p1,p1
	check_eq "which gets a broadcast once" "$(heard p0 $BROADCAST $A)" p1
	must configure ports "${GROUP8// /,}"
}

spreading()
{
	local kind

	flows p0 $FLOWS > "$dir/before"
	check_eq "all members get flows, nobody else" \
		"$(members < "$dir/before")" "$GROUP8"
	# Of 250, 4 standard deviations.
	check_eq "each about as many" "$(sort "$dir/before" | uniq -c |
		awk '$1 < 150 || $1 > 350')" ""
	check_eq "a flow stays where it is" \
		"$(flows p0 $FLOWS | as_in "$dir/before")" $FLOWS
	check_eq "from whichever port it comes" \
		"$(flows p9 $FLOWS | as_in "$dir/before")" $FLOWS
	for kind in options tagged tagged2; do
		check_eq "the same with headers that are $kind" \
			"$(flows p0 200 $kind | as_in "$dir/before")" 200
	done
	check "TCP is another flow" \
		[ "$(flows p0 200 tcp | as_in "$dir/before")" -lt 100 ]
	flows p0 200 udp6 > "$dir/udp6"
	check_eq "IPv6 is spread by ports" "$(members < "$dir/udp6")" "$GROUP8"
	check_eq "also behind extension headers" \
		"$(flows p0 200 hop6 | as_in "$dir/udp6")" 200
	check_eq "what is not IP is spread by addresses" \
		"$(flows p0 200 ether | members)" "$GROUP8"
	check_eq "ICMP between two stations is one flow" \
		"$(flows p0 200 icmp | members | wc -w)" 1
}

fragments()
{
	local first

	first=$(flows p0 50 first | members)
	check_eq "fragments between two stations go one way" \
		"$(wc -w <<< "$first")" 1
	check_eq "the first like the others" "$(flows p0 50 later | members)" \
		"$first"
	check_eq "also those of IPv6" \
		"$(flows p0 50 later6 | members | wc -w)" 1
}

order()
{
	check_eq "frames of a flow arrive in order at one member" \
		"$(heard p0 $A $B 900 | wc -w)" 1
	heard_by "broadcast goes to all members" "$GROUP8" p0 $BROADCAST $A
	heard_by "and so does multicast" "$GROUP8" p9 $GROUP $A 300
	heard_by "what a member sends goes back" p0 p1 $A $B 300
	heard_by "and so does its broadcast" p0 p1 $BROADCAST $B
}

# What each member got by itself, in the order of GROUP8
counters()
{
	vswctl -j switch show s0 | jq -r '.[0].options.frames[]'
}

# How many lines there are of each member
tally()
{
	local port

	for port in $GROUP8; do
		grep -cx "$port" "$1"
	done
}

counting()
{
	counters > "$dir/counted"
	flows p0 $FLOWS > "$dir/flows"
	check_eq "frames are counted by member" \
		"$(counters | paste - "$dir/counted" | awk '{ print $1 - $2 }')" \
		"$(tally "$dir/flows")"
	must [ -n "$(heard p0 $BROADCAST $A)" ]
	must [ -n "$(heard p1 $A $B 10)" ]
	check_eq "broadcast is not, nor what members send" \
		"$(counters | paste - "$dir/counted" | awk '{ s += $1 - $2 }
			END { print s }')" $FLOWS
	counters > "$dir/counted"
	must configure ports p9,p8,p1
	check_eq "who stays a member keeps its counter" \
		"$(counters | paste -sd ' ')" \
		"0 $(sed -n 8p "$dir/counted") $(sed -n 1p "$dir/counted")"
	must configure ports "${GROUP8// /,}"
}

# UDP, all of one flow
PLAIN=02000000000b02000000000a080045000052000000004011
PLAIN+=0000c0000201c63364010400000900260000
PLAIN+=$(printf '%0100d' 0)

waiting()
{
	must vswctl port add w1 switch s0 slots 128 on-full block
	attach w1
	must configure ports w1
	check_eq "frames for which there is no room wait" \
		"$(frames raw p0 $PLAIN 300)" "w1?"
	check_eq "and are not counted" "$(counters)" 127
	must [ "$(frames sync p0)" = ok ]
	check_eq "but when they are sent" "$(counters)" 254
	must [ "$(frames sync p0)" = ok ]
	check_eq "nor when they still wait" "$(counters)" 254
	must [ "$(frames recv w1)" = 127 ]
	must [ "$(frames sync p0)" = ok ]
	check_eq "in the end each was counted once" \
		"$(counters) $(frames recv w1)" "300 46"
	must configure ports "${GROUP8// /,}"
	must [ "$(frames close w1)" = ok ]
	must vswctl port del w1
}

detaching()
{
	local lost moved port

	flows p0 $FLOWS > "$dir/before"
	lost=$(port_stat p0 drops.no-port)
	must [ "$(frames close p3)" = ok ]
	flows p0 $FLOWS > "$dir/after"
	moved=$(paste "$dir/before" "$dir/after" | awk '$1 != $2')
	check_eq "flows of a member that nobody attaches move at once" \
		"$(wc -l <<< "$moved")" "$(grep -c p3 "$dir/before")"
	check_eq "no other does" "$(awk '$1 != "p3"' <<< "$moved")" ""
	check_eq "they are spread over all that are left" \
		"$(awk '{ print $2 }' <<< "$moved" | members)" "${GROUP8/p3 /}"
	attach p3
	check_eq "and return when it is attached again" \
		"$(flows p0 $FLOWS | as_in "$dir/before")" $FLOWS
	check_eq "no frame is lost" "$(port_stat p0 drops.no-port)" "$lost"

	lost=$(switch_reason s0 no-member)
	for port in $GROUP8; do
		must [ "$(frames close "$port")" = ok ]
	done
	check_eq "if nobody is left, no frame goes anywhere" \
		"$(heard p0 $A $B 10)" ""
	check_eq "which is counted" "$(switch_reason s0 no-member)" \
		$((lost + 10))
	# shellcheck disable=SC2086 # words
	attach $GROUP8
	check_eq "then all is as before" \
		"$(flows p0 $FLOWS | as_in "$dir/before")" $FLOWS
}

got_more()
{
	[ "$(port_stat "$1" rx-frames)" -gt "$2" ]
}

# grown FILE: the first port that has got more than a line of the file says
grown()
{
	local port before

	while read -r port before; do
		[ "$(port_stat "$port" rx-frames)" -gt "$before" ] || continue
		echo "$port"
		return
	done < "$1"
	return 1
}

# rx_frames PORT...: a line for each
rx_frames()
{
	local port

	for port; do
		echo "$port $(port_stat "$port" rx-frames)"
	done
}

# A flow that does not end, and a member that comes and goes: each time, a batch
# may already be on its way.
detaching_under_traffic()
{
	local sender='' i port lost batch=64 times=10 good=1

	must vswctl port add p10 switch s0
	# shellcheck disable=SC2086 # words
	rx_frames $GROUP8 > "$dir/rx"
	bg sender "$dir/send" vsw-gen send 192.0.2.1 $A 192.0.2.2 $B \
		--port p10 -s -t 60 -b $batch
	must busywait 10 grown "$dir/rx"
	port=$(grown "$dir/rx")
	for ((i = 0; i < times; i++)); do
		must [ "$(frames close "$port")" = ok ]
		rx_frames "$port" > "$dir/rx"
		attach "$port"
		busywait 10 grown "$dir/rx" || good=
	done
	check_eq "under traffic a flow returns each time" "$good" 1
	lost=$(port_stat p10 drops.no-port)
	stop "$sender"
	ktap_diag "$lost frames were lost, $times times"
	check "and a batch is lost at most" [ "$lost" -le $((times * batch)) ]
	must busywait 5 vswctl port del p10
}

# What cannot be parsed is not lost.
odd_frames()
{
	check_eq "frames cut off anywhere arrive, each once" \
		"$(flows p0 800 cut | members)" "$GROUP8"
	check_eq "and so do random ones" "$(flows p0 2000 noise | members)" \
		"$GROUP8"
}

leaving()
{
	local moved

	must vswctl port del p3
	must [ "$(frames close p3)" = ok ]
	flows p0 $FLOWS > "$dir/after"
	moved=$(paste "$dir/before" "$dir/after" | awk '$1 != $2')
	check_eq "flows of a deleted port move" \
		"$(wc -l <<< "$moved")" "$(grep -c p3 "$dir/before")"
	check_eq "no other does" "$(awk '$1 != "p3"' <<< "$moved")" ""
	check_eq "they are spread over all that are left" \
		"$(awk '{ print $2 }' <<< "$moved" | members)" "${GROUP8/p3 /}"
	check_eq "of which the switch tells" "$(vswctl switch show s0 |
		grep -o 'p[0-9]' | sort -u | paste -sd ' ')" \
		"p0 ${GROUP8/p3 /}"

	must configure ports p1,p2,p4,p5,p6,p7,p8,p9
	flows p0 $FLOWS > "$dir/then"
	moved=$(paste "$dir/after" "$dir/then" | awk '$1 != $2')
	check_eq "a new member gets flows" \
		"$(grep -c p9 "$dir/then")" "$(wc -l <<< "$moved")"
	check_eq "and no others move" "$(awk '$2 != "p9"' <<< "$moved")" ""
	must configure ports p1,p2,p4,p5,p6,p7,p8
	check_eq "when it goes all is as before" \
		"$(flows p0 $FLOWS | as_in "$dir/after")" $FLOWS
}

# A batch of which no frame is left must not send one of the batch before.
runts()
{
	local runt=020000000003
	check "somebody gets a frame" [ -n "$(heard p0 $B $A)" ]
	check_eq "nobody does if all are too short" \
		"$(frames raw p0 $runt 3)" ""
	check_eq "which is counted" "$(port_stat p0 drops.runt)" 3
}

via_gone()
{
	local before

	before=$(switch_reason s0 no-way)
	must vswctl port del p0
	heard_by "a deleted port is no way back" "" p1 $A $B
	check_eq "which is counted" "$(switch_reason s0 no-way)" $((before + 1))
}

ktap_begin
vsw_load
lookup_load flow
tmpdir dir
# shellcheck disable=SC2086 # words
make_switch s0 p0 $GROUP8 p9
must vswctl switch set s0 lookup flow
frames_start
# shellcheck disable=SC2086 # words
attach p0 $GROUP8 p9
without_members
refusals
spreading
fragments
order
odd_frames
runts
counting
waiting
detaching
detaching_under_traffic
leaving
via_gone
check "kernel log" kmsg_clean
ktap_finish
