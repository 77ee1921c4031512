#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two switches whose stations have the same addresses and the same ports: neither
# hears anything of the other, by a million frames between rings, each with a number
# and a checksum, and by sockets meanwhile.
#
#   nsA0            nsA1                   nsB0            nsB1
#   eth0, ring0     eth0, ring0            eth0, ring0     eth0, ring0
#    +----- sA ------+                      +----- sB ------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

FRAMES=500000
DATAGRAMS=10000
# ns_new and tmpdir set them.
dir='' nsA0='' nsA1='' nsB0='' nsB1=''
# shellcheck disable=SC2034 # bg wants them
declare -A receiver sender

# station SWITCH NETNS NUMBER
station()
{
	local ns=$2 i

	must vswctl port add ring0 switch "$1" netns "$ns" slots 4096 \
		buf-size 256 on-full block
	must vswctl fdb add "02:00:00:00:01:0$3" switch "$1" \
		port-index "$(port_value "ring0@$ns" index)"
	make_dev "$1" "eth0@$ns"
	must ip -n "$ns" link set eth0 address "02:00:00:00:00:0$3"
	must ip -n "$ns" addr add "192.0.2.$3/24" dev eth0
	for i in 0 1; do
		must ip -n "$ns" neigh replace "192.0.2.$i" \
			lladdr "02:00:00:00:00:0$i" dev eth0
	done
}

# ends KIND FRAMES SWITCH NETNS0 NETNS1: from the first to the second
ends()
{
	local kind=$1 frames=$2 sw=$3 from=$4 to=$5 mac=02:00:00:00
	local -a how=(-i -s -j)

	if [ "$kind" = ring ]; then
		mac+=:01
		how+=(--port ring0 -b 256)
	else
		mac+=:00
		how+=(-B -b 16 -r 10k)
	fi
	bg "receiver[$kind$sw]" "$dir/$kind$sw" in_ns "$to" vsw-gen recv \
		192.0.2.1 $mac:01 192.0.2.0 $mac:00 "${how[@]}" --no-announce
	must busywait 20 listens "$kind" "$to"
	bg "sender[$kind$sw]" "$dir/send" in_ns "$from" vsw-gen send \
		192.0.2.0 $mac:00 192.0.2.1 $mac:01 "${how[@]}" -n "$frames"
}

listens()
{
	if [ "$1" = ring ]; then
		is_attached "ring0@$2"
	else
		in_ns "$2" ss -Hlnu 'sport = 20000' | grep -q .
	fi
}

result()
{
	jq -c '[.frames, .other] + (.integrity | [.lost, .corrupt, .duplicate,
		.reordered, (.sources | length)])' "$dir/$1"
}

# Of all ports
sum()
{
	vswctl -j -s port show | jq --arg key "$1" 'map(.stats[$key]) | add'
}

ktap_begin
vsw_load
tmpdir dir
for name in nsA0 nsA1 nsB0 nsB1; do
	ns_quiet $name
done
make_switch sA
make_switch sB
station sA "$nsA0" 0
station sA "$nsA1" 1
station sB "$nsB0" 0
station sB "$nsB1" 1
ends ring $FRAMES sA "$nsA0" "$nsA1"
ends ring $FRAMES sB "$nsB0" "$nsB1"
ends socket $DATAGRAMS sA "$nsA0" "$nsA1"
ends socket $DATAGRAMS sB "$nsB0" "$nsB1"
# Not in a subshell, whose children they are not
wait "${receiver[@]}"
for sw in A B; do
	check_eq "switch $sw: each frame arrives once, none of the other's" \
		"$(result "rings$sw")" "[$FRAMES,0,0,0,0,0,1]"
	check_eq "the same of datagrams" "$(result "sockets$sw")" \
		"[$DATAGRAMS,0,0,0,0,0,1]"
done
# Also frames that say that a sender has ended, which are many if nobody is there.
check "no more was received than was sent" \
	[ "$(sum rx-frames)" -le "$(sum tx-frames)" ]
check "kernel log" kmsg_clean
ktap_finish
