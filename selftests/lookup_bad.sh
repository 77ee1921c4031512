#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Lookups that misbehave: one that cannot be prepared, verdicts that make no
# sense, and a module that is removed by force while frames pass, also that of a
# lookup behind another one. Frames are dropped and counted, or there is an error
# that says why; nothing worse.
#
#   p1, sends                p2, receives
#   +----------- s0, bad ----------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02
FRAMES=500
dir=''

bad_load()
{
	must insmod "$VSW_SELFTESTS/modules/vsw-lookup-bad.ko"
}

# It may be gone.
bad_unload()
{
	[ ! -e /sys/module/vsw_lookup_bad ] || busywait 5 rmmod vsw_lookup_bad
}

send()
{
	vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 --port p1 -s -n $FRAMES \
		-b 64 > /dev/null
}

# verdict TEXT MODE DROP: a nonsense verdict has all frames dropped for a reason
verdict()
{
	local before heard

	must vswctl switch set s0 mode "$2"
	before=$(port_stat p1 "drops.$3")
	heard=$(port_stat p2 rx-frames)
	check "$1: sending is no error" send
	check_eq "  and frames are counted as $3" "$(port_stat p1 "drops.$3")" \
		$((before + FRAMES))
	check_eq "  and none arrives" "$(port_stat p2 rx-frames)" "$heard"
}

# goes TEXT MODE: frames arrive, although not all of the verdict makes sense
goes()
{
	local heard

	must vswctl switch set s0 mode "$2"
	heard=$(port_stat p2 rx-frames)
	must send
	check_eq "$1" "$(port_stat p2 rx-frames)" $((heard + FRAMES))
}

# drops_more REASON COUNT
drops_more()
{
	[ "$(port_stat p1 "drops.$1")" -gt "$2" ]
}

index_of()
{
	port_value "$1" index
}

verdicts()
{
	must vswctl switch set s0 lookup bad port "$(index_of p2)" mode 0
	goes "a verdict is obeyed" 0
	verdict "no verdict" 1 lookup
	verdict "port 99999" 2 no-port
	verdict "no such verdict" 3 no-port
	verdict "the sender's port" 4 same-port
	verdict "a ring of no port" 6 no-port
	verdict "no set of ports" 8 no-listener
	verdict "a VLAN, without copies" 10 no-listener
	verdict "a reason that there is not" 9 lookup
	goes "a ring that there is not is another one" 5
	goes "a set may name ports that there are not" 7
	must vswctl port add p3 switch s0
	must vswctl switch set s0 mode 0 port "$(index_of p3)"
	must vswctl port del p3
	verdict "a port that was deleted" 0 no-port
}

errors()
{
	check_fails "a lookup that cannot be prepared is refused" 2 \
		'^Error: this lookup never works: Cannot assign requested address$' \
		vswctl switch set s0 lookup bad-init
	check_fails "and no switch is made with it" 2 \
		'^Error: this lookup never works: ' \
		vswctl switch add s1 lookup bad-init
	check_eq "the switch keeps the lookup that it had" \
		"$(switch_value s0 lookup)" learn
	check_eq "there is no switch s1" "$(switch_value s1 lookup)" ""
	check_fails "an attribute out of range is refused" 2 \
		'out of range' vswctl switch set s0 lookup bad mode 77
	check_eq "and the lookup stays, too" "$(switch_value s0 lookup)" learn
}

# While frames pass, the code that they go through is taken away.
by_force()
{
	local sender='' received dropped

	must vswctl switch set s0 lookup bad port "$(index_of p2)" mode 0
	check_fails "a module in use is not removed" 1 'in use' \
		rmmod vsw_lookup_bad
	bg sender "$dir/send" vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port p1 -s -t 60
	received=$(port_stat p2 rx-frames)
	must busywait 20 eval '[ "$(port_stat p2 rx-frames)" -gt "$received" ]'
	check "but by force" rmmod --force vsw_lookup_bad
	check_eq "then the switch has no lookup" "$(switch_value s0 lookup)" none
	received=$(port_stat p2 rx-frames)
	dropped=$(port_stat p1 drops.lookup)
	check "and drops what comes" busywait 20 drops_more lookup "$dropped"
	check_eq "all of it" "$(port_stat p2 rx-frames)" "$received"
	check "until it gets another one" vswctl switch set s0 lookup learn
	check "from then on frames arrive" busywait 20 eval \
		'[ "$(port_stat p2 rx-frames)" -gt "$received" ]'
	stop "$sender"
}

# The same with a lookup in front: all verdicts of "bad" are p1, the sender.
by_force_behind()
{
	local sender='' dropped

	bad_load
	must vswctl switch set s0 lookup acl rule "proto udp allow" next bad
	check_fails "a module in use behind a lookup is not removed" 1 'in use' \
		rmmod vsw_lookup_bad
	dropped=$(port_stat p1 drops.same-port)
	bg sender "$dir/send" vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 \
		--port p1 -s -t 60
	must busywait 20 drops_more same-port "$dropped"
	check "but by force" rmmod --force vsw_lookup_bad
	check_eq "then there is nothing behind it" \
		"$(vswctl -j switch show s0 | jq -r '.[0].options.next.lookup')" none
	dropped=$(port_stat p1 drops.lookup)
	check "and it drops what comes" busywait 20 drops_more lookup "$dropped"
	must vswctl port add p4 switch s0
	check "a port can go meanwhile" vswctl port del p4
	check "until it gets another one" vswctl switch set s0 lookup acl next learn
	dropped=$(port_stat p2 rx-frames)
	check "from then on frames arrive" busywait 20 eval \
		'[ "$(port_stat p2 rx-frames)" -gt "$dropped" ]'

	bad_load
	must vswctl switch set s0 lookup acl next bad
	check "by force once more" rmmod --force vsw_lookup_bad
	check "what is in front can go, too" vswctl switch set s0 lookup learn
	stop "$sender"
}

# "bad-front" has "learn" behind it, and no copies of headers.
no_snapshot()
{
	must vswctl switch set s0 lookup bad-front
	refused "a VLAN of a port, while learn is behind it" \
		"learn is behind a lookup that does not copy headers, as VLANs need it" \
		"Operation not supported" vswctl port set p1 vlan 10
	refused "of a new port, too" \
		"learn is behind a lookup that does not copy headers, as VLANs need it" \
		"Operation not supported" vswctl port add p3 switch s0 vlan 10
	must vswctl switch set s0 lookup learn
	must vswctl port set p1 vlan 10
	refused "learn behind it, while ports have VLANs" \
		"this lookup needs to see more of frames" "Invalid argument" \
		vswctl switch set s0 lookup bad-front
	must vswctl port set p1 vlan none
}

ktap_begin
vsw_load
tmpdir dir
lookup_load acl
bad_load
defer bad_unload
make_switch s0 p1 p2
bg receiver "$dir/recv" vsw-gen recv 192.0.2.2 $MAC2 192.0.2.1 $MAC1 \
	--port p2 -s
must busywait 10 eval '[ "$(port_value p2 attached)" = 1 ]'
errors
verdicts
no_snapshot
by_force
by_force_behind
check "kernel log" kmsg_clean
ktap_finish
