#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The learning bridge: which frame goes where, what is learned and forgotten.
#
#   p1      p2      p3      p4
#    |       |       |       |
#   -+-------+- s0 --+-------+-

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

ZERO=00:00:00:00:00:00

# Entry of an address, "port kind", or nothing
entry()
{
	vswctl -j fdb show "$1" switch s0 2> /dev/null |
		jq -r '.[] | "\(.port) \(if .static then "static" else "learned" end)"'
}

entries()
{
	switch_value s0 fdb-entries
}

# Forget what was learned
forget()
{
	must vswctl fdb flush switch s0 dynamic
}

flooding()
{
	heard_by "an unknown unicast frame floods to all but its source" \
		"p2 p3 p4" p1 $B $A
	check_eq "its source is learned" "$(entry $A)" "p1 learned"
	check_eq "its destination is not" "$(entry $B)" ""
	heard_by "a frame to a learned address goes there only" p1 p2 $A $B
	heard_by "and so does the way back" p2 p1 $B $A
	heard_by "a batch keeps its order" p2 p1 $B $A 300
	heard_by "broadcast goes to all but its source" "p2 p3 p4" \
		p1 $BROADCAST $A
	heard_by "multicast goes to all but its source" "p1 p3 p4" p2 $GROUP $B
	heard p1 $B $GROUP > /dev/null
	heard p1 $B $BROADCAST > /dev/null
	check_eq "group addresses are not learned" \
		"$(entry $GROUP)$(entry $BROADCAST) $(entries)" " 2"
	forget
}

zero_address()
{
	heard_by "a frame to the all-zero address floods" "p2 p3 p4" p1 $ZERO $A
	heard_by "the all-zero address is learned" "p1 p2 p4" p3 $UNKNOWN $ZERO
	heard_by "and found" p3 p1 $ZERO $A
	forget
}

# VALE goes on sending to the port where it has seen the address first.
station_move()
{
	send p1 $UNKNOWN $A
	heard_by "a station is found where it is first seen" p1 p3 $A $B
	send p2 $UNKNOWN $A
	heard_by "and after a move where it is now" p2 p3 $A $B
	send p1 $UNKNOWN $A
	heard_by "and after the move back" p1 p3 $A $B
	send p2 $UNKNOWN $A
	send p2 $UNKNOWN $B
	heard_by "and after a move beside other senders" p2 p3 $A $C
	check_eq "a move adds no entry" "$(entries)" 3
	forget
}

# VALE drops frames to an address whose port has been closed.
closed_port()
{
	send p4 $UNKNOWN $A
	check_eq "a station behind a port is known" "$(entry $A)" "p4 learned"
	must [ "$(frames close p4)" = ok ]
	check_eq "its entry goes when the port is closed" "$(entry $A)" ""
	heard_by "frames to it flood then" "p2 p3" p1 $A $B
	attach p4
	heard_by "and reach it when it is there again" "p2 p3 p4" p1 $A $B
	forget
}

reuse_index()
{
	local index

	send p4 $UNKNOWN $A
	index=$(vswctl -j port show p4 | jq '.[0].index')
	must vswctl port del p4
	must [ "$(frames close p4)" = ok ]
	check_eq "the entry of a deleted port is gone" "$(entry $A)" ""
	# An index is free again after a grace period.
	must busywait 10 same_index "$index"
	attach p5
	check_eq "a port with the same index does not inherit it" \
		"$(entry $A)" ""
	heard_by "frames to the station flood" "p2 p3 p5" p1 $A $B
	must [ "$(frames close p5)" = ok ]
	must vswctl port del p5
	must vswctl port add p4 switch s0
	attach p4
	forget
}

same_index()
{
	vswctl port add p5 switch s0 || return
	[ "$(vswctl -j port show p5 | jq '.[0].index')" = "$1" ] && return
	vswctl port del p5
	return 1
}

static_entries()
{
	must vswctl fdb add $A switch s0 port p2
	check_eq "a static entry is there" "$(entry $A)" "p2 static"
	heard_by "a frame to a static address goes there" p2 p1 $A $B
	send p3 $UNKNOWN $A
	check_eq "a static entry does not move" "$(entry $A)" "p2 static"
	heard_by "nor do the frames to it" p2 p1 $A $B
	check_fails "an address cannot be added twice" 2 \
		'the address is there \(attribute "address"\): File exists' \
		vswctl fdb add $A switch s0 port p3
	check "an entry can be replaced" vswctl fdb replace $A switch s0 port p3
	heard_by "frames go to the replacement's port" p3 p1 $A $B
	check "a learned entry can be replaced by a static one" \
		vswctl fdb replace $B switch s0 port p4
	check_eq "and is static then" "$(entry $B)" "p4 static"
	must [ "$(frames close p3)" = ok ]
	check_eq "a static entry survives the detaching of its port" \
		"$(entry $A)" "p3 static"
	heard_by "frames to a port that nobody has attached are dropped" "" \
		p1 $A $C
	check_eq "and counted as no-port" "$(port_stat p1 drops.no-port)" 1
	must vswctl port del p3
	check_eq "a static entry goes with its port" "$(entry $A)" ""
	must vswctl port add p3 switch s0
	attach p3
	must vswctl fdb flush switch s0
}

fdb_max()
{
	local full

	must vswctl switch set s0 fdb-max 2
	full=$(switch_value s0 fdb-full)
	send p1 $UNKNOWN $A
	send p2 $UNKNOWN $B
	send p3 $UNKNOWN $C
	check_eq "no more than fdb-max addresses are learned" "$(entries)" 2
	heard_by "frames to an address that had no room flood" "p2 p3 p4" p1 $C $A
	check_eq "what was not learned is counted" \
		"$(switch_value s0 fdb-full)" $((full + 1))
	check_fails "a static entry finds no room either" 2 \
		'the FDB is full.*: No space left on device' \
		vswctl fdb add $C switch s0 port p3
	check "but may replace a learned one" \
		vswctl fdb replace $A switch s0 port p3
	must vswctl fdb flush switch s0
	must vswctl switch set s0 fdb-max 4096
}

flushing()
{
	send p1 $UNKNOWN $A
	send p2 $UNKNOWN $B
	must vswctl fdb add $C switch s0 port p1
	must vswctl fdb flush switch s0 port p2
	check_eq "flushing a port leaves the others'" \
		"$(entry $A),$(entry $B),$(entry $C)" "p1 learned,,p1 static"
	must vswctl fdb flush switch s0 dynamic
	check_eq "flushing learned entries leaves static ones" \
		"$(entry $A),$(entry $C)" ",p1 static"
	send p1 $UNKNOWN $A
	must vswctl fdb flush switch s0 static
	check_eq "flushing static entries leaves learned ones" \
		"$(entry $A),$(entry $C)" "p1 learned,"
	must vswctl fdb flush switch s0
	check_eq "flushing all leaves none" "$(entries)" 0
}

counted()
{
	local before

	send p1 $UNKNOWN $A
	heard_by "a frame to its own port is dropped" "" p1 $A $B
	check_eq "and counted as same-port" "$(port_stat p1 drops.same-port)" 1
	before=$(port_stat p1 tx-frames)
	must [ "$(for p in 2 3 4; do frames close p$p; done | uniq)" = ok ]
	heard_by "a flooded frame that nobody can hear is dropped" "" \
		p1 $BROADCAST $A
	check_eq "and counted as no-listener" \
		"$(port_stat p1 drops.no-listener)" 1
	check_eq "and as accepted" "$(port_stat p1 tx-frames)" $((before + 1))
}

ktap_begin
vsw_load
make_switch s0 p1 p2 p3 p4
frames_start
attach p1 p2 p3 p4
flooding
zero_address
station_move
closed_port
reuse_index
static_entries
fdb_max
flushing
counted
check "kernel log" kmsg_clean
ktap_finish
