#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# on-full block, through a chain of eight forwarders: whatever stands still on
# the way, nothing is lost, and all goes on when it does. VSW_CHAIN_FRAMES in the
# environment is the number of frames.
#
#   sender    forward 1     forward 2            forward 8    receiver
#    h0        i1   o1       i2   o2              i8   o8        h1
#   --+- c0 ---+-- --+- c1 --+-- --+- c2 --   - --+-- --+- c8 ---+--

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02
LENGTH=8
FRAMES=${VSW_CHAIN_FRAMES:-1200000}
# Far beyond what a step takes, but in proportion.
PATIENCE=$((60 + FRAMES / 2000))
dir='' sender='' receiver='' forwarder=()

# listener PORT SWITCH MAC: a port that makes senders wait, for one address
listener()
{
	must vswctl port add "$1" switch "$2" on-full block
	must vswctl fdb add "$3" switch "$2" port "$1"
}

# Each forwarder between two switches; frames are not changed.
make_chain()
{
	local i

	for ((i = 0; i <= LENGTH; i++)); do
		make_switch "c$i"
	done
	must vswctl port add h0 switch c0
	for ((i = 1; i <= LENGTH; i++)); do
		listener "i$i" "c$((i - 1))" $MAC2
		must vswctl port add "o$i" switch "c$i"
	done
	listener h1 "c$LENGTH" $MAC2
}

# All on one switch; each forwarder has an address, and writes the next one's.
make_chain_on_one()
{
	local i

	make_switch s0 h0
	for ((i = 1; i <= LENGTH; i++)); do
		listener "i$i" s0 "02:00:00:00:01:0$i"
		must vswctl port add "o$i" switch s0
	done
	listener h1 s0 $MAC2
}

start_forwarders()
{
	local i

	for ((i = 1; i <= LENGTH; i++)); do
		bg "forwarder[i]" "$dir/forward$i" vsw-gen forward --in "i$i" \
			--out "o$i" -b 256 -s -j
	done
	must busywait 20 eval '[ "$(attached)" = $((2 * LENGTH)) ]'
}

# start_rewriters [OPTION...]
start_rewriters()
{
	local i mac

	for ((i = 1; i <= LENGTH; i++)); do
		mac=02:00:00:00:01:0$((i + 1))
		[ $i -lt $LENGTH ] || mac=$MAC2
		bg "forwarder[i]" "$dir/forward$i" vsw-gen forward --in "i$i" \
			--out "o$i" --src "02:00:00:00:02:0$i" --dst $mac -i -s -j "$@"
	done
	must busywait 20 eval '[ "$(attached)" = $((2 * LENGTH)) ]'
}

attached()
{
	vswctl -j port show | jq 'map(.attached) | add'
}

# start_ends FRAMES [OPTION...]: sender and receiver; options of the receiver
start_ends()
{
	local count=$1 peer=${PEER:-$MAC2}

	shift
	bg receiver "$dir/recv" vsw-gen recv 192.0.2.2 $MAC2 192.0.2.1 \
		$MAC1 --port h1 --no-announce -i -s -j -b 256 "$@"
	must busywait 20 eval '[ "$(port_value h1 attached)" = 1 ]'
	bg sender "$dir/send" vsw-gen send 192.0.2.1 $MAC1 \
		192.0.2.2 "$peer" --port h0 -i -s -j -b 256 -n "$count"
}

# Also when the receiver has ended: then nobody need wait.
moves()
{
	! kill -0 "$receiver" 2> /dev/null ||
		[ "$(port_stat h1 rx-frames)" -gt "$1" ]
}

# Two looks see the same: the sender waits, and so does all behind it.
stands_still()
{
	local sent

	sent=$(port_stat h0 tx-frames)
	sleep 0.2
	[ "$(port_stat h0 tx-frames)" = "$sent" ]
}

# stop_and_go PID ROUNDS: it stands still until all does, then goes on; less often
# if all frames have come, but once
stop_and_go()
{
	local i before

	for ((i = 0; i < $2; i++)); do
		before=$(port_stat h1 rx-frames)
		busywait $PATIENCE moves "$before" || return
		kill -STOP "$1" 2> /dev/null || break
		busywait $PATIENCE stands_still || return
		kill -CONT "$1" || return
	done
	[ $i -gt 0 ]
}

all_ends()
{
	ends "$1: the sender ends" "$sender"
	ends "$1: the receiver has all, intact and in order" "$receiver"
}

# What the receiver says of the frames.
numbers()
{
	jq -c '[.frames, .other] + (.integrity |
		[.lost, .duplicate, .reordered, .corrupt])' "$dir/recv"
}

# The receiver needs but one of the frames that say how many there were.
drops()
{
	vswctl -j -s port show | jq --arg last "o$LENGTH" '[.[] |
		(.stats.drops // {} | add // 0) -
		if .name == $last then .stats.drops["no-port"] else 0 end
	] | add'
}

test_stops()
{
	make_chain
	start_forwarders
	start_ends "$FRAMES"
	check "the receiver stands still, five times" stop_and_go "$receiver" 5
	check "a forwarder stands still, twice" \
		stop_and_go "${forwarder[LENGTH / 2]}" 2
	all_ends "a chain"
	ktap_diag "$(jq -r '"\(.frames) frames, \(.pps) a second"' "$dir/recv")"
	check_eq "$FRAMES frames arrive: none is lost, doubled or changed" \
		"$(numbers)" "[$FRAMES,0,0,0,0,0]"
	check_eq "nothing is dropped anywhere" "$(drops)" 0
}

# A sender that dies takes with it what nobody has accepted.
test_killed_sender()
{
	local before

	make_chain
	start_forwarders
	start_ends 1G
	check "a receiver stands still before a killed sender" \
		stop_and_go "$receiver" 1
	kill -KILL "$sender"
	wait "$sender" 2> /dev/null
	before=$(port_stat h0 tx-frames)
	check "what was accepted before the sender was killed arrives" \
		busywait $PATIENCE eval "[ \$(port_stat h1 rx-frames) = $before ]"
	kill -TERM "$receiver"
	wait "$receiver"
	check_eq "all of it, once and in order" "$(numbers)" \
		"[$before,0,0,0,0,0]"

	start_ends 20000
	all_ends "as before"
	check_eq "nothing is dropped anywhere" "$(drops)" 0
}

# Nobody waits for the dead.
test_killed_receiver()
{
	local before

	make_chain
	start_forwarders
	start_ends 1G
	check "a receiver stands still before it is killed" \
		stop_and_go "$receiver" 1
	kill -STOP "$receiver"
	must busywait $PATIENCE stands_still
	before=$(port_stat h0 tx-frames)
	kill -KILL "$receiver"
	wait "$receiver" 2> /dev/null
	check "a sender does not wait for a receiver that was killed" \
		busywait $PATIENCE eval \
		"[ \$(port_stat h0 tx-frames) -gt $((before + 20000)) ]"
	check "its frames are counted as dropped" eval \
		"[ \$(port_stat o$LENGTH drops.no-port) -gt 0 ]"
	kill -KILL "$sender"
	wait "$sender" 2> /dev/null
	must busywait $PATIENCE empty

	start_ends 20000
	all_ends "as before"
}

# What went in has come out, or was dropped at the end.
empty()
{
	[ "$(port_stat h0 tx-frames)" = \
	  "$(port_stat "o$LENGTH" tx-frames)" ]
}

test_one_switch()
{
	make_chain_on_one
	start_rewriters "$@"
	PEER=02:00:00:00:01:01 start_ends $((FRAMES / 2))
	check "one switch${*:+, $*}: the receiver stands still" \
		stop_and_go "$receiver" 1
	all_ends "one switch${*:+, $*}"
	check_eq "none is lost, doubled or changed" "$(numbers)" \
		"[$((FRAMES / 2)),0,0,0,0,0]"
	check_eq "nothing is dropped anywhere" "$(drops)" 0
	kill -TERM "${forwarder[1]}"
	wait "${forwarder[1]}"
	check_eq "a forwarder ends with SIGTERM, and has counted" \
		"$? $(jq -c '[.frames, .dropped]' "$dir/forward1")" \
		"0 [$((FRAMES / 2 + 5)),0]"
}

ktap_begin
vsw_load
tmpdir dir
defer_scope test_stops
defer_scope test_killed_sender
defer_scope test_killed_receiver
defer_scope test_one_switch
defer_scope test_one_switch --direct
check "kernel log" kmsg_clean
ktap_finish
