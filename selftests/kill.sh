#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kill -9 of programs in traffic, at any point: of the sender, of the receiver,
# of both, of a bystander that gets flooded frames; 20 rounds.
#
#   sender      receiver    bystander
#     p1           p2          p3
#   ---+------ s0 -+-----------+-

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

MAC1=02:00:00:00:00:01 MAC2=02:00:00:00:00:02 MAC3=02:00:00:00:00:03
ROUNDS=5
dir='' sender='' receiver='' bystander=''

# start VAR PORT ARG...: vsw-gen on a port
start()
{
	local var=$1 port=$2

	shift 2
	bg "$var" "$dir/$port" vsw-gen "$@" --port "$port" -s
}

traffic_flows()
{
	[ "$(port_stat p2 rx-frames)" -gt "$1" ]
}

detached()
{
	[ "$(vswctl -j port show | jq 'map(.attached) | add')" = 0 ]
}

# Random, so that the kill hits anywhere; a busy loop, so that the processors
# do not stand still meanwhile.
random_pause()
{
	local i n=$((SRANDOM % 3000))

	for ((i = 0; i < n; i++)); do :; done
}

start_all()
{
	start receiver p2 recv 192.0.2.2 $MAC2 192.0.2.1 $MAC1
	# It receives floods only when the receiver's address is unknown.
	start bystander p3 recv 192.0.2.3 $MAC3 192.0.2.1 $MAC1
	start sender p1 send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 "$@"
}

# One round: kill the processes that are named, then the others
round()
{
	local before who

	before=$(port_stat p2 rx-frames)
	start_all -p 60 -b $((1 + SRANDOM % 256))
	busywait 20 traffic_flows "$before" || return
	random_pause
	for who; do
		kill -KILL "${!who}" || return
	done
	random_pause
	kill -KILL "$sender" "$receiver" "$bystander" 2> /dev/null
	wait "$sender" "$receiver" "$bystander" 2> /dev/null
	busywait 20 detached
}

rounds()
{
	local i

	for ((i = 0; i < ROUNDS; i++)); do
		defer_scope round "$@" 2> /dev/null || return
	done
}

# Nothing of the killed disturbs those who come afterwards.
works()
{
	start receiver p2 recv 192.0.2.2 $MAC2 192.0.2.1 $MAC1 -i -n 1000
	busywait 20 vswctl fdb show $MAC2 switch s0 || return
	# No more than the ring holds: none is lost for want of room.
	vsw-gen send 192.0.2.1 $MAC1 192.0.2.2 $MAC2 --port p1 -s -i -n 1000 ||
		return
	wait "$receiver"
}

ktap_begin
vsw_load
tmpdir dir
make_switch s0 p1 p2 p3
check "$ROUNDS times kill -9 of the sender" rounds sender
check "the memory is given back" busywait 10 regions_freed
check "$ROUNDS times kill -9 of the receiver" rounds receiver
check "the memory is given back" busywait 10 regions_freed
check "$ROUNDS times kill -9 of both" rounds sender receiver
check "the memory is given back" busywait 10 regions_freed
check "$ROUNDS times kill -9 of a bystander" rounds bystander
check "the memory is given back" busywait 10 regions_freed
check_eq "nothing learned of the dead is left" \
	"$(vswctl -j fdb show | jq -c .)" "[]"
check "the switch works as before" works
check "and once more" works
check "kernel log" kmsg_clean
ktap_finish
