#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Uplink ports: which devices can be one, and that a device is what it was before
# when the port is gone, whichever of the two goes first.
#
#   here        ns1                ns2
#   r, ring     v0, uplink up0 --- v1
#    +---- s0 ---+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

# ns_new and tmpdir set them.
ns1='' ns2='' dir=''

make_veth()
{
	must ip -n "$ns1" link add v0 type veth peer name v1 netns "$ns2"
	must ip -n "$ns1" link set v0 up
	must ip -n "$ns2" link set v1 up
}

# up0 DEV [ATTRIBUTE...]
up0()
{
	vswctl port add up0 switch s0 type uplink netns "$ns1" dev "$@"
}

no_up0()
{
	[ "$(switch_value s0 ports)" = 1 ]
}

promiscuity()
{
	link_value "$1@$ns1" .promiscuity
}

# A bridge takes the device, which proves that nobody else has it.
is_free()
{
	ip -n "$ns1" link set "$1" master br0 &&
		ip -n "$ns1" link set "$1" nomaster &&
		[ "$(promiscuity "$1")" = 0 ]
}

made()
{
	check "a veth becomes a port" up0 v0
	check_eq "which says what it is" "$(port_value "up0@$ns1" type)" uplink
	check_eq "and which device" "$(port_value "up0@$ns1" dev)" v0
	check_eq "by its number, too" "$(port_value "up0@$ns1" ifindex)" \
		"$(link_value "v0@$ns1" .ifindex)"
	check_eq "it receives all frames" "$(promiscuity v0)" 1
	must ip -n "$ns1" link set v0 name wan0
	check_eq "it may get another name" "$(port_value "up0@$ns1" dev)" wan0
	must ip -n "$ns1" link set wan0 name v0
	refused "nor can another switch" \
		'the device belongs to a switch, a bridge or the like (attribute "dev")' \
		"Device or resource busy" vswctl port add up1 switch s1 \
		type uplink dev v0 netns "$ns1"
	check "deleting the port" vswctl port del up0 netns "$ns1"
	check "gives the device back" is_free v0
	must up0 v0
	must vswctl port add up1 switch s1 type uplink dev dummy0 netns "$ns1"
	must vswctl switch del s1
	check "and so does deleting the switch" is_free dummy0
	must vswctl switch add s1
	must vswctl port del up0 netns "$ns1"
}

# refuse NAME WHY ERROR DEVICE [ATTRIBUTE...]
refuse()
{
	refused "$1" "$2" "$3" up0 "${@:4}"
}

refusals()
{
	local dev='(attribute "dev")'

	refuse "a device that does not exist is refused" \
		"no such device $dev" "No such device" nix
	refuse "so is lo" "not an Ethernet device $dev" "Invalid argument" lo
	must ip -n "$ns1" link set dummy0 master br0
	refuse "the port of a bridge" \
		"the device belongs to a switch, a bridge or the like $dev" \
		"Device or resource busy" dummy0
	must ip -n "$ns1" link set dummy0 nomaster
	if ip -n "$ns1" link add vrf0 type vrf table 10 2> /dev/null; then
		refuse "a VRF" "the device cannot be part of a switch $dev" \
			"Invalid argument" vrf0
		check_eq "which stays as it was" "$(promiscuity vrf0)" 0
		must ip -n "$ns1" link del vrf0
	else
		ktap_skip "a VRF" "no VRF devices in this kernel"
	fi
	make_dev s0 "own@$ns1"
	refuse "an interface of the same switch" \
		"the interface is a port of this switch $dev" \
		"Invalid argument" own
	must vswctl port del own netns "$ns1"
	refuse "an attribute of rings is refused" \
		'only ring ports have this (attribute "slots")' \
		"Invalid argument" v0 slots 8
	refuse "and a number of queues" \
		'the device has the queues that it has (attribute "rings")' \
		"Invalid argument" v0 rings 2
	check_fails "without a device there is no uplink" 2 'Invalid argument' \
		vswctl port add up0 switch s0 type uplink netns "$ns1"
	must vswctl port add up0 switch s0 netns "$ns1"
	refuse "a name that is taken" \
		'a port of this name exists (attribute "name")' \
		"File exists" v0
	check "leaves the device alone" is_free v0
	must vswctl port del up0 netns "$ns1"
	check "what a port may not do can be said" up0 v0 isolated on
	check_eq "and is shown" "$(port_value "up0@$ns1" isolated)" on
	must vswctl port del up0 netns "$ns1"
}

# What takes a device, or does not: with the words by which it is refused an uplink
taken_by()
{
	local taker=$1 words=$2
	shift 2

	must up0 v0
	must ip -n "$ns1" link set v0 down
	check_fails "$taker cannot take an uplink" 2 "$words" "$@"
	must vswctl port del up0 netns "$ns1"
	check "but what is none any more" "$@"
	refuse "which then cannot be an uplink" \
		'the device belongs to a switch, a bridge or the like (attribute "dev")' \
		"Device or resource busy" v0
}

# enslave KIND WORDS [OPTION...]
enslave()
{
	if ! ip -n "$ns1" link add m0 type "$1" "${@:3}" 2> /dev/null; then
		ktap_skip "a $1" "not in this kernel"
		return
	fi
	taken_by "a $1" "$2" ip -n "$ns1" link set v0 master m0
	must ip -n "$ns1" link del m0
	must ip -n "$ns1" link set v0 up
}

masters()
{
	enslave bridge "Device or resource busy"
	enslave bond "Device is in use and cannot be enslaved"
	enslave team "Device or resource busy"
	enslave vrf "the device is the uplink of a switch" table 10
	taken_by "a macvlan" "Device or resource busy" \
		ip -n "$ns1" link add m0 link v0 type macvlan
	must ip -n "$ns1" link del m0
	must ip -n "$ns1" link set v0 up
}

stirred()
{
	vswctl switch add warm-up
	vswctl switch del warm-up
	[ -s "$dir/monitor" ]
}

has_told()
{
	[ "$(jq -r 'select(.msg.name == "up0").name' "$dir/monitor" | xargs)" = \
		"port-new-ntf port-del-ntf" ]
}

# The device goes first.
goes()
{
	local pid

	bg pid "$dir/monitor" vswctl -j monitor
	must busywait 20 stirred
	must up0 v0
	must ip -n "$ns1" link del v0
	check "the port goes with the device" no_up0
	check "and who listens is told" busywait 20 has_told
	stop "$pid"

	make_veth
	must up0 v0
	must ip -n "$ns1" link set v0 netns "$ns2"
	check "the port goes when the device moves away" no_up0
	check_eq "which is free there" "$(link_value "v0@$ns2" .promiscuity)" 0
	must ip -n "$ns2" link del v0

	must ip netns add "vsw-ns3-$$"
	must ip -n "vsw-ns3-$$" link add v0 type veth peer name v1
	must vswctl port add up0 switch s0 type uplink dev v0 \
		netns "vsw-ns3-$$"
	must ip netns del "vsw-ns3-$$"
	check "the port goes with the namespace" busywait 20 no_up0
	make_veth
}

updown()
{
	must up0 v0
	heard_by "frames pass" "v1@$ns2" r $GROUP $C
	heard_by "in both directions" r "v1@$ns2" $UNKNOWN $B
	must ip -n "$ns1" link set v0 down
	check_fails "what was learned of a device that is down is forgotten" 2 \
		'' vswctl fdb show $B switch s0
	heard_by "nobody hears" "" r $GROUP $C
	check_eq "which is counted" "$(port_stat r drops.no-listener)" 1
	must ip -n "$ns1" link set v0 up
	heard_by "up again, frames pass" "v1@$ns2" r $GROUP $C
	must ip -n "$ns2" link set v1 down
	heard_by "without carrier, nobody hears" "" r $GROUP $C
	must ip -n "$ns2" link set v1 up
	heard_by "with it, frames pass" "v1@$ns2" r $GROUP $C
	must vswctl port del up0 netns "$ns1"
	heard_by "without the port there is no way" "" r $GROUP $C
	heard_by "nor back" "" "v1@$ns2" $GROUP $B
}

ktap_begin
vsw_load
tmpdir dir
ns_quiet ns1
ns_quiet ns2
make_switch s0 r
make_switch s1
make_veth
must ip -n "$ns1" link add br0 type bridge
must ip -n "$ns1" link add dummy0 type dummy
made
refusals
masters
goes
frames_start
listen "v1@$ns2"
attach r
updown
check "kernel log" kmsg_clean
ktap_finish
