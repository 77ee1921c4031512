#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What passes through uplinks: all that the wire has, as it is.
#
#   here        ns1                          ns2
#   r, ring     v0, uplink ----------------- v1, the far end
#    |          t0, tap, uplink; program
#    |          na, netdev
#    +---- s0 ---+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

need ethtool ethtool
need tcpdump tcpdump

# ns_new, tmpdir and bg set them.
# shellcheck disable=SC2034 # pid: bg wants one
ns1='' ns2='' dir='' pid=''

# uplink NAME DEV: a port for a device of ns1
uplink()
{
	must ip -n "$ns1" link set "$2" up
	must vswctl port add "$1" switch s0 type uplink dev "$2" netns "$ns1"
}

# raw_heard NAME EARS PORT HEX
raw_heard()
{
	check_eq "$1" "$(frames raw "$3" "$4")" "$2"
}

# frame DST REST: from C
frame()
{
	printf '%s%s%s%060d' "${1//:/}" "${C//:/}" "$2" 0
}

who()
{
	local a="na@$ns1" t="t0@$ns1" v="v1@$ns2"

	heard_by "a ring is heard by all kinds" "$a $t $v" r $GROUP $A 300
	heard_by "so is an interface" "r $t $v" "$a" $GROUP $B 300
	heard_by "the far end of a veth" "$a r $t" "$v" $GROUP $C 300
	heard_by "and a tap" "$a r $v" "$t" $GROUP $UNKNOWN 300
	heard_by "a known address behind a veth is asked alone" \
		"$v" r $C $A 300
	heard_by "and one behind a tap" "$t" "$v" $UNKNOWN $C 300
}

# Nothing of this concerns the switch.
untouched()
{
	local ears="na@$ns1 r t0@$ns1" v="v1@$ns2" name address

	while read -r name address; do
		raw_heard "a frame to the address of $name passes" "$ears" \
			"$v" "$(frame "$address" 8809)"
	done <<-LIST
		STP		01:80:c2:00:00:00
		pause		01:80:c2:00:00:01
		LACP		01:80:c2:00:00:02
		802.1X		01:80:c2:00:00:03
		LLDP		01:80:c2:00:00:0e
		IPv4-multicast	01:00:5e:00:00:fb
		IPv6-multicast	33:33:00:00:00:01
	LIST
	raw_heard "a tagged frame comes in as it is" "$ears" "$v" \
		"$(frame $GROUP 81000005)"
	raw_heard "and one with two tags" "$ears" "$v" \
		"$(frame $GROUP 88a8000581000006)"
	raw_heard "a tagged frame goes out as it is" "na@$ns1 t0@$ns1 $v" r \
		"$(frame $GROUP 8100a005)"
	raw_heard "and one with two tags" "na@$ns1 t0@$ns1 $v" r \
		"$(frame $GROUP 88a8000581000006)"
	raw_heard "a jumbo frame comes in" "$ears" "$v" \
		"$(frame $GROUP "88b5$(printf %017900d 0)")"
	raw_heard "and goes out" "na@$ns1 t0@$ns1 $v" r \
		"$(frame $GROUP "88b5$(printf %017900d 0)")"
}

# As IEEE 802.1D has it, if the switch is told so
filtered()
{
	local ears="na@$ns1 r t0@$ns1" v="v1@$ns2" last before

	before=$(switch_reason s0 link-local)
	must vswctl switch set s0 link-local filter
	for last in 00 02 0f; do
		raw_heard "no frame to 01:80:c2:00:00:$last passes a filter" "" \
			"$v" "$(frame 01:80:c2:00:00:$last 8809)"
	done
	raw_heard "one to the address behind those does" "$ears" "$v" \
		"$(frame 01:80:c2:00:00:10 8809)"
	check_eq "what was filtered is counted" \
		"$(switch_reason s0 link-local)" $((before + 3))
	must vswctl switch set s0 link-local forward
	raw_heard "without the filter they pass again" "$ears" "$v" \
		"$(frame 01:80:c2:00:00:00 8809)"
}

# A tag that is not in the frame but beside it
accelerated()
{
	must ip -n "$ns2" link add link v1 name v15 type vlan id 5
	must ip -n "$ns2" link set v15 up
	check "veth has tags beside frames" grep -q \
		'^tx-vlan-offload: on' <(in_ns "$ns2" ethtool -k v1)
	listen "v15@$ns2"
	check_eq "a tag beside the frame is put into it" \
		"$(frames offload "v15@$ns2" $GROUP udp4 1001 0)" \
		"na@$ns1 1 r 1 t0@$ns1 1"
	check_eq "into each segment" \
		"$(frames offload "v15@$ns2" $GROUP tcp4 14000 1000)" \
		"na@$ns1 1 r 14 t0@$ns1 14"
	check_eq "where a VLAN device finds it" \
		"$(frames raw r "$(frame $GROUP "8100000588b5")")" \
		"na@$ns1 t0@$ns1 v15@$ns2? v1@$ns2"
	must [ "$(frames close "v15@$ns2")" = ok ]
	must ip -n "$ns2" link del v15
}

offloads()
{
	local kind

	for kind in tcp4 udp4 tcp6 udp6; do
		check_eq "$kind without checksum from a veth" \
			"$(frames offload "v1@$ns2" $GROUP $kind 1001 0)" \
			"na@$ns1 1 r 1 t0@$ns1 1"
		check_eq "$kind in segments" \
			"$(frames offload "v1@$ns2" $GROUP $kind 60001 1400)" \
			"na@$ns1 1 r 43 t0@$ns1 43"
		check_eq "$kind out of a veth" \
			"$(frames offload "na@$ns1" $GROUP $kind 60001 1400)" \
			"r 43 t0@$ns1 43 v1@$ns2 1"
	done
}

# dump DEV: what tcpdump sees of a frame that goes by
dump()
{
	bg pid "$dir/dump" in_ns "$ns1" tcpdump -c 1 -l -n -e -i "$1" \
		ether proto 0x88b5
	busywait 20 grep -q 'listening on' "$dir/dump" || return
	send "$2" $GROUP "$3"
	busywait 20 grep -q "$3 > $GROUP" "$dir/dump"
}

# Other devices, each as the only uplink
devices()
{
	must vswctl port del t0 netns "$ns1"
	must vswctl port del v0 netns "$ns1"
	must vswctl port del na netns "$ns1"

	must ip -n "$ns1" link add link v0 name v7 type vlan id 7
	uplink v7 v7
	check_eq "a VLAN device gives frames its tag" \
		"$(frames mixed r 1 "$(frame $GROUP 88b5)")" "v1@$ns2? 1"
	raw_heard "and takes those of its VLAN, without the tag" "r?" \
		"v1@$ns2" "$(frame $GROUP 8100000788b5)"
	raw_heard "no others" "" "v1@$ns2" "$(frame $GROUP 8100000888b5)"
	must ip -n "$ns1" link del v7
	check_eq "it can be deleted" "$(switch_value s0 ports)" 1

	must ip -n "$ns1" link add d0 type dummy
	uplink d0 d0
	send r $GROUP $A 5
	check_eq "a dummy takes frames" \
		"$(link_value "d0@$ns1" .stats64.tx.packets)" 5
	must ip -n "$ns1" link del d0

	if ! ip -n "$ns1" link add bond0 type bond mode active-backup; then
		ktap_skip "a bond" "no bonds in this kernel"
		return
	fi
	must ip -n "$ns1" link set v0 down
	must ip -n "$ns1" link set v0 master bond0
	uplink bond0 bond0
	heard_by "a bond sends frames" "v1@$ns2" r $GROUP $A 100
	heard_by "and receives them" r "v1@$ns2" $GROUP $B 100
	check_not "its member cannot be an uplink" vswctl port add x switch s0 \
		type uplink dev v0 netns "$ns1"
	must ip -n "$ns1" link del bond0
	check_eq "it can be deleted" "$(switch_value s0 ports)" 1
}

ktap_begin
vsw_load
modprobe -q tun || [ -e /dev/net/tun ] || ktap_skip_all "no tap interfaces"
tmpdir dir
ns_quiet ns1
ns_quiet ns2
make_switch s0
must vswctl port add r switch s0 buf-size 16384
must ip -n "$ns1" link add v0 mtu 9100 type veth \
	peer name v1 mtu 9100 netns "$ns2"
must ip -n "$ns2" link set v1 up
uplink v0 v0
make_dev s0 "na@$ns1"
must ip -n "$ns1" link set na mtu 9100
frames_start
must [ "$(frames tap "t0@$ns1")" = ok ]
must ip -n "$ns1" link set t0 mtu 9100
uplink t0 t0
attach r
listen "na@$ns1" "v1@$ns2"
who
untouched
filtered
accelerated
offloads
check "tcpdump sees what an uplink receives" dump v0 "v1@$ns2" $C
check "and what it sends" dump v0 r $A
check "what an interface receives" dump na "v1@$ns2" $C
check "and what it sends" dump na "na@$ns1" $B
devices
check "kernel log" kmsg_clean
ktap_finish
