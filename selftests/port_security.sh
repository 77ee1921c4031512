#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a port of a learning switch may not do: send from addresses that are not
# its own, exchange frames with other isolated ports, have too many addresses
# learned, or flood too much. What it does all the same is dropped and counted.
#
#   p1      p2      p3      p4
#    |       |       |       |
#   -+-------+- s0 --+-------+-

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

# set_port PORT ATTRIBUTE VALUE...
set_port()
{
	must vswctl port set "$@" switch s0
}

# drops NAME REASON N: so many more than when the variable "before" was set
drops()
{
	check_eq "$1" "$(switch_reason s0 "$2")" $((before + $3))
}

owner()
{
	vswctl -j fdb show "$1" switch s0 2> /dev/null | jq -r '.[0].port // ""'
}

forget()
{
	must vswctl fdb flush switch s0
}

locked()
{
	local before

	before=$(switch_reason s0 locked)
	must vswctl fdb add $A switch s0 port p1
	set_port p1 locked on
	check_eq "a port shows that it is locked" "$(port_value p1 locked)" on
	heard_by "a locked port sends from its address" "p2 p3 p4" p1 $UNKNOWN $A
	heard_by "rule 5.3: from no other" "" p1 $UNKNOWN $B 3
	drops "which is counted" locked 3
	check_eq "by the port, too" "$(port_stat p1 drops.lookup)" 3
	check_eq "the other address is not learned" "$(owner $B)" ""
	heard p2 $UNKNOWN $B > /dev/null
	heard_by "nor from that of another port" "" p1 $UNKNOWN $B
	check_eq "which stays where it is" "$(owner $B)" p2
	heard_by "it receives as ever" p1 p2 $A $B
	heard_by "frames of all kinds in a row are told apart" "" p1 $A $C 300
	set_port p1 locked off
	heard_by "a port that was unlocked sends from any address" \
		"p2 p3 p4" p1 $UNKNOWN $C
	check_eq "and is learned from" "$(owner $C)" p1
	forget
}

isolated()
{
	local before

	before=$(switch_reason s0 isolated)
	set_port p1 isolated on
	set_port p2 isolated on
	heard_by "flooded frames reach no isolated port from another" \
		"p3 p4" p1 $BROADCAST $A
	heard_by "but from one that is not" "p1 p2 p4" p3 $BROADCAST $C
	heard_by "nor do others reach it" "" p2 $A $B
	drops "which is counted" isolated 1
	heard_by "but those that are not isolated" p3 p1 $C $A
	heard_by "and from them" p1 p3 $A $C
	set_port p2 isolated off
	heard_by "one isolated port alone is not alone" p1 p2 $A $B
	set_port p1 isolated off
	forget
}

learn_max()
{
	local before

	before=$(switch_reason s0 learn-max)
	set_port p1 learn-max 2
	heard_by "a port may have an address" "p2 p3 p4" p1 $UNKNOWN $A
	heard_by "and two" "p2 p3 p4" p1 $UNKNOWN $B
	heard_by "but not three" "" p1 $UNKNOWN $C
	drops "which is counted" learn-max 1
	check_eq "it shows how many it has" "$(port_value p1 learned)" 2
	heard_by "what was learned goes on" "p2 p3 p4" p1 $UNKNOWN $A
	heard_by "another port has the third one" "p1 p3 p4" p2 $UNKNOWN $C
	heard_by "which does not move to one that is full" "" p1 $UNKNOWN $C
	check_eq "but stays" "$(owner $C)" p2
	heard_by "one that moves away makes room" "p1 p3 p4" p2 $UNKNOWN $B
	check_eq "and is counted where it is" \
		"$(port_value p1 learned) $(port_value p2 learned)" "1 2"
	heard_by "for another" "p2 p3 p4" p1 $UNKNOWN 02:00:00:00:00:0d
	must vswctl fdb del $A switch s0
	check_eq "one that is deleted, too" "$(port_value p1 learned)" 1
	must vswctl fdb add $A switch s0 port p1
	check_eq "one that is static does not count" \
		"$(port_value p1 learned)" 1
	set_port p1 learn-max 0
	forget
	check_eq "none is left" \
		"$(port_value p1 learned) $(port_value p2 learned)" "0 0"
}

# At one frame a second, a burst of 200 leaves none due for minutes.
flood_rate()
{
	local before

	before=$(switch_reason s0 flood-rate)
	set_port p1 flood-rate 1
	heard_by "a port may flood a burst" "p2 p3 p4" p1 $BROADCAST $A 200
	heard_by "but not more than its rate" "" p1 $BROADCAST $A
	drops "which is counted" flood-rate 1
	heard p2 $UNKNOWN $B > /dev/null
	heard_by "what is not flooded passes" p2 p1 $B $A 200
	heard_by "another port floods as it likes" "p1 p3 p4" p2 $BROADCAST $B
	set_port p1 flood-rate 0
	heard_by "without a rate it does, too" "p2 p3 p4" p1 $BROADCAST $A
	forget
}

ktap_begin
vsw_load
make_switch s0 p1 p2 p3 p4
frames_start
attach p1 p2 p3 p4
locked
isolated
learn_max
flood_rate
check "kernel log" kmsg_clean
ktap_finish
