#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames between interfaces and rings: who gets them, in which order, what is
# counted, and that whatever an interface leaves to be done is done for a ring.
#
#   ns1              ns2             here
#   na, netdev       nb, netdev       r, ring
#    +------- s0 -----+---------------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

need ethtool ethtool

# ns_new sets them.
ns1='' ns2=''

# A frame of as many bytes, from A to B, in hexadecimal
bytes()
{
	printf '%s%s88b5%0*d' "${B//:/}" "${A//:/}" $((2 * ($1 - 14))) 0
}

# A counter as three programs know it: one number if they agree
counter()
{
	local port=$1 key=$2 ethtool=$3 link=$4

	{
		port_stat "$port" "$key"
		in_ns "${port#*@}" ethtool -S "${port%@*}" |
			sed -n "s/^ *$ethtool: //p"
		link_value "$port" ".stats64.$link"
	} | uniq | xargs
}

who()
{
	local a="na@$ns1" b="nb@$ns2"

	heard_by "an interface is heard by another, and by a ring" "$b r" \
		"$a" $UNKNOWN $A 3
	heard_by "a ring by interfaces" "$a $b" r $UNKNOWN $C 3
	heard_by "to a known address, by one interface" "$a" r $A $C 300
	heard_by "by the ring alone" r "$a" $C $A 300
	heard_by "an answer teaches" "$a r" "$b" $UNKNOWN $B
	heard_by "from one interface to the other" "$b" "$a" $B $A 300
	heard_by "flooded frames of a ring come in order" "$a $b" \
		r $GROUP $C 300
	heard_by "and those of an interface" "$b r" "$a" $GROUP $A 300
	heard_by "nobody hears itself" "" "$a" $A $A
	check_eq "and that is counted" "$(port_stat "$a" drops.same-port)" 1
}

# A frame of each size up to the largest
sizes()
{
	local a="na@$ns1" b="nb@$ns2" size status=0

	for size in 60 61 127 1514 3827 3828 9014 65535; do
		[ "$(frames raw r "$(bytes "$((size > 16384 ? 16384 : size))")")" = \
			"$b" ] &&
			[ "$(frames raw "$a" "$(bytes $size)")" = "$b" ] ||
			{ echo "$size bytes"; status=1; }
	done
	return $status
}

mtu()
{
	check "frames of many sizes, up to 65535 bytes" sizes
	must ip -n "$ns2" link set nb mtu 1500
	heard_raw "a frame that an interface takes" "nb@$ns2" r 1518
	heard_raw "one that is too long for it" "" r 1519
	heard_raw "the same from an interface" "" "na@$ns1" 1519
	check_eq "is counted where it is too long, once" \
		"$(counter "nb@$ns2" drops.too-long drop_too_long rx.dropped)" 2
	must ip -n "$ns2" link set nb mtu 65521
}

heard_raw()
{
	check_eq "$1" "$(frames raw "$3" "$(bytes "$4")")" "$2"
}

# down and up again
updown()
{
	local a="na@$ns1" b="nb@$ns2" before

	must ip -n "$ns2" link set nb down
	heard_by "who is down hears nothing" r "$a" $GROUP $A
	heard_by "its address is forgotten" r "$a" $B $A
	must vswctl fdb add $UNKNOWN switch s0 port nb
	heard_by "a frame for it alone is dropped" "" "$a" $UNKNOWN $A 2
	check_eq "and counted at the sender" "$(port_stat "$a" drops.no-port)" 2
	must vswctl fdb del $UNKNOWN switch s0
	must ip -n "$ns2" link set nb up
	heard_by "up again, it hears" "$b r" "$a" $GROUP $A
	must [ "$(frames close r)" = ok ]
	must ip -n "$ns2" link set nb down
	before=$(port_stat "$a" drops.no-listener)
	heard_by "nobody is left" "" "$a" $GROUP $A 3
	check_eq "which is counted, too" \
		"$(port_stat "$a" drops.no-listener)" $((before + 3))
	must ip -n "$ns2" link set nb up
	attach r
}

# pktgen FILE COMMAND...: each written to a file of pktgen, in ns1
pktgen()
{
	local file=$1 command
	shift

	for command; do
		# shellcheck disable=SC2016 # for the other shell
		in_ns "$ns1" sh -c 'echo "$1" > "/proc/net/pktgen/$2"' sh \
			"$command" "$file" || return
	done
}

# The kernel's own generator, which sends one skb again and again where it may
generator()
{
	if ! modprobe -q pktgen; then
		ktap_skip "pktgen" "not in this kernel"
		return
	fi
	must pktgen kpktgend_0 rem_device_all "add_device na"
	must pktgen na "count 1000" "pkt_size 100" "dst_mac $C"
	check_not "an skb is sent once only" pktgen na "burst 8"
	heard_by "r is known" "na@$ns1 nb@$ns2" r $UNKNOWN $C
	must pktgen pgctrl start
	check_eq "the frames of pktgen arrive in a ring" \
		"$(frames recv r)" 1000
	must pktgen kpktgend_0 rem_device_all
}

# What ports may not do
limits()
{
	local name

	for name in na@$ns1 nb@$ns2; do
		must vswctl port set "${name%@*}" netns "${name#*@}" isolated on
	done
	heard_by "isolated interfaces hear others only" r "na@$ns1" $GROUP $A
	for name in na@$ns1 nb@$ns2; do
		must vswctl port set "${name%@*}" netns "${name#*@}" \
			isolated off locked on
	done
	heard_by "a locked one is heard if its address is known" "" \
		"na@$ns1" $GROUP 02:00:00:00:00:99
	for name in na@$ns1 nb@$ns2; do
		must vswctl port set "${name%@*}" netns "${name#*@}" locked off
	done
}

counters()
{
	local port what

	for port in "na@$ns1" "nb@$ns2"; do
		for what in packets:frames bytes:bytes; do
			check_not "${what#*:} that ${port%@*} sent, as all say" \
				grep ' ' <<< "$(counter "$port" "tx-${what#*:}" \
					"tx_${what#*:}" "tx.${what%:*}")"
			check_not "and that it received" \
				grep ' ' <<< "$(counter "$port" "rx-${what#*:}" \
					"rx_${what#*:}" "rx.${what%:*}")"
		done
	done
	check_eq "what na dropped is the sum of the reasons" \
		"$(link_value "na@$ns1" .stats64.tx.dropped)" \
		"$(port_show "na@$ns1" | jq '.[0].stats.drops | add')"
}

features()
{
	in_ns "$ns1" ethtool -K na "$@" > /dev/null
}

# to DST KIND LEN SIZE EARS: what A sends as one skb
to()
{
	local ears

	ears=$(frames offload "na@$ns1" "$1" "$2" "$3" "$4" 3)
	[ "$ears" = "$5" ] && return
	echo "$2, $3 bytes: '$ears', not '$5'"
	return 1
}

# To each kind of port alone, and to all; three skbs each
each_kind()
{
	local kind

	for kind in tcp4 udp4 tcp6 udp6; do
		to "$1" $kind "$2" "$3" "$4" || return
	done
}

offloads()
{
	local b="nb@$ns2"

	must features tx on tso on gso on
	heard_by "b is known" "na@$ns1 r" "$b" $UNKNOWN $B
	heard_by "and so is r" "na@$ns1 $b" r $UNKNOWN $C
	check "checksums are right in a ring" each_kind $C 1001 0 "r 3"
	check "and at another interface" each_kind $B 1001 0 "$b 3"
	check "in frames for both, too" each_kind $GROUP 1001 0 "$b 3 r 3"
	check "a ring gets segments" each_kind $C 60001 1400 "r 129"
	check "an interface gets what was sent" each_kind $B 60001 1400 "$b 3"
	check "in frames for both, too" each_kind $GROUP 60001 1400 \
		"$b 3 r 129"
	check "short segments, too" each_kind $C 40 8 "r 15"

	must features tso off tx-udp-segmentation off
	check "a burst of 43 frames arrives, in order" \
		each_kind $B 60001 1400 "$b 129"
	check "in a ring, too" each_kind $C 60001 1400 "r 129"
	check "and in both" each_kind $GROUP 60001 1400 "$b 129 r 129"
	check "a burst that is longer than a batch" \
		each_kind $GROUP 60000 500 "$b 360 r 360"
	must features tx off
	check "without offloads nothing changes" \
		each_kind $GROUP 60001 1400 "$b 129 r 129"
	must features tx on tso on tx-udp-segmentation on
}

# A VLAN device on top
vlans()
{
	local tag=81000005

	must ip -n "$ns1" link add link na name a5 type vlan id 5
	must ip -n "$ns2" link add link nb name b5 type vlan id 5
	must ip -n "$ns1" link set a5 up
	must ip -n "$ns2" link set b5 up
	check_eq "a tagged frame comes from a VLAN device on top" \
		"$(frames raw r "${B//:/}${A//:/}${tag}88b5$(printf %090d 1)")" \
		"nb@$ns2"
	listen "a5@$ns1" "b5@$ns2"
	check_eq "both are one broadcast domain" \
		"$(frames offload "a5@$ns1" $GROUP udp4 1001 0)" \
		"b5@$ns2 1 nb@$ns2 1 r 1"
	check_eq "in which skbs stay whole" \
		"$(frames offload "a5@$ns1" $GROUP tcp6 30000 1000)" \
		"b5@$ns2 1 nb@$ns2 1 r 30"
	must [ "$(frames close "a5@$ns1")" = ok ]
	must [ "$(frames close "b5@$ns2")" = ok ]
	must ip -n "$ns1" link del a5
	must ip -n "$ns2" link del b5
}

# An interface of four queues, and a port of four rings
queues()
{
	local q="nq@$ns1" ring first

	must vswctl port add nq switch s0 type netdev netns "$ns1" rings 4
	must ip -n "$ns1" link set nq up
	must vswctl port add m switch s0 rings 4
	must vswctl fdb add 02:00:00:00:00:01 switch s0 port m
	listen "$q"
	for ring in 0 1 2 3; do
		must [ "$(frames attach m $ring)" = ok ]
	done
	first=$(frames flows "$q" 128)
	check_eq "flows of an interface go by all queues, each to a ring" \
		"$(xargs -n 1 <<< "$first" | sort -u | xargs)" "m/0 m/1 m/2 m/3"
	check_eq "and always the same way" "$(frames flows "$q" 128)" "$first"
	for ring in m/0 m/1 m/2 m/3 "$q"; do
		must [ "$(frames close $ring)" = ok ]
	done
	must vswctl port del nq netns "$ns1"
	must vswctl port del m
}

ktap_begin
vsw_load
ns_quiet ns1
ns_quiet ns2
make_switch s0
make_dev s0 "na@$ns1" "nb@$ns2"
must ip -n "$ns1" link set na mtu 65521
must ip -n "$ns2" link set nb mtu 65521
must vswctl port add r switch s0 buf-size 16384
frames_start
listen "na@$ns1" "nb@$ns2"
attach r
who
mtu
updown
offloads
vlans
queues
generator
limits
counters
check "kernel log" kmsg_clean
ktap_finish
