#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Mixed traffic while ports come and go, interfaces move, containers are killed and
# the device of an uplink is taken away and comes back. By hand for longer:
# VSW_SOAK=600, in seconds.
#
#   p1, p2, rings       home: eth0          guest: eth0, again and again
#      |   |               |                     |
#      +---+------ s0 -----+---------------------+---- up0 ---- far: v1

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

SOAK=${VSW_SOAK:-24}
HOME_IP=192.0.2.1 FAR_IP=192.0.2.2 GUEST_IP=192.0.2.3
P1="192.0.2.11 02:00:00:00:00:11" P2="192.0.2.12 02:00:00:00:00:12"
dir='' home='' far='' other='' sender='' guests=0 uplinks=0

need iperf3 iperf3
need ping iputils-ping

# Traffic that goes on whatever happens to it
again()
{
	while :; do
		timeout 5 "$@" || sleep 0.1
	done
}

uplink()
{
	must ip -n "$far" link add v1 type veth peer name v0 netns "$home"
	must ip -n "$far" addr add $FAR_IP/24 dev v1
	must ip -n "$far" link set v1 up
	must ip -n "$home" link set v0 up
	must vswctl port add up0 switch s0 type uplink dev v0 netns "$home"
}

is_gone()
{
	! vswctl port show "$1" netns "$2"
}

# In which namespace it is does not matter to its port.
guest_moves()
{
	must ip -n "$1" link set eth0 netns "$other"
	must ip -n "$other" link set eth0 name eth9
	must ip -n "$other" link set eth9 up
	must ip -n "$other" link set eth9 netns "$1"
	must ip -n "$1" link set eth9 name eth0
}

# A container with its programs, which ends in one way or another
guest()
{
	local ns=vsw-soak-guest init

	must ip netns add $ns
	must vswctl port add eth0 switch s0 type netdev netns $ns
	[ $((guests % 2)) -eq 0 ] || guest_moves $ns
	must ip -n $ns addr add $GUEST_IP/24 dev eth0
	must ip -n $ns link set eth0 up
	ip netns exec $ns sleep 1000 &
	init=$!
	ip netns exec $ns ping -f -w 1 -s 9000 $HOME_IP > "$dir/ping" 2>&1
	reached=$((reached + $(sed -n 's/.*, \([0-9]*\) received.*/\1/p' \
				"$dir/ping")))
	case $((guests % 4)) in
	0) must vswctl port del eth0 netns $ns ;;
	1) must ip -n $ns link del eth0 ;;
	2) must ip -n $ns link set eth0 down ;;
	esac
	# Its last process takes the namespace along.
	ip netns del $ns
	kill -KILL $init
	wait $init 2> /dev/null
	guests=$((guests + 1))
}

uplink_again()
{
	must ip -n "$home" link del v0
	must busywait 10 is_gone up0 "$home"
	uplink
	uplinks=$((uplinks + 1))
}

send()
{
	# shellcheck disable=SC2086 # addresses are two words
	bg sender "$dir/send" vsw-gen send $P1 $P2 --port p1 -s -r 20k
}

churn()
{
	local end=$((SECONDS + $1))

	while [ $SECONDS -lt $end ]; do
		guest
		[ $((guests % 3)) -ne 0 ] || uplink_again
		kill -KILL "$sender"
		wait "$sender" 2> /dev/null
		send
	done
}

# What the kernel holds, in KiB, when what it frees late is freed
held()
{
	sync
	sleep 1
	awk '/^(Slab|Percpu|KernelStack|PageTables|VmallocUsed):/ { n += $2 }
	     END { print n }' /proc/meminfo
}

ktap_begin
vsw_load
tmpdir dir
ns_new home
ns_new far
ns_new other
make_switch s0
must vswctl port add p1 switch s0
must vswctl port add p2 switch s0 on-full block deadline 1000
make_dev s0 "eth0@$home"
must ip -n "$home" addr add $HOME_IP/24 dev eth0
uplink

# shellcheck disable=SC2034 # bg wants one
{
	bg pid "$dir/server" in_ns "$home" iperf3 -s
	bg pid "$dir/tcp" again ip netns exec "$far" iperf3 -c $HOME_IP -t 3
	bg pid "$dir/far" again ip netns exec "$far" ping -f -w 3 $HOME_IP
	# shellcheck disable=SC2086 # addresses are two words
	bg pid "$dir/recv" vsw-gen recv $P2 $P1 --port p2 -s
}
reached=0
send
churn $((SOAK / 3))
first=$(held)
churn $((SOAK - SOAK / 3))
second=$(held)
ktap_diag "$guests guests, $uplinks uplinks, $reached answers; $first, then $second KiB"

check "guests come and go" [ $guests -ge 2 ]
check "and reach who stays" [ $reached -gt $guests ]
check "the uplink's device comes back" [ $uplinks -ge 1 ]
check "behind it there is still who was there" busywait 20 \
	in_ns "$home" ping -c 1 -w 1 $FAR_IP
check "programs with rings have gone on" \
	[ "$(port_stat p2 rx-frames)" -gt 0 ]
check_eq "no port is left that should not be" \
	"$(vswctl -j port show | jq -c '[.[].name] | sort')" \
	'["eth0","p1","p2","up0"]'
check "nor memory" [ "$second" -lt $((first + 8192)) ]
check "kernel log" kmsg_clean
ktap_finish
