#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two hosts with a switch each, which a VXLAN makes one L2 domain; and two hosts
# that each have a bond of two links, with a switch in each link.
#
#   ns1                            ns2
#   na, netdev                     nb, netdev
#    +- s0 -+                       +- s0 -+
#          vx0, VXLAN                     vx0, VXLAN
#          wire0 ------------------------ wire0
#
#   bond0: l0 --------- s1 ------- bond0: l0
#          l1 --------- s2 -------        l1

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

# ns_new sets them.
ns1='' ns2=''

# host NS NUMBER PORT
host()
{
	local ns=$1 number=$2 port=$3

	must ip -n "$ns" addr add "198.51.100.$number/24" dev wire0
	must ip -n "$ns" link set wire0 up
	must ip -n "$ns" link add vx0 type vxlan id 5 dstport 4789 \
		local "198.51.100.$number" remote "198.51.100.$((3 - number))"
	must ip -n "$ns" link set vx0 up
	must in_ns "$ns" vswctl switch add s0
	must in_ns "$ns" vswctl port add vx switch s0 type uplink dev vx0
	must in_ns "$ns" vswctl port add "$port" switch s0 type netdev
	must ip -n "$ns" addr add "192.0.2.$number/24" dev "$port"
	must ip -n "$ns" link set "$port" mtu 1450
	must ip -n "$ns" link set "$port" up
}

ping_from()
{
	in_ns "$1" ping -q -i 0.2 "${@:2}"
}

vxlan()
{
	must ip -n "$ns1" link add wire0 type veth peer name wire0 netns "$ns2"
	host "$ns1" 1 na
	host "$ns2" 2 nb
	check "hosts with a switch each are one L2 domain" \
		ping_from "$ns1" -c 3 192.0.2.2
	check "in both directions" ping_from "$ns2" -c 3 192.0.2.1
	check "frames that are as long as possible pass" \
		ping_from "$ns1" -c 3 -M "do" -s 1422 192.0.2.2
	check_eq "the other host's address is behind the VXLAN" \
		"$(in_ns "$ns1" vswctl -j fdb show \
			"$(link_value "nb@$ns2" .address)" switch s0 |
			jq -r '.[0].port')" vx
	check "a VXLAN that is deleted takes its port along" \
		ip -n "$ns1" link del vx0
	check_eq "and nothing else" "$(in_ns "$ns1" vswctl -j port show |
		jq -r '[.[].name] | join(" ")')" na
	check_not "then there is no way" ping_from "$ns1" -c 1 -W 1 192.0.2.2
}

# slave NS NAME SWITCH: a link of a bond, whose other end is on a switch
slave()
{
	local ns=$1 name=$2 sw=$3 peer

	peer=$sw-$(printf %x $((SRANDOM & 0xffffff)))
	must ip -n "$ns" link add "$name" type veth peer name "$peer"
	must vswctl port add "$peer" switch "$sw" type uplink dev "$peer" \
		netns "$ns"
	must ip -n "$ns" link set "$peer" up
	must ip -n "$ns" link set "$name" master bond0
}

bond()
{
	local ns=$1 number=$2

	must ip -n "$ns" link add bond0 type bond mode 802.3ad miimon 100 \
		lacp_rate fast
	slave "$ns" l0 s1
	slave "$ns" l1 s2
	must ip -n "$ns" addr add "203.0.113.$number/24" dev bond0
	must ip -n "$ns" link set bond0 up
}

# What a bond knows of the other: its address, and the number of links to it
partner()
{
	link_value "bond0@$1" '.linkinfo.info_data.ad_info |
		"\(.partner_mac) \(.num_ports)"'
}

has_partner()
{
	[ "$(partner "$1")" = "$(link_value "bond0@$2" .address) 2" ]
}

lacp()
{
	if ! modprobe -q bonding; then
		ktap_skip "LACP" "no bonds in this kernel"
		return
	fi
	make_switch s1
	make_switch s2
	bond "$ns1" 1
	bond "$ns2" 2
	check "LACP finds the other end of both links through switches" \
		busywait 30 has_partner "$ns1" "$ns2"
	check "from the other side, too" busywait 30 has_partner "$ns2" "$ns1"
	check "the bonds reach each other" ping_from "$ns1" -c 3 203.0.113.2
	must ip -n "$ns1" link set l0 down
	check "by one link if the other one fails" \
		busywait 20 ping_from "$ns1" -c 1 -W 1 203.0.113.2
}

ktap_begin
vsw_load
ns_quiet ns1
ns_quiet ns2
vxlan
lacp
check "kernel log" kmsg_clean
ktap_finish
