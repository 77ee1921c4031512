#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# LXC containers whose interfaces are ports, by nothing but the lines of
# tools/lxc/lxc.conf: programs that know nothing of vsw use them as any other.
#
#   vsw-n1, privileged    vsw-n2, unprivileged    here               vsw-n3
#        eth0                  eth0               host0  rings        eth0
#         +--------- s0 -------+--------------------+-----+ -- +- s1 --+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/containers.sh"

need curl curl
need ss iproute2
need iperf3 iperf3
need nginx nginx-light
need wrk wrk

# tmpdir and bg set them.
# shellcheck disable=SC2034 # pid: bg wants one
dir='' pid=''

# The lines of the example, for container N on a switch
lines()
{
	sed -e '/^#/d' -e "s,/usr/local/share/vsw/lxc,$VSW_TOP/tools/lxc," \
		-e "s/web0/c$1/; s/sw0/$2/; s/192.0.2.1/192.0.2.$1/" \
		-e "s/2001:db8::1/2001:db8::$1/" "$VSW_TOP/tools/lxc/lxc.conf"
}

# begin N SWITCH [unprivileged]
begin()
{
	# shellcheck disable=SC2034 # for lxc_start
	lxc_net=$(lines "$1" "$2")
	lxc_start "vsw-n$1" "${3:-privileged}"
	lxc_bring "vsw-n$1" iperf3
}

has_port()
{
	[ "$(port_value "$1" type)" = netdev ]
}

no_port()
{
	! vswctl port show "$1"
}

in_box()
{
	lxc_run "vsw-n$1" busybox "${@:2}"
}

interface()
{
	check_eq "the container has an interface of the kind vsw" \
		"$(in_ns_of 1 ip -j -d link show eth0 |
			jq -r '.[0].linkinfo.info_kind')" vsw
	check "of a port of the host" has_port c1
	check_eq "which says where it is" "$(port_value c1 dev)" eth0
}

# In the network of a container, with the host's files
in_ns_of()
{
	nsenter -t "$(lxc_pid "vsw-n$1")" -n "${@:2}"
}

address()
{
	in_ns_of "$1" ip -j link show eth0 | jq -r '.[0].address'
}

reach()
{
	check "ping" in_box 1 ping -c 3 -i 0.2 -q 192.0.2.2
	check "ping of IPv6, once addresses are proved" busywait 20 \
		in_box 2 ping6 -c 1 -q 2001:db8::1
	check "ARP finds who has an address" \
		in_box 1 arping -c 1 -I eth0 192.0.2.2
	must vswctl port add host0 switch s0 type netdev
	must ip addr add 192.0.2.100/24 dev host0
	must ip link set dev host0 up
	check "the host joins in with an interface" \
		ping -q -c 3 -i 0.2 192.0.2.1
	check "and is reached" in_box 2 ping -c 1 -q 192.0.2.100
}

# A lease from one container to the other
dhcp()
{
	local root=$lxc_dir/vsw-n2/rootfs/tmp

	cat > "$lxc_dir/vsw-n1/rootfs/tmp/udhcpd.conf" <<-CONF
		interface eth0
		start 192.0.2.50
		end 192.0.2.50
		lease_file /tmp/leases
		pidfile /tmp/udhcpd.pid
		option subnet 255.255.255.0
	CONF
	cat > "$root/lease" <<-'SCRIPT'
		#!/bin/sh
		[ "$1" != bound ] || echo "$ip" > /tmp/address
	SCRIPT
	chmod 755 "$root/lease"
	chmod 777 "$root"
	: > "$lxc_dir/vsw-n1/rootfs/tmp/leases"
	lxc_bg pid "$dir/udhcpd" vsw-n1 busybox udhcpd -f /tmp/udhcpd.conf
	busywait 20 in_box 2 udhcpc -i eth0 -n -q -f -t 3 -T 1 -s /tmp/lease ||
		return
	[ "$(cat "$root/address")" = 192.0.2.50 ]
}

listening()
{
	in_ns_of 1 ss -Hlnt "sport = $1" | grep -q .
}

iperf()
{
	lxc_bg pid "$dir/server" vsw-n1 iperf3 -s -1
	busywait 20 listening 5201 || return
	lxc_run vsw-n2 iperf3 -c 192.0.2.1 -J "$@" > "$dir/iperf" &&
		[ "$(jq '.end.sum_received.bytes // .end.sum.bytes' \
			"$dir/iperf")" -gt 1000000 ] || { cat "$dir/iperf"; false; }
}

iperfs()
{
	check "TCP from container to container" iperf -n 8M
	check "and back" iperf -n 8M -R
	check "UDP from container to container" iperf -u -n 2M -b 20M
	check "and back" iperf -u -n 2M -b 20M -R
}

web_server()
{
	local root=$lxc_dir/vsw-n1/rootfs kind

	mkdir -p "$root/etc" "$root/tmp/www" "$root/tmp/logs"
	echo root:x:0:0::/:/bin/sh > "$root/etc/passwd"
	echo root:x:0: > "$root/etc/group"
	head -c 1000000 /dev/urandom > "$root/tmp/www/large"
	echo hello > "$root/tmp/www/small"
	{
		echo "daemon off; user root; pid /tmp/pid; error_log /tmp/log;"
		echo "events {} http { access_log off; "
		for kind in client_body proxy fastcgi uwsgi scgi; do
			echo "${kind}_temp_path /tmp/$kind;"
		done
		echo "server { listen 80; root /tmp/www; } }"
	} > "$root/tmp/nginx.conf"
	lxc_bring vsw-n1 nginx
	lxc_bg pid "$dir/nginx" vsw-n1 nginx -p /tmp -e /tmp/log \
		-c /tmp/nginx.conf
	busywait 20 listening 80
}

# fetch CMD...: the large file, by curl in whatever place CMD is
fetch()
{
	"$@" curl -sf --max-time 60 http://192.0.2.1/large -o "$dir/large" &&
		cmp "$dir/large" "$lxc_dir/vsw-n1/rootfs/tmp/www/large"
}

load()
{
	lxc_bring vsw-n2 wrk
	lxc_run vsw-n2 wrk -t 1 -c 8 -d 1 http://192.0.2.1:80/small > "$dir/wrk" &&
		grep -q 'requests in' "$dir/wrk" &&
		! grep -E 'Socket errors|Non-2xx' "$dir/wrk" ||
		{ cat "$dir/wrk"; false; }
}

web()
{
	must web_server
	check "nginx in a container serves the host" fetch
	check "and another container" fetch in_ns_of 2
	check "all requests of wrk are answered" load
	must vswctl switch add s1
	defer vswctl switch del s1
	begin 3 s1
	join_rings s0 "$(address 1)" s1 "$(address 3)"
	check "a container behind rings reaches it, too" fetch in_ns_of 3
	check "while others do" fetch in_ns_of 2
}

# Stop, start again, kill
ends()
{
	must lxc_stop vsw-n2
	check "the port goes when the container stops" busywait 20 no_port c2
	must lxc_begin vsw-n2
	check "it comes with the next start" has_port c2
	check "and works" busywait 20 in_box 2 ping -c 1 -q 192.0.2.100
	kill -KILL "$(lxc_pid vsw-n2)"
	must lxc-wait -P "$lxc_dir" -n vsw-n2 -s STOPPED -t 60 2> /dev/null
	check "killing the container takes the port away" \
		busywait 20 no_port c2
	check "and the interface" eval '! ip link show c2 2> /dev/null'
	check "another container does not notice" ping -q -c 1 192.0.2.1
	must lxc_begin vsw-n2
	check "it can be started again" busywait 20 \
		in_box 1 ping -c 1 -q 192.0.2.2
}

ktap_begin
vsw_load
tmpdir dir
must vswctl switch add s0
defer vswctl switch del s0
begin 1 s0
begin 2 s0 unprivileged
interface
reach
check "DHCP" dhcp
iperfs
web
ends
check "kernel log" kmsg_clean
ktap_finish
