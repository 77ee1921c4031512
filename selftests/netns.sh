#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Network namespaces: who sees what, who may do what, and their end in traffic.
#
#   here               ns1               ns2
#   s0: p1             web of s0         s0 of its own: p1, web
#    +------------------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

dir='' ns1='' ns2='' sender='' receiver=''
MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02

seen()
{
	"$@" vswctl -j port show | jq -r 'map(.name) | sort | join(" ")'
}

visible()
{
	check_eq "a port is visible where it was given" \
		"$(seen in_ns "$ns1")" "web"
	check_eq "and where its switch is" "$(seen)" "p1 web"
	check_eq "and nowhere else" "$(seen in_ns "$ns2")" ""
	check_eq "its owner does not see the switch" \
		"$(in_ns "$ns1" vswctl -j port show web |
			jq -c '.[0] | [has("switch"), has("index"), has("netns-id")]')" \
		"[false,false,false]"
	check_eq "nor that there is one" \
		"$(in_ns "$ns1" vswctl -j switch show)" "[]"
	check_eq "the owner may attach it" "$(frames attach "web@$ns1")" ok
	check_eq "who owns the switch may not" "$(frames attach web)" ENODEV
	check_eq "nor may a third" "$(frames attach "web@$ns2")" ENODEV
	check_eq "the owner sees its region, not the switch" \
		"$(in_ns "$ns1" vswctl -j region show |
			jq -c 'map([.port, has("switch")])')" '[["web",false]]'
	must [ "$(frames close "web@$ns1")" = ok ]
}

rights()
{
	local text='the port belongs to a switch of another namespace (attribute "name")'

	refused "the owner cannot delete the switch's port" "$text" \
		"Operation not permitted" in_ns "$ns1" vswctl port del web
	refused "nor change it" "$text" "Operation not permitted" \
		in_ns "$ns1" vswctl port set web rings 2
	refused "nor delete a switch that it does not see" \
		'no such switch (attribute "name")' "No such device" \
		in_ns "$ns1" vswctl switch del s0
	refused "nor fill its FDB" 'no such switch (attribute "switch")' \
		"No such device" \
		in_ns "$ns1" vswctl fdb add $A switch s0 port web
}

# Two switches with ports of the same names, in two namespaces.
twins()
{
	must in_ns "$ns2" vswctl switch add s0
	must in_ns "$ns2" vswctl port add p1 switch s0
	must in_ns "$ns2" vswctl port add web switch s0
	attach p1 "web@$ns1" "p1@$ns2" "web@$ns2"
	heard_by "1000 frames in one switch stay there" "web@$ns1" \
		p1 $BROADCAST $A 1000
	heard_by "1000 in the other there" "web@$ns2" \
		"p1@$ns2" $BROADCAST $A 1000
	check_eq "each has learned its own" "$(in_ns "$ns2" vswctl -j fdb show |
		jq -c 'map(.port)')$(vswctl -j fdb show | jq -c 'map(.port)')" \
		'["p1"]["p1"]'
	must in_ns "$ns2" vswctl switch del s0
	check_eq "deleting one hurts its ports" \
		"$(frames sync "p1@$ns2")" ENODEV
	heard_by "and not the other" "web@$ns1" p1 $BROADCAST $A
	frames_stop
}

# From p1 here to web in a namespace, until somebody ends it
start_traffic()
{
	bg receiver "$dir/web" ip netns exec "$1" vsw-gen recv 192.0.2.2 $MAC2 \
		192.0.2.1 $MAC1 --port web -s
	bg sender "$dir/p1" vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port p1 -s
	must busywait 20 more_than p1 tx-frames 1000
}

more_than()
{
	[ "$(port_stat "$1" "$2")" -gt "$3" ]
}

no_port()
{
	! vswctl port show "$1"
}

# Its receiver holds a file that was opened in it, but lives elsewhere.
owner_goes()
{
	local sent name

	name=vsw-gone-$$
	must ip netns add "$name"
	must vswctl port add web switch s0 netns "$name"
	frames_start
	attach "web@$name"
	bg sender "$dir/p1" vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port p1 -s
	must busywait 20 more_than web rx-frames 100
	must ip netns del "$name"
	check "a port goes with its owner, though it is attached" \
		busywait 20 no_port web
	check_eq "its program gets errors" "$(frames sync "web@$name")" ENODEV
	check_eq "and a hang-up" "$(frames poll "web@$name")" "err hup"
	sent=$(port_stat p1 tx-frames)
	check "the switch goes on" busywait 20 more_than p1 tx-frames "$sent"
	frames_stop
	stop "$sender"
	check "the memory is given back" busywait 10 regions_freed
}

ended()
{
	! kill -0 "$1" 2> /dev/null
}

switch_is_deleted()
{
	must vswctl port add web switch s0 netns "$ns1"
	start_traffic "$ns1"
	check "a switch can be deleted in traffic" vswctl switch del s0
	check "its sender ends with an error" busywait 20 ended "$sender"
	check "its receiver, too" busywait 20 ended "$receiver"
	check_eq "they say why" \
		"$(grep -l 'No such device' "$dir/p1" "$dir/web" | wc -l)" 2
	check "the memory is given back" busywait 10 regions_freed
}

frames_in()
{
	[ "$(vswctl -n "$1" -j -s port show switch s0 |
		jq 'map(.stats."rx-frames") | add')" -gt 1000 ]
}

# Nobody lives in the namespace of the switch; a file was opened in it.
switch_goes()
{
	local name=vsw-gone-$$

	must ip netns add "$name"
	must vswctl -n "$name" switch add s0
	must vswctl -n "$name" port add idle switch s0
	must vswctl -n "$name" port add p1 switch s0 netns "$ns2"
	must vswctl -n "$name" port add web switch s0 netns "$ns1"
	frames_start
	attach "idle@$name"
	bg receiver "$dir/web" ip netns exec "$ns1" vsw-gen recv 192.0.2.2 $MAC2 \
		192.0.2.1 $MAC1 --port web -s
	bg sender "$dir/p1" ip netns exec "$ns2" vsw-gen send 192.0.2.1 $MAC1 \
		192.0.2.2 $MAC2 --port p1 -s
	must busywait 20 frames_in "$name"
	must ip netns del "$name"
	check "a switch goes with its namespace in traffic: its sender ends" \
		busywait 20 ended "$sender"
	check "its receiver, too" busywait 20 ended "$receiver"
	check_eq "they say why" \
		"$(grep -l 'No such device' "$dir/p1" "$dir/web" | wc -l)" 2
	check_eq "who looked on gets an error" \
		"$(frames sync "idle@$name")" ENODEV
	check_eq "the owners of ports have them no more" \
		"$(seen in_ns "$ns1")$(seen in_ns "$ns2")" ""
	frames_stop
	check "the memory is given back" busywait 10 regions_freed
}

ktap_begin
vsw_load
tmpdir dir
ns_new ns1
ns_new ns2
must vswctl switch add s0
must vswctl port add p1 switch s0
must vswctl port add web switch s0 netns "$ns1"
frames_start
visible
rights
twins
must vswctl port del web netns "$ns1"
owner_goes
switch_is_deleted
switch_goes
check "kernel log" kmsg_clean
ktap_finish
