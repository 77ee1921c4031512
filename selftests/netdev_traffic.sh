#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs that know sockets only, and others that know rings only: all that they
# send each other arrives, and right, also through rings in between, and lookups
# decide about either.
#
#   ns1          here                                          ns2
#   na, netdev   s0-in  --> vsw-gen forward --> s1-out          nb, netdev
#    |           s0-out <-- vsw-gen forward <-- s1-in            |
#    +---- s0 ----+                              +------ s1 -----+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

need iperf3 iperf3
need curl curl
need ss iproute2
need ethtool ethtool

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02 MAC3=02:00:00:00:00:03
# ns_new, tmpdir and bg set them.
# shellcheck disable=SC2034 # server: bg wants one
ns1='' ns2='' dir='' receiver='' server=''

# station NS DEV MAC IP: an interface with addresses; it need not ask for others
station()
{
	must ip -n "$1" link set "$2" address "$3" mtu 65521
	must ip -n "$1" addr add "$4/24" dev "$2"
	must ip -n "$1" neigh replace 192.0.2.1 lladdr $MAC1 dev "$2"
	must ip -n "$1" neigh replace 192.0.2.2 lladdr $MAC2 dev "$2"
	must ip -n "$1" neigh replace 192.0.2.3 lladdr $MAC3 dev "$2"
}

integrity()
{
	jq -c '[.frames, (.integrity | .lost, .corrupt, .duplicate,
		.reordered)]' "$dir/recv"
}

listening()
{
	in_ns "$1" ss -Hlnu "sport = $2" | grep -q .
}

# From a ring to a socket, COUNT frames of SIZE, which the sender may send at RATE
ring_to_socket()
{
	local size=$1 count=$2

	bg receiver "$dir/recv" in_ns "$ns1" vsw-gen recv 192.0.2.1 $MAC1 \
		192.0.2.3 $MAC3 -i -s -j -B
	busywait 20 listening "$ns1" 20000 || return
	vsw-gen send 192.0.2.3 $MAC3 192.0.2.1 $MAC1 --port f0 -i -s \
		-p "$size" -n "$count" -b 16 -r 20k || return
	wait "$receiver"
	[ "$(integrity)" = "[$count,0,0,0,0]" ] || { cat "$dir/recv"; false; }
}

socket_to_ring()
{
	local size=$1 count=$2

	bg receiver "$dir/recv" vsw-gen recv 192.0.2.3 $MAC3 \
		192.0.2.1 $MAC1 --port f0 -i -s -j
	busywait 20 is_attached f0 || return
	busywait 20 vswctl fdb show $MAC3 switch s0 || return
	in_ns "$ns1" vsw-gen send 192.0.2.1 $MAC1 192.0.2.3 $MAC3 -B -i -s \
		-p "$size" -n "$count" -b 16 -r 20k || return
	wait "$receiver"
	[ "$(integrity)" = "[$count,0,0,0,0]" ] || { cat "$dir/recv"; false; }
}

conversions()
{
	local size count

	# No more than the ring holds: who sends by a socket does not wait.
	while read -r size count; do
		check "frames of $size bytes from a ring to a socket" \
			ring_to_socket "$size" "$count"
		check "and from a socket to a ring" \
			socket_to_ring "$size" "$count"
	done <<-LIST
		64	2000
		1500	2000
		9000	500
		65000	100
	LIST
}

# Both ways at once
forwarders()
{
	must vswctl port del f0
	join_rings s0 $MAC1 s1 $MAC2
	must ip -n "$ns1" link set na mtu 1500
	must ip -n "$ns2" link set nb mtu 1500
	check "two hosts reach each other through rings" \
		in_ns "$ns1" ping -q -c 3 -i 0.2 192.0.2.2
}

# A file, by a server and a client of which none does anything clever
file()
{
	head -c 20000000 /dev/urandom > "$dir/file"
	bg server "$dir/server" in_ns "$ns1" /usr/bin/python3 -m http.server \
		5000 --directory "$dir"
	busywait 20 eval 'in_ns "$ns1" ss -Hlnt "sport = 5000" | grep -q .' ||
		return
	in_ns "$ns2" curl -sSf http://192.0.2.1:5000/file -o "$dir/copy" &&
		cmp "$dir/file" "$dir/copy"
}

# Sends standard input by SCTP, or without a copy by the kernel until it has to
SENDER='
import socket, struct, sys

how, ip = sys.argv[1:]
sctp = how == "sctp"
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132 if sctp else 6)
s.connect((ip, 5002))
data, calls = memoryview(sys.stdin.buffer.read()), 0
if not sctp:
    s.setsockopt(socket.SOL_SOCKET, 60, 1)  # SO_ZEROCOPY
while data:
    data = data[s.send(data[:50000], 0 if sctp else 0x4000000):]
    calls += 1
s.shutdown(socket.SHUT_WR)
# Each call is to be told when its memory is free.
if not sctp:
    s.recv(1)
while not sctp and calls:
    first, last = struct.unpack("8x2I", s.recvmsg(0, 64, 0x2000)[1][0][2][:16])
    calls -= last - first + 1
'
RECEIVER='
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM,
                  132 if sys.argv[1] == "sctp" else 6)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 5002))
s.listen()
print("ready", flush=True)
c, _ = s.accept()
with open(sys.argv[2], "wb") as file:
    while data := c.recv(65536):
        file.write(data)
c.close()
'

# stream HOW: 2 MB from ns1 to ns2
stream()
{
	local pid

	rm -f "$dir/ready"
	bg pid "$dir/ready" in_ns "$ns2" /usr/bin/python3 -c "$RECEIVER" "$1" \
		"$dir/streamed"
	busywait 20 grep -qs ready "$dir/ready" || return
	head -c 2000000 "$dir/file" > "$dir/part"
	in_ns "$ns1" timeout 60 /usr/bin/python3 -c "$SENDER" "$1" 192.0.2.2 \
		< "$dir/part" && wait "$pid" && cmp "$dir/part" "$dir/streamed"
}

# streams WHERE
streams()
{
	if modprobe -q sctp; then
		check "2 MB by SCTP $1 are intact" stream sctp
	else
		ktap_skip "SCTP $1" "not in this kernel"
	fi
	check "and by TCP with MSG_ZEROCOPY, of which each call is told" \
		stream zerocopy
}

# iperf NS IP OPTION...: what a client says
iperf()
{
	local there=$1 here=$2 ip=$3
	shift 3

	bg server "$dir/server" in_ns "$there" iperf3 -s -1 -p 5201
	busywait 20 eval 'in_ns "$there" ss -Hlnt "sport = 5201" | grep -q .' ||
		return
	in_ns "$here" iperf3 -c "$ip" -J "$@" > "$dir/iperf" ||
		{ cat "$dir/iperf"; return 1; }
}

# shellcheck disable=SC2120 # or none
tcp()
{
	iperf "$ns2" "$ns1" 192.0.2.2 -n 10M "$@" || return
	# Packets of 1448 bytes that were sent again: a few when a ring is full
	[ "$(jq '.end.sum_sent.retransmits' "$dir/iperf")" -lt 2000 ] &&
		[ "$(jq '.end.sum_received.bytes' "$dir/iperf")" -ge 5000000 ] ||
		{ jq .end "$dir/iperf"; false; }
}

udp()
{
	iperf "$ns2" "$ns1" 192.0.2.2 -u -b 20M -n 2M "$@" || return
	[ "$(jq '.end.sum.packets - .end.sum.lost_packets' "$dir/iperf")" -gt 0 ]
}

reaches()
{
	in_ns "$ns1" ping -q -c 1 -W 5 192.0.2.2
}

# datagram PORT: send one to the other host
datagram()
{
	in_ns "$ns1" bash -c "echo hello > /dev/udp/192.0.2.2/$1"
}

more_than()
{
	[ "$(port_stat "$1" "$2")" -gt "$3" ]
}

# What a socket sends to a UDP port arrives
arrives()
{
	local before

	before=$(port_stat "nb@$ns2" rx-frames)
	datagram "${1:-8}" && busywait 5 more_than "nb@$ns2" rx-frames "$before"
}

# and is dropped
is_dropped()
{
	local before

	before=$(port_stat "na@$ns1" drops.lookup)
	datagram "$1" && more_than "na@$ns1" drops.lookup "$before"
}

# Both interfaces on one switch
lookups()
{
	must vswctl fdb del $MAC2 switch s0
	must vswctl port del nb netns "$ns2"
	make_dev s0 "nb@$ns2"
	station "$ns2" nb $MAC2 192.0.2.2
	check "two hosts on one switch" reaches
	lookup_load hub static flow lb acl chain
	defer vswctl switch set s0 lookup learn
	check "a hub" vswctl switch set s0 lookup hub
	check "passes frames between interfaces" reaches
	check "a static lookup" vswctl switch set s0 lookup static \
		connect na with nb
	check "passes frames between interfaces" reaches
	check "a flow lookup" vswctl switch set s0 lookup flow \
		ports nb via na
	check "passes frames between interfaces" reaches
	check "so does a load balancer" vswctl switch set s0 lookup lb \
		ports nb via na
	check "from the one side to the other" reaches
	check "a rule" vswctl switch set s0 lookup acl default allow \
		rule "proto udp dport 7 drop"
	check "lets pass what it is not about" reaches
	check "such as another UDP port" arrives 8
	check "and drops what a socket sends to one" is_dropped 7
	check "TCP is not affected" tcp
	streams "from interface to interface"
	check "a chain" vswctl switch set s0 lookup chain port na,nb
	check "leads from the first to the second" arrives
	check "turned round" vswctl switch set s0 lookup chain port nb,na
	check "it ends at the first" is_dropped 8
}

# Interfaces of several queues, on two CPUs
queues()
{
	must vswctl switch set s0 lookup learn
	must vswctl port del na netns "$ns1"
	must vswctl port del nb netns "$ns2"
	must vswctl port add na switch s0 type netdev netns "$ns1" rings 4
	must vswctl port add nb switch s0 type netdev netns "$ns2" rings 4
	must ip -n "$ns1" link set na up
	must ip -n "$ns2" link set nb up
	station "$ns1" na $MAC1 192.0.2.1
	station "$ns2" nb $MAC2 192.0.2.2
	check "eight TCP streams by four queues" tcp -P 8
	check "and backwards" tcp -P 8 -R
	must in_ns "$ns1" ethtool -K na gro on
	must in_ns "$ns2" ethtool -K nb gro on
	check "with GRO, too" tcp -P 8
}

ktap_begin
vsw_load
tmpdir dir
ns_quiet ns1
ns_quiet ns2
make_switch s0
make_switch s1
must vswctl port add f0 switch s0 slots 4096
make_dev s0 "na@$ns1"
make_dev s1 "nb@$ns2"
station "$ns1" na $MAC1 192.0.2.1
station "$ns2" nb $MAC2 192.0.2.2
conversions
forwarders
check "20 MB by TCP through rings are intact" file
check "TCP through rings, few packets are sent twice" tcp
check "and backwards" tcp -R
check "UDP through rings" udp
check "and backwards" udp -R
streams "through rings"
lookups
queues
check "kernel log" kmsg_clean
ktap_finish
