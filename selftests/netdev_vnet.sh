#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ring ports with virtio-net headers: what interfaces leave to be done stays so,
# for rings without headers it is done, and a header that lies is found out.
#
#   ns1           ns2           here
#   na, netdev    nb, netdev    v, rings with headers; w, short ones; r, without
#    +----- s0 ----+-------------+------------------------------------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

need curl curl
need ss iproute2

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02
D=02:00:00:00:00:0d
# ns_new, tmpdir and bg set them.
# shellcheck disable=SC2034 # server: bg wants one
ns1='' ns2='' dir='' server=''

# drops_of HEADER FRAME: how many v then has dropped for their headers
drops_of()
{
	local before

	before=$(port_stat v drops.bad-vnet-hdr)
	must [ "$(frames vnet v "$1" "$2")" = ok ]
	echo $(($(port_stat v drops.bad-vnet-hdr) - before))
}

made()
{
	check_eq "a port with headers says so" "$(port_value v vnet-hdr)" on
	check_eq "and one without" "$(port_value r vnet-hdr)" off
	check "in text, the former alone" diff - <(vswctl port show r |
		grep -o vnet-hdr; vswctl port show v | grep -o 'vnet-hdr on') \
		<<< "vnet-hdr on"
	must vswctl port set w vnet-hdr off
	check_eq "it can be changed" "$(port_value w vnet-hdr)" off
	must vswctl port set w vnet-hdr on
	attach v w r
	refused "but not while a program has the port" "the port is attached" \
		"Device or resource busy" vswctl port set w vnet-hdr off
	refused "and interfaces have none" \
		'only ring ports have this (attribute "vnet-hdr")' \
		"Invalid argument" vswctl port add x switch s0 type netdev \
		vnet-hdr on
}

# Of which nothing is to be done
plain()
{
	local a="na@$ns1" b="nb@$ns2"

	heard_by "frames of an interface" "$b r v w" "$a" $UNKNOWN $A 300
	heard_by "of a plain ring" "$a $b v w" r $UNKNOWN $C 300
	heard_by "of a ring with headers" "$a $b r w" v $UNKNOWN $D 300
	heard_by "and for it alone" v r $D $C 300
	heard_by "from an interface, too" v "$a" $D $A 300
	heard_by "and back" "$a" v $A $D 300
	check_eq "bytes are counted without headers" \
		"$(port_stat v tx-bytes)" $((600 * 62))
	check_eq "on both ways" "$(port_stat v rx-bytes)" $((1200 * 62))
	check_eq "frames of many slots" "$(frames raw r "$(bytes 9000)")" \
		"$a $b v w"
	check_eq "on both ways" "$(frames raw v "$(bytes 9000)")" "$a $b r w"
}

# A frame of as many bytes for all, from D
bytes()
{
	printf '%s%s88b5%0*d' ffffffffffff "${D//:/}" $((2 * ($1 - 14))) 0
}

# to FROM DST KIND LEN SIZE EARS: what one sends three times
to()
{
	local ears

	ears=$(frames offload "$1" "$2" "$3" "$4" "$5" 3)
	[ "$ears" = "$6" ] && return
	echo "$3, $4 bytes: '$ears', not '$6'"
	return 1
}

each_kind()
{
	local kind

	for kind in tcp4 udp4 tcp6 udp6; do
		to "$1" "$2" $kind "$3" "$4" "$5" || return
	done
}

offloads()
{
	local a="na@$ns1" b="nb@$ns2"

	heard_by "b is known" "$a r v w" "$b" $UNKNOWN $B
	check "a ring with headers gets long frames whole" \
		each_kind "$a" $D 60001 1400 "v 3"
	check "and checksums unfinished, or right" each_kind "$a" $D 1001 0 "v 3"
	check "where long ones do not fit, they are cut" \
		each_kind "$a" $GROUP 60001 1400 "$b 3 r 129 v 3 w 129"
	check "an interface gets them whole, too" \
		each_kind v $B 60001 1400 "$b 3"
	check "a plain ring gets segments" each_kind v $C 60001 1400 "r 129"
	check "and right checksums" each_kind v $C 1001 0 "r 3"
	check "and all together what they take" \
		each_kind v $GROUP 60001 1400 "$a 3 $b 3 r 129 w 129"
	check "short segments, too" each_kind v $GROUP 40 8 \
		"$a 3 $b 3 r 15 w 3"
}

# Tagged frames have their headers four bytes further on.
vlans()
{
	must ip -n "$ns1" link add link na name a5 type vlan id 5
	must ip -n "$ns1" link set a5 up
	listen "a5@$ns1"
	check_eq "long frames with a tag stay whole" \
		"$(frames offload "a5@$ns1" $D tcp6 30000 1000)" "v 1"
	check_eq "and so do short ones" \
		"$(frames offload "a5@$ns1" $D udp4 1000 0)" "v 1"
	must [ "$(frames close "a5@$ns1")" = ok ]
	must ip -n "$ns1" link del a5
}

# Headers are flags, type, length, size, where the sum starts, and where it is.
lies()
{
	local what header frame

	frame=$(bytes 100)
	while read -r header what; do
		check_eq "$what" "$(drops_of "$header" "$frame")" 1
	done <<-LIST
		01000000000060001000	a sum behind the frame is refused
		0100000000005e000600	and one half behind it
		0100000000000000ffff	and one far away
		0100000000000e000000	and one inside of a header of IP
		00070000e803		a kind of segments that there is not
		00010000e803		TCP that is none
		000400000000		segments of no size
		00050000e803		segments of UDP without a sum
		010500000a0022001000	and with that of TCP
	LIST
	check_eq "what is right is not" "$(drops_of 0100000000002e001000 "$frame")" 0
	check_eq "nor a flag for others" "$(drops_of 0200 "$frame")" 0
	frames vnet v 00 "$(bytes 65554)" > /dev/null
	check_eq "no frame is longer than IP and a tag allow" \
		"$(port_stat v drops.bad-len)" 1
	frames vnet v 00 0102030405060708090a0b0c0d > /dev/null
	check_eq "nor shorter than a header of Ethernet" \
		"$(port_stat v drops.runt)" 1
	noise
}

refused_or_sent()
{
	port_show v | jq '.[0].stats | ."tx-frames" + .drops."bad-vnet-hdr"'
}

noise()
{
	local before

	before=$(refused_or_sent)
	check_eq "random headers do no harm" "$(frames vnet-noise v 3000)" ok
	check_eq "and each frame is counted once" \
		$(($(refused_or_sent) - before)) 3000
}

# Of a sender that waits, everything arrives.
waits()
{
	local got=0 n before

	must [ "$(frames close w)" = ok ]
	must vswctl port set w slots 16 on-full block
	attach w
	heard_by "w is known" "na@$ns1 nb@$ns2 r v" w $GROUP $UNKNOWN
	must [ "$(frames send r $UNKNOWN $C 100)" = ok ]
	while n=$(frames recv w) && [ "$n" -gt 0 ]; do
		got=$((got + n))
		must [ "$(frames sync r)" = ok ]
	done
	check_eq "a full ring makes plain rings wait" $got 100
	# What was sent before may have been too much, too.
	before=$(port_stat w drops.no-room)
	send v $UNKNOWN $D 100
	check_eq "and drops what comes from one with headers" \
		"$(frames recv w) $(($(port_stat w drops.no-room) - before))" \
		"15 85"
}

# station NS DEV MAC IP
station()
{
	must ip -n "$1" link set "$2" address "$3"
	must ip -n "$1" addr add "$4/24" dev "$2"
	must ip -n "$1" neigh replace 192.0.2.1 lladdr $MAC1 dev "$2"
	must ip -n "$1" neigh replace 192.0.2.2 lladdr $MAC2 dev "$2"
}

listening()
{
	in_ns "$1" ss -Hlnt "sport = $2" | grep -q .
}

file()
{
	head -c 8000000 /dev/urandom > "$dir/file"
	bg server "$dir/server" in_ns "$ns1" /usr/bin/python3 -m http.server \
		5000 --directory "$dir"
	busywait 20 listening "$ns1" 5000 || return
	in_ns "$ns2" curl -sSf http://192.0.2.1:5000/file -o "$dir/copy" &&
		cmp "$dir/file" "$dir/copy"
}

# Programs that move frames with their headers, as a virtual machine's do
forwarders()
{
	must [ "$(frames close r)" = ok ]
	make_switch s1
	must vswctl port del nb netns "$ns2"
	make_dev s1 "nb@$ns2"
	station "$ns1" na $MAC1 192.0.2.1
	station "$ns2" nb $MAC2 192.0.2.2
	join_rings s0 $MAC1 s1 $MAC2 vnet-hdr on
	check "8 MB by TCP, with headers all the way, are intact" file
	check "most of it in long frames" [ \
		$(($(port_stat s0-out tx-bytes) + $(port_stat s0-in rx-bytes))) -gt \
		$((4000 * ($(port_stat s0-out tx-frames) +
			   $(port_stat s0-in rx-frames)))) ]
}

ktap_begin
vsw_load
tmpdir dir
ns_quiet ns1
ns_quiet ns2
make_switch s0
make_dev s0 "na@$ns1" "nb@$ns2"
must ip -n "$ns1" link set na mtu 65521
must ip -n "$ns2" link set nb mtu 65521
must vswctl port add v switch s0 vnet-hdr on
must vswctl port add w switch s0 buf-size 512 vnet-hdr on
must vswctl port add r switch s0 buf-size 16384
frames_start
listen "na@$ns1" "nb@$ns2"
made
plain
offloads
vlans
lies
waits
forwarders
check "kernel log" kmsg_clean
ktap_finish
