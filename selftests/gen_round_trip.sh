#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A client's requests and a server's answers: each request is answered once, and
# each answer is in the histogram, whatever moves the frames.
#
#   ns1                    here                    ns2
#   na, netdev             h0 h1 h2, ring          nb, netdev
#    |                      |  |  |                 |
#    +---------------------- s0, learn -------------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02 MAC3=02:00:00:00:00:03
MAC4=02:00:00:00:00:04
# ns_new, tmpdir and bg set them.
ns1='' ns2='' dir='' server='' client=''

station()
{
	local mac

	must ip -n "$1" link set "$2" address "$3"
	must ip -n "$1" addr add "$4/24" dev "$2"
	for mac in $MAC1 $MAC2 $MAC3 $MAC4; do
		must ip -n "$1" neigh replace "192.0.2.${mac##*0}" lladdr $mac dev "$2"
	done
}

# ready NS OPTION...: a server that is not on a ring has its socket
ready()
{
	local ns=$1
	shift

	case $* in
	*--xdp*) in_ns "$ns" ip link show | grep -q xdp ;;
	*-R*)	in_ns "$ns" cat /proc/net/packet | grep -q ' 0800 ' ;;
	*)	in_ns "$ns" cat /proc/net/udp | grep -q ':4E20 ' ;;
	esac
}

# Of the last run: both have ended well, and have counted the same.
counts()
{
	jq -c '[.frames, .returned, .lost, .duplicate, .reordered,
		.latency_ns.count]' "$dir/client"
	jq -c '[.frames, .dropped]' "$dir/server"
}

is_sound()
{
	jq -e '.latency_ns | .min > 0 and .mean >= .min and .mean <= .max and
		([.min, .p50, .p90, .p99, ."p99.9", .max] | . == sort)' \
		"$dir/client"
}

# verdict NAME COUNT: of a client that has ended and of its server
verdict()
{
	local name=$1 count=$2

	kill -TERM "$server"
	wait "$server"
	check_eq "$name: the server ends" $? 0
	check_eq "$name: one answer to each request" "$(counts | paste -s -d ' ')" \
		"[$count,$count,0,0,0,$count] [$count,0]" ||
		ktap_diag "$(cat "$dir/client" "$dir/server")"
	check "$name: percentiles grow" is_sound
	ktap_diag "$(jq -c '.latency_ns' "$dir/client")"
}

# on_rings COUNT OPTION...: options of both
on_rings()
{
	local count=$1
	shift

	bg server "$dir/server" vsw-gen server 192.0.2.2 $MAC2 192.0.2.1 $MAC1 \
		--port h1 -s -j "$@"
	must busywait 20 is_attached h1
	bg client "$dir/client" vsw-gen client 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port h0 -s -j --wait 60 -n "$count" "$@"
	ends "rings, $*: the client ends" "$client"
	verdict "rings, $*" "$count"
}

# asker PORT MAC: a ring port, for which senders wait
asker()
{
	must vswctl port add "$1" switch s0 on-full block
	must vswctl fdb add "$2" switch s0 port "$1"
}

# Bursts as they are usual, with each way to receive; then as fast as possible.
test_rings()
{
	local burst

	make_switch s0
	asker h0 $MAC1
	asker h1 $MAC2
	for burst in 4 32 128; do
		on_rings 2000 -r 10k -b "$burst"
	done
	on_rings 2000 -r 10k -p 1514 -c
	on_rings 2000 -r 10k -b 16 -p 9000
	on_rings 2000 -r 10k --direct
	on_rings 2000 -r 10k --direct --threads 2 -p 60
	on_rings 20000 -b 256
	on_rings 20000 --threads 2
}

# A server answers whoever asks, not only the peer that it was told of.
test_two_clients()
{
	local other=''

	make_switch s0
	asker h0 $MAC1
	asker h1 $MAC2
	asker h2 $MAC3
	bg server "$dir/server" vsw-gen server 192.0.2.2 $MAC2 192.0.2.1 $MAC1 \
		--port h1 -s -j
	must busywait 20 is_attached h1
	bg other "$dir/other" vsw-gen client 192.0.2.3 $MAC3 192.0.2.2 $MAC2 \
		--port h2 -s -j -r 2k -n 1000 --wait 60
	bg client "$dir/client" vsw-gen client 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port h0 -s -j -r 2k -n 1000 --wait 60
	ends "two clients: one ends" "$client"
	ends "two clients: the other ends" "$other"
	kill -TERM "$server"
	wait "$server"
	check_eq "each has its own answers" "$(jq -c '[.returned, .lost]' \
		"$dir/client" "$dir/other" | paste -s -d ' ')" "[1000,0] [1000,0]"
	check_eq "from one server" "$(jq -c '[.frames, .dropped]' "$dir/server")" \
		"[2000,0]"
}

# between COUNT CLIENT SERVER [OPTION...]: two namespaces, interfaces e0. Not by
# in_ns, which would be what is killed.
between()
{
	local count=$1 how_client=$2 how_server=$3
	shift 3

	# shellcheck disable=SC2086 # options
	bg server "$dir/server" ip netns exec "$ns2" vsw-gen server 192.0.2.2 $MAC2 \
		192.0.2.1 $MAC1 -s -j $how_server "$@"
	# shellcheck disable=SC2086
	must busywait 20 ready "$ns2" $how_server
	# shellcheck disable=SC2086
	bg client "$dir/client" ip netns exec "$ns1" vsw-gen client 192.0.2.1 $MAC1 \
		192.0.2.2 $MAC2 -s -j --wait 60 -r 10k -n "$count" $how_client "$@"
	ends "$where, ${how_client:-udp} to ${how_server:-udp}: the client ends" "$client"
	verdict "$where, ${how_client:-udp} to ${how_server:-udp}" "$count"
}

# No more requests than there is room for where nobody waits for any.
all_between()
{
	local how

	for how in "" "-R e0 -m" "-R e0 --mmap" "--xdp e0"; do
		between 500 "$how" "$how"
	done
	between 500 "-R e0 --mmap" "-R e0 --mmap" -p 1514 -c --threads 2
	between 500 "--xdp e0" "--xdp e0" -p 1514 -c --threads 2
	between 500 "-R e0" "--xdp e0" -b 7
	between 500 "--xdp e0" "-R e0 --mmap" -b 7
}

test_veth()
{
	local where=veth

	ns_quiet ns1
	ns_quiet ns2
	must ip -n "$ns1" link add e0 type veth peer name e0 netns "$ns2"
	station "$ns1" e0 $MAC1 192.0.2.1
	station "$ns2" e0 $MAC2 192.0.2.2
	must ip -n "$ns1" link set e0 up
	must ip -n "$ns2" link set e0 up
	all_between
}

# Interfaces of a switch; and rings that talk to who knows sockets only.
test_netdev()
{
	local where=netdev

	make_switch s0 h0
	ns_quiet ns1
	ns_quiet ns2
	make_dev s0 "e0@$ns1" "e0@$ns2"
	station "$ns1" e0 $MAC1 192.0.2.1
	station "$ns2" e0 $MAC2 192.0.2.2
	all_between

	bg server "$dir/server" ip netns exec "$ns2" vsw-gen server 192.0.2.2 $MAC2 \
		192.0.2.4 $MAC4 -s -j
	must busywait 20 ready "$ns2"
	bg client "$dir/client" vsw-gen client 192.0.2.4 $MAC4 192.0.2.2 $MAC2 \
		--port h0 -s -j -r 10k -n 500 -b 4 --wait 60
	ends "a ring asks a socket: the client ends" "$client"
	verdict "a ring asks a socket" 500
}

# stopped NAME PID FILE WORDS: a program that had to give up says why, and what it
# has counted until then.
stopped()
{
	busywait 20 eval "! kill -0 $2" || kill -KILL "$2"
	wait "$2"
	check_eq "$1: it fails" $? 2
	check "$1: it says why" grep -F "$4" "$3"
	check "$1: with all of its summary" eval "grep '^{' $3 | jq -e .frames"
}

test_deleted_port()
{
	local app

	make_switch s0
	for app in send recv client server; do
		must vswctl port add h0 switch s0
		bg client "$dir/client" vsw-gen $app 192.0.2.1 $MAC1 \
			192.0.2.2 $MAC2 --port h0 -j -s -r 1k
		must busywait 20 is_attached h0
		must vswctl port del h0
		stopped "$app, its port is deleted" "$client" "$dir/client" \
			"through port h0: No such device"
	done
	check_fails "no such port" 2 "no such port none in this namespace" \
		vsw-gen client 192.0.2.1 $MAC1 192.0.2.2 $MAC2 --port none
	must vswctl port add h0 switch s0
	check_fails "no CAP_NET_RAW" 2 "h0; CAP_NET_RAW is needed" \
		setpriv --bounding-set -net_raw vsw-gen server 192.0.2.1 $MAC1 \
		192.0.2.2 $MAC2 --port h0
}

ktap_begin
vsw_load
tmpdir dir
defer_scope test_rings
defer_scope test_two_clients
defer_scope test_veth
defer_scope test_netdev
defer_scope test_deleted_port
check "kernel log" kmsg_clean
ktap_finish
