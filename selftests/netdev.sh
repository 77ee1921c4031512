#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Netdev ports: the interface and its port live and die together, wherever the
# interface has been moved, and whatever it is called there.
#
#   here        ns1                ns2
#               eth0, netdev  ---> (eth0 moves there)
#    +-- s0 -----+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

need ethtool ethtool

# ns_new and tmpdir set them.
ns1='' ns2='' dir=''

add_eth0()
{
	vswctl port add eth0 switch s0 type netdev netns "$ns1" "$@"
}

# Which ports the switch has
ports_of()
{
	vswctl -j port show switch "$1" | jq -r '[.[].name] | join(" ")'
}

no_ports()
{
	[ -z "$(ports_of "${1-s0}")" ]
}

no_link()
{
	! ip -n "$2" link show "$1" 2> /dev/null
}

made()
{
	check "a netdev port is made in a namespace" add_eth0
	check_eq "it is an interface of the kind vsw" \
		"$(link_value "eth0@$ns1" .linkinfo.info_kind)" vsw
	check_eq "which is down at first" \
		"$(link_value "eth0@$ns1" '.flags | index("UP")')" null
	check_eq "the port says what it is" "$(port_value "eth0@$ns1" type)" netdev
	check_eq "and which interface" "$(port_value "eth0@$ns1" dev)" eth0
	check_eq "by its number, too" "$(port_value "eth0@$ns1" ifindex)" \
		"$(link_value "eth0@$ns1" .ifindex)"
	check_eq "and no namespace, as that is the port's" \
		"$(port_value "eth0@$ns1" dev-netns-id)" ""
	check_eq "ethtool knows the switch and the port" \
		"$(in_ns "$ns1" ethtool -i eth0 |
			sed -n 's/^\(driver\|bus-info\): //p' | xargs)" "vsw s0/0"
	check "the MAC address can be set" \
		ip -n "$ns1" link set eth0 address 02:00:00:00:00:77
	check_eq "and is" "$(link_value "eth0@$ns1" .address)" 02:00:00:00:00:77
	check_not "but not to that of a group" \
		ip -n "$ns1" link set eth0 address 03:00:00:00:00:77
	check "an MTU of 65521 can be set" ip -n "$ns1" link set eth0 mtu 65521
	check_not "and no larger one" ip -n "$ns1" link set eth0 mtu 65522
	check_fails "the module is in use" 1 'in use' rmmod vsw
	must frames_start
	check_eq "a program cannot attach the port" \
		"$(frames attach "eth0@$ns1")" ENOTSUP
	frames_stop
}

unmade()
{
	check "deleting the port" vswctl port del eth0 netns "$ns1"
	check "deletes the interface" no_link eth0 "$ns1"
	must add_eth0
	check "deleting the interface" ip -n "$ns1" link del eth0
	check "deletes the port" no_ports
	must add_eth0
	must ip -n "$ns1" link set eth0 up
	check "the interface can be deleted while it is up" \
		ip -n "$ns1" link del eth0
	must add_eth0
	must ip -n "$ns1" link set eth0 up
	check "and so can the port" vswctl port del eth0 netns "$ns1"
}

told()
{
	local pid

	bg pid "$dir/monitor" vswctl -j monitor
	must busywait 20 stirred
	must add_eth0
	must ip -n "$ns1" link del eth0
	check "who listens is told of a port that goes with its interface" \
		busywait 20 has_told
	stop "$pid"
}

stirred()
{
	vswctl switch add warm-up
	vswctl switch del warm-up
	[ -s "$dir/monitor" ]
}

has_told()
{
	[ "$(jq -r 'select(.msg.name == "eth0").name' "$dir/monitor" | xargs)" = \
		"port-new-ntf port-del-ntf" ]
}

refusals()
{
	must add_eth0
	refused "a port of a name that is taken is refused" \
		'an interface of this name exists (attribute "name")' \
		"File exists" add_eth0
	must ip -n "$ns1" link add dummy0 type dummy
	refused "so is that of another interface" \
		'an interface of this name exists (attribute "name")' \
		"File exists" vswctl port add dummy0 switch s0 type netdev \
		netns "$ns1"
	must ip -n "$ns1" link del dummy0
	must vswctl port add ring0 switch s0 netns "$ns1"
	refused "and that of another port" \
		'a port of this name exists (attribute "name")' \
		"File exists" vswctl port add ring0 switch s0 type netdev \
		netns "$ns1"
	check "of which no interface is left" no_link ring0 "$ns1"
	must vswctl port del ring0 netns "$ns1"
	refused "a name that is a pattern is refused" \
		"a '%' in the name of an interface stands for a number" \
		"Invalid argument" vswctl port add eth%d switch s0 type netdev
	refused "an attribute of rings is refused" \
		'only ring ports have this (attribute "slots")' \
		"Invalid argument" vswctl port add x switch s0 type netdev slots 8
	refused "and that of uplinks" \
		'only uplink ports have this (attribute "dev")' \
		"Invalid argument" vswctl port add x switch s0 type netdev dev lo
	refused "a port cannot get other queues" \
		'the device has the queues that it has (attribute "rings")' \
		"Invalid argument" vswctl port set eth0 netns "$ns1" rings 2
	check_fails "an interface needs a switch, which ip does not know" 2 \
		'not supported' ip link add type vsw
	check "what a port may not do can be set" \
		vswctl port set eth0 netns "$ns1" isolated on learn-max 3
	check_eq "and is shown" \
		"$(port_value "eth0@$ns1" isolated),$(port_value "eth0@$ns1" learn-max)" \
		"on,3"
	must vswctl port del eth0 netns "$ns1"
}

queues()
{
	must add_eth0 rings 4
	check_eq "an interface of four queues" \
		"$(link_value "eth0@$ns1" '"\(.num_tx_queues) \(.num_rx_queues)"')" \
		"4 4"
	check_eq "as the port says" "$(port_value "eth0@$ns1" rings)" 4
	check_eq "and ethtool" "$(in_ns "$ns1" ethtool -l eth0 |
		sed -n 's/^Combined:[[:space:]]*//p' | xargs)" "4 4"
	must vswctl port del eth0 netns "$ns1"
}

moves()
{
	must add_eth0
	must ip -n "$ns1" link set eth0 name lan0
	check_eq "an interface may get another name" "$(port_value "eth0@$ns1" dev)" lan0
	must ip -n "$ns1" link set lan0 netns "$ns2"
	check_eq "and move" "$(link_value "lan0@$ns2" .linkinfo.info_kind)" vsw
	check_eq "the port keeps its name and its owner" \
		"$(port_value "eth0@$ns1" name)" eth0
	check_eq "and says where the interface is" \
		"$(port_value "eth0@$ns1" dev-netns-id)" \
		"$(ip -j netns list-id |
			jq --arg name "$ns2" '.[] | select(.name == $name).nsid')"
	must ip -n "$ns2" link set lan0 name eth0 netns "$ns1"
	check_eq "until it is back" "$(port_value "eth0@$ns1" dev-netns-id)" ""
	must ip -n "$ns1" link set eth0 netns "$ns2"
	check "the port can be deleted then" vswctl port del eth0 netns "$ns1"
	check "with the interface" no_link eth0 "$ns2"
}

# A namespace that the test deletes
ns3_new()
{
	ns3=vsw-ns3-$$
	must ip netns add "$ns3"
}

# Namespaces and switches go.
ends()
{
	ns3_new
	must add_eth0
	must ip -n "$ns1" link set eth0 netns "$ns3"
	must ip netns del "$ns3"
	check "the port goes with the namespace in which the interface is" \
		busywait 20 no_ports

	ns3_new
	must vswctl port add eth0 switch s0 type netdev netns "$ns3"
	must ip -n "$ns3" link set eth0 netns "$ns2"
	must ip netns del "$ns3"
	check "the port goes with the namespace that owns it" \
		busywait 20 no_ports
	check "and the interface, which is elsewhere" busywait 20 \
		no_link eth0 "$ns2"

	must vswctl switch add s1
	must vswctl port add eth0 switch s1 type netdev netns "$ns1"
	must ip -n "$ns1" link set eth0 netns "$ns2" up
	check "deleting a switch" vswctl switch del s1
	check "deletes its interfaces" no_link eth0 "$ns2"

	ns3_new
	must in_ns "$ns3" vswctl switch add s1
	must in_ns "$ns3" vswctl port add eth0 switch s1 type netdev \
		netns "$ns2"
	must ip -n "$ns2" link set eth0 up
	must ip netns del "$ns3"
	check "so does deleting the namespace of the switch" \
		busywait 20 no_link eth0 "$ns2"
}

# A port at the place in memory of another one, on another switch, sends there.
reused()
{
	local i

	frames_start
	for i in {1..6}; do
		vswctl switch add "t$i" &&
			vswctl port add eth0 switch "t$i" type netdev \
				netns "$ns1" &&
			vswctl port add r switch "t$i" netns "$ns1" &&
			ip -n "$ns1" link set eth0 up &&
			[ "$(frames attach "r@$ns1")" = ok ] &&
			[ "$(frames socket "eth0@$ns1")" = ok ] &&
			[ "$(heard "eth0@$ns1" $BROADCAST $A 3)" = "r@$ns1" ] &&
			[ "$(frames close "eth0@$ns1")" = ok ] &&
			[ "$(frames close "r@$ns1")" = ok ] &&
			vswctl switch del "t$i" || return
	done
	frames_stop
}

# Interfaces come and go while another one sends.
while_sending()
{
	local sender i status=0

	make_dev s0 "sender@$ns2"
	bg sender "$dir/sender" in_ns "$ns2" vsw-gen send 192.0.2.1 $A \
		192.0.2.2 $BROADCAST -R sender -s -r 20k
	for i in {1..6}; do
		vswctl port add eth0 switch s0 type netdev netns "$ns1" &&
			ip -n "$ns1" link set eth0 up || status=1
		if [ $((i % 2)) -eq 0 ]; then
			vswctl port del eth0 netns "$ns1"
		else
			ip -n "$ns1" link del eth0
		fi || status=1
	done
	kill -0 "$sender" || status=1
	stop "$sender"
	must vswctl port del sender netns "$ns2"
	return $status
}

ktap_begin
vsw_load
tmpdir dir
ns_quiet ns1
ns_quiet ns2
make_switch s0
made
unmade
told
refusals
queues
moves
ends
check "a new port has nothing of one that is gone" reused
check "interfaces come and go while frames are flooded" while_sending
check "the switch is empty in the end" no_ports
check "kernel log" kmsg_clean
ktap_finish
