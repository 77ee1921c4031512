#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Switches on top of each other: an interface of one is an uplink of another, or
# is below one. Frames pass; whichever is deleted takes the rest along; and a loop
# is a loop, but no more.
#
#   r0     low, netdev ----- up, uplink      r1     nb, netdev
#    +-- s0 --+                +------- s1 ---+--------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

need ethtool ethtool

# ns_new sets them.
ns1='' ns2=''

make_link()
{
	make_dev s0 "low@$ns1"
	must vswctl port add up switch s1 type uplink dev low netns "$ns1"
}

# Every port of both switches but r0, r1 and nb is gone.
link_gone()
{
	[ "$(switch_value s0 ports),$(switch_value s1 ports)" = "1,2" ] &&
		! ip -n "$ns1" link show low 2> /dev/null
}

passes()
{
	make_link
	heard_by "frames pass to the upper switch" "nb@$ns2 r1" r0 $GROUP $A 300
	heard_by "and to the lower one" "nb@$ns2 r0" r1 $GROUP $B 300
	heard_by "from an interface, too" "r0 r1" "nb@$ns2" $GROUP $C 100
	heard_by "a known address is asked alone" nb@"$ns2" r0 $C $A 300
	must in_ns "$ns2" ethtool -K nb tx-udp-segmentation off > /dev/null
	check_eq "a burst passes as a whole" \
		"$(frames offload "nb@$ns2" $GROUP udp4 60001 1400)" \
		"r0 43 r1 43"
	check_eq "and one that is longer than a batch" \
		"$(frames offload "nb@$ns2" $GROUP udp4 60000 500 3)" \
		"r0 360 r1 360"
}

gone()
{
	check "deleting the uplink port" vswctl port del up netns "$ns1"
	check_eq "leaves the interface" "$(switch_value s0 ports)" 2
	must vswctl port add up switch s1 type uplink dev low netns "$ns1"
	check "deleting the interface's port" vswctl port del low netns "$ns1"
	check "takes the uplink along" link_gone
	make_link
	check "so does deleting the interface" ip -n "$ns1" link del low
	check "both are gone" link_gone

	must vswctl switch add s2
	make_dev s2 "low@$ns1"
	must vswctl port add up switch s1 type uplink dev low netns "$ns1"
	check "deleting the lower switch" vswctl switch del s2
	check "takes the uplink of the upper one along" link_gone

	make_dev s0 "low@$ns1"
	must ip -n "$ns1" link add link low name tagged type vlan id 5
	must ip -n "$ns1" link set tagged up
	must vswctl port add up switch s1 type uplink dev tagged netns "$ns1"
	check "a VLAN device between goes, too" vswctl port del low netns "$ns1"
	check "with its uplink" link_gone

	must in_ns "$ns2" vswctl switch add s3
	must in_ns "$ns2" vswctl port add low switch s3 type netdev netns "$ns1"
	must vswctl port add up switch s1 type uplink dev low netns "$ns1"
	check "the switch of another namespace" in_ns "$ns2" vswctl switch del s3
	check "takes it along as well" link_gone

	must in_ns "$ns2" vswctl switch add s3
	must in_ns "$ns2" vswctl port add low switch s3 type netdev netns "$ns1"
	must vswctl port add up switch s1 type uplink dev low netns "$ns1"
	check "and so does the interface itself" ip -n "$ns1" link del low
	check "there" link_gone
	must in_ns "$ns2" vswctl switch del s3
}

# Two ways between the switches, and addresses that nobody can learn
loop()
{
	make_link
	make_dev s1 "back@$ns1"
	must vswctl port add down switch s0 type uplink dev back netns "$ns1"
	send r0 $GROUP $A 20
	send r1 $BROADCAST $B 20
	check "the machine answers while frames circle" \
		[ "$(port_value "up@$ns1" type)" = uplink ]
	check "and so do programs" [ "$(frames sync r0)" = ok ]
	check "the loop can be cut" vswctl port del down netns "$ns1"
	must vswctl port del back netns "$ns1"
	must [ "$(frames recv r0)" != "no answer" ]
	heard_by "then frames pass as before" "nb@$ns2 r1" r0 $GROUP $A
	must vswctl port del low netns "$ns1"
}

ktap_begin
vsw_load
ns_quiet ns1
ns_quiet ns2
make_switch s0 r0
make_switch s1 r1
make_dev s1 "nb@$ns2"
must ip -n "$ns2" link set nb mtu 9000
frames_start
attach r0 r1
listen "nb@$ns2"
passes
gone
loop
check "kernel log" kmsg_clean
ktap_finish
