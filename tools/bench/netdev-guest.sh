#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The cases of netdev.sh, in its guest.
#
# For each path there are two namespaces, a-PATH and b-PATH, with an interface
# eth0 each, 10.0.N.1 and 10.0.N.2. All paths take turns, round by round, so that
# what the kernel remembers or forgets meanwhile is the same for all of them.

set -u

# shellcheck source=/dev/null
. /job

paths="vsw-netdev veth-peer linux-bridge netkit"

# How TCP's dynamics turn out depends on little things, such as how many segments
# fit into a buffer; for the same one they repeat. So each round has another size
# of the socket's buffers, and is compared with that of the same number.
windows=(128K 192K 256K 320K 384K)

failed=0
round=0

# wanted CASE
wanted()
{
	[[ $1 =~ $only ]]
}

# To a full second, when nothing is left to do of what was done before.
settle()
{
	sleep 2
}

fail()
{
	echo "$*"
	failed=1
}

# note CASE PATH UNIT COST: one round
note()
{
	if [[ ! $4 =~ ^[0-9] ]]; then
		fail "$1 $2: no figure"
		return
	fi
	echo "$4" >> "/results/$1 $2 $3"
}

# medians FILE BASE: the median of the figures, and that of their ratios to BASE
medians()
{
	awk -v base="$2" '
	function median(v, n,	m, i, j, t) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && v[j - 1] > v[j]; j--) {
				t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
			}
		m = int((n + 1) / 2)
		return n % 2 ? v[m] : (v[m] + v[m + 1]) / 2
	}
	{
		other = 0
		getline other < base
		cost[NR] = $1
		ratio[NR] = other ? $1 / other : 0
	}
	END {
		middle = median(cost, NR)
		printf "\"cost\":%.10g,\"min\":%.10g,\"max\":%.10g", middle, cost[1], cost[NR]
		if (ratio[1])
			printf ",\"ratio\":%.4f", median(ratio, NR)
	}' "$1"
}

# report CASE PATH...: a line for each path; the ratio is that to a bare veth pair
report()
{
	local base file name=$1 path unit
	shift

	for path; do
		for file in /results/"$name $path "*; do
			[ -e "$file" ] || continue
			unit=${file##* }
			base="/results/$name veth-peer $unit"
			[ -e "$base" ] || base=/dev/null
			printf '{"case":"%s","switch":"%s",%s,"unit":"instructions per %s","rounds":%d}\n' \
				"$name" "$path" "$(medians "$file" "$base")" \
				"$unit" "$(wc -l < "$file")"
		done
	done
}

#
# Paths
#

# number PATH: from 1 on
number()
{
	local path n=0

	for path in vsw-netdev veth-peer linux-bridge netkit dummy; do
		n=$((n + 1))
		[ "$path" != "$1" ] || echo $n
	done
}

mac()
{
	echo "02:00:00:00:0$(number "$1"):0$2"
}

address()
{
	echo "10.0.$(number "$1").$2"
}

# in_ns NS CMD...
in_ns()
{
	ip netns exec "$@"
}

# configure SIDE PATH MINE: addresses, and those of all who may be talked to
configure()
{
	local ns=$1-$2 path=$2 mine=$3 other

	[ "$path" = netkit ] ||
		ip -n "$ns" link set eth0 address "$(mac "$path" "$mine")"
	ip -n "$ns" link set lo up
	ip -n "$ns" link set eth0 up
	ip -n "$ns" address add "$(address "$path" "$mine")/24" dev eth0
	[ "$path" != netkit ] || return 0
	for other in 1 2 8 9; do
		[ $other = "$mine" ] ||
			ip -n "$ns" neigh add "$(address "$path" $other)" \
				lladdr "$(mac "$path" $other)" dev eth0
	done
}

make_vsw-netdev()
{
	vswctl switch add s0 &&
		vswctl port add eth0 switch s0 type netdev netns "$1" &&
		vswctl port add eth0 switch s0 type netdev netns "$2"
}

make_veth-peer()
{
	ip link add eth0 netns "$1" type veth peer name eth0 netns "$2"
}

make_linux-bridge()
{
	local ns

	ip link add br0 type bridge && ip link set br0 up || return
	for ns in "$1" "$2"; do
		ip link add eth0 netns "$ns" type veth peer name "v-${ns%%-*}" &&
			ip link set "v-${ns%%-*}" master br0 up || return
	done
}

# In its default mode; this ip may know no more of it than the name.
make_netkit()
{
	local peer

	ip link add nk-a type netkit || return
	peer=$(ip -o link | sed -n 's/^[0-9]*: \(nk[^-@:]*\)@.*/\1/p')
	ip link set nk-a netns "$1" name eth0 &&
		ip link set "$peer" netns "$2" name eth0
}

make_paths()
{
	local path made=''

	for path in $paths; do
		ip netns add "a-$path"
		ip netns add "b-$path"
		if ! "make_$path" "a-$path" "b-$path" 2> /tmp/error; then
			printf '{"case":"path","switch":"%s","absent":true}\n' "$path"
			sed "s/^/# $path: /" /tmp/error
			continue
		fi
		made+="$path "
	done
	paths=$made
	for path in $paths; do
		configure a "$path" 1
		configure b "$path" 2
		ip netns exec "a-$path" ping -c 1 -W 1 "$(address "$path" 2)" \
			> /dev/null || fail "$path: no way through"
	done
}

# Rings of the switch, and the address 9: frames for it find the interface of b,
# which drops them, for they are none of its own.
make_rings()
{
	vswctl port add ring0 switch s0 &&
		vswctl fdb add "$(mac vsw-netdev 8)" switch s0 port ring0 &&
		vswctl fdb add "$(mac vsw-netdev 9)" switch s0 port-index 1
}

# A device that drops all
make_dummy()
{
	ip netns add a-dummy
	ip link add eth0 netns a-dummy type dummy
	configure a dummy 1
}

make_servers()
{
	local path

	for path in $paths; do
		in_ns "b-$path" chrt -b 0 iperf3 -s -D
		in_ns "b-$path" chrt -b 0 nginx -p / -c /nginx.conf -e /dev/null \
			-g "pid /tmp/nginx-$path.pid;"
	done
	sleep 1
}

#
# Traffic
#

# Instructions of tasks until now, in $now. Not those of an idle processor, which
# waits for a timer or for RCU.
look_at_clock()
{
	local fields

	while read -r -a fields; do
		[ "${fields[0]}" != cpu0 ] || now=${fields[7]}
	done < /proc/schedstat
}

# transfer CASE PATH MEGABYTES: how many instructions that takes, in $took
transfer()
{
	local now begin window=${windows[round % ${#windows[@]}]}

	look_at_clock
	begin=$now
	in_ns "a-$2" chrt -b 0 netdev window "$1/$2" "$3" iperf3 -w "$window" \
		-n "$3M" -c "$(address "$2" 2)" > /tmp/iperf ||
		fail "$1 $2: $(cat /tmp/iperf)"
	# What the server still has to do is not of the next transfer.
	sleep 0.2
	look_at_clock
	took=$((now - begin))
}

# tcp CASE PATH MEGABYTES: what five times as much costs more, as programs have to
# start, and to fill their buffers
tcp()
{
	local took short

	transfer "$1" "$2" "$3"
	short=$took
	transfer "$1" "$2" $((5 * $3))
	note "$1" "$2" byte "$(awk -v more=$((took - short)) -v mega="$3" \
		'BEGIN { printf "%.5f", more / (4 * mega * 1048576) }')"
}

case_tcp-default()
{
	tcp tcp-default "$1" 32
}

offloads()
{
	local side

	for side in a b; do
		in_ns "$side-$1" ethtool -K eth0 tso "$2" gso "$2" > /dev/null
	done
}

case_tcp-nogso()
{
	offloads "$1" off
	tcp tcp-nogso "$1" 8
	offloads "$1" on
}

# udp CASE PATH FROM TO SIDE: datagrams to an address of the path
udp()
{
	note "$1" "$2" datagram "$(netdev udp "$1/$2" "$3" "$4" \
		"$(address "$2" "$5")" "$(mac "$2" "$5")")"
}

case_udp()
{
	udp udp "$1" "a-$1" "b-$1" 2
}

# The same, but the interface drops the frames: what remains of udp is the share
# of the socket that receives.
case_udp-drop()
{
	case $1 in
	vsw-netdev | veth-peer) udp udp-drop "$1" "a-$1" - 9 ;;
	esac
}

# The share of the socket that sends: the device drops all.
case_udp-send()
{
	[ "$1" != vsw-netdev ] || udp udp-send dummy a-dummy - 2
}

case_ring-to-netdev()
{
	[ "$1" != vsw-netdev ] ||
		udp ring-to-netdev vsw-netdev ring:ring0 b-vsw-netdev 2
}

case_netdev-to-ring()
{
	[ "$1" != vsw-netdev ] ||
		udp netdev-to-ring vsw-netdev a-vsw-netdev ring:ring0 8
}

# Requests for a small file, over connections that stay.
case_http()
{
	local rate

	in_ns "a-$1" chrt -b 0 netdev window "http/$1" 1 \
		timeout -s INT 0.4 wrk -t 1 -c 8 -d 10s "http://$(address "$1" 2):80/" > /tmp/wrk
	rate=$(sed -n 's/^Requests\/sec: *//p' /tmp/wrk)
	note http "$1" request "$(awk -v rate="${rate:-0}" 'BEGIN { if (rate) printf "%.1f", 1e9 / rate }')"
}

# traffic CASE: in turns
traffic()
{
	local path times=$rounds

	wanted "$1" || return
	# A median of few of them is off by some percent.
	[[ $1 != tcp-* ]] || times=$((2 * rounds))
	# Once for all that has to warm up.
	for path in $paths; do
		"case_$1" "$path"
	done
	rm -f /results/"$1 "*
	settle
	for ((round = 0; round < times; round++)); do
		for path in $paths; do
			"case_$1" "$path"
		done
	done
	report "$1" $paths dummy
}

#
# Interfaces that come and go
#

# clocked CMD...: how many instructions it takes, with what is left behind for
# later, in $took
clocked()
{
	local now begin

	look_at_clock
	begin=$now
	"$@" > /tmp/clocked 2>&1 || { fail "$*"; cat /tmp/clocked; }
	sleep 1
	look_at_clock
	took=$((now - begin))
}

# A port of a switch and its interface, which is up.
add_ports_vsw-netdev()
{
	seq -f 'port add p%g switch s1 type netdev' "$1" "$2" > /tmp/vswctl
	seq -f 'link set p%g up' "$1" "$2" > /tmp/ip
	vswctl -b /tmp/vswctl && ip -batch /tmp/ip
}

del_ports_vsw-netdev()
{
	seq -f 'port del p%g' "$1" "$2" > /tmp/vswctl
	vswctl -b /tmp/vswctl
}

# The same of a bridge; all words of a line have the same number.
add_ports_linux-bridge()
{
	seq "$1" "$2" | sed 's/.*/link add p& type veth peer name v&\
link set v& master br1 up\
link set p& up/' > /tmp/ip
	ip -batch /tmp/ip
}

del_ports_linux-bridge()
{
	seq -f 'link del p%g' "$1" "$2" > /tmp/ip
	ip -batch /tmp/ip
}

# ports_by_hundred add|del PATH: a line with the mean, the first and the last
ports_by_hundred()
{
	local i took sum=0 first='' size=100 num=1000

	for ((i = 0; i < num; i += size)); do
		clocked "$1_ports_$2" $i $((i + size - 1))
		sum=$((sum + took))
		first=${first:-$took}
	done
	printf '{"case":"ports-%s","switch":"%s","cost":%d,"unit":"instructions per port","first":%d,"last":%d}\n' \
		"$1" "$2" $((sum / num)) $((first / size)) $((took / size))
}

ports()
{
	local path

	wanted ports || return
	vswctl switch add s1
	ip link add br1 type bridge
	ip link set br1 up
	for path in vsw-netdev linux-bridge; do
		settle
		ports_by_hundred add $path
		ports_by_hundred del $path
	done
	vswctl switch del s1
	ip link del br1
}

#
# Containers
#

net_config()
{
	printf 'lxc.net.0.%s\n' "$@" "name = eth0" "flags = up"
}

container_config()
{
	cat <<-CONFIG
		lxc.include = /usr/share/lxc/config/common.conf
		lxc.uts.name = $1
		lxc.rootfs.path = dir:/lxc/rootfs
		lxc.init.cmd = /bin/busybox sleep 1000000
		lxc.apparmor.profile = unconfined
	CONFIG
	case $1 in
	no-network) echo "lxc.net.0.type = empty" ;;
	vsw-netdev) net_config "type = phys" "link = port0" ;;
	linux-bridge) net_config "type = veth" "link = br1" ;;
	esac
}

start_container()
{
	[ "$1" != vsw-netdev ] ||
		vswctl port add port0 switch s1 type netdev || return
	lxc-start -P /lxc -n "$1" -l WARN -o /tmp/lxc || {
		cat /tmp/lxc
		return 1
	}
}

stop_container()
{
	lxc-stop -P /lxc -n "$1" -k || fail "$1: does not stop"
	[ "$1" != vsw-netdev ] || vswctl port del port0 || fail "$1: no port"
}

# The first one has to make directories, and finds no file in a cache.
container_round()
{
	local kind took

	for kind in $kinds; do
		clocked start_container $kind
		note container $kind container "$took"
		stop_container $kind
		settle
	done
}

containers()
{
	local kind kinds="no-network vsw-netdev linux-bridge"

	wanted container || return
	vswctl switch add s1
	ip link add br1 type bridge
	ip link set br1 up
	mkdir -p /lxc/rootfs/{bin,dev,proc,sys,tmp}
	cp /bin/busybox /lxc/rootfs/bin
	for kind in $kinds; do
		mkdir /lxc/$kind
		container_config $kind > /lxc/$kind/config
	done
	container_round
	rm -f /results/container*
	for ((round = 0; round < 3; round++)); do
		container_round
	done
	# shellcheck disable=SC2086 # words
	report container $kinds
	vswctl switch del s1
	ip link del br1
}

prepare()
{
	local module

	for module in /modules/*; do
		insmod "$module" || return
	done
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1 net.ipv4.tcp_no_metrics_save=1
	mkdir -p /results /run/netns
	# Who asks first waits until there is enough, and would be measured so.
	head -c 1 /dev/random > /dev/null
	make_paths
	make_rings
	make_dummy
	make_servers
	# Kernel threads started by the boot still run for some seconds.
	sleep 5
}

prepare || exit 1
for name in udp udp-drop udp-send ring-to-netdev netdev-to-ring \
	tcp-default tcp-nogso http; do
	traffic $name
done
containers
# Last: what it leaves behind makes lxc-start dearer.
ports
exit $failed
