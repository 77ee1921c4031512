#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tracepoints: what they say, in a tracefs instance of our own.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

dir='' sleeper_pid=''
TRACE=/sys/kernel/tracing/instances/vsw-selftest

# Fields of a tracepoint, in the order of its format
fields()
{
	sed -n 's/.*field:.* \([a-z]*\)[];[0-9]*;.*/\1/p' \
		"$TRACE/events/vsw/$1/format" | grep -v common | paste -sd ' '
}

# The lines of a tracepoint, without task and time
lines()
{
	sed -n "s/.* $1: //p" "$TRACE/trace"
}

traced()
{
	check_eq "$1" "$(lines "$2")" "$3"
	echo > $TRACE/trace
}

# A process that sleeps in poll() until a frame comes
sleeper()
{
	bg sleeper_pid "$dir/sleeper" vsw-gen recv 192.0.2.2 $B 192.0.2.1 $A \
		--port p2 --no-announce -n 1 -s
	must busywait 20 asleep
}

asleep()
{
	[ "$(port_value p2 attached)" = 1 ] &&
		grep -q '^State:.*sleeping' "/proc/$sleeper_pid/status"
}

# A receiver that is woken without need looks and sleeps again: only the sender
# of an awaited frame is sure to wake it.
woken()
{
	send p1 $B $A
	[ -n "$(lines vsw_wake)" ]
}

ktap_begin
vsw_load
tmpdir dir
must mkdir $TRACE
defer rmdir $TRACE
check_eq "the tracepoints are there" \
	"$(find $TRACE/events/vsw -mindepth 1 -type d -printf '%f\n' | sort | paste -sd ' ')" \
	"vsw_drop vsw_learn vsw_lookup_drop vsw_port_state vsw_wake"
check_eq "fields of vsw_drop" "$(fields vsw_drop)" \
	"sw port index reason frames"
check_eq "fields of vsw_learn" "$(fields vsw_learn)" "sw addr from to vlan"
check_eq "fields of vsw_lookup_drop" "$(fields vsw_lookup_drop)" \
	"sw port lookup reason frames"
check_eq "fields of vsw_port_state" "$(fields vsw_port_state)" \
	"sw port index state"
check_eq "fields of vsw_wake" "$(fields vsw_wake)" "sw port ring"

echo 1 > $TRACE/events/vsw/enable
defer eval "echo 0 > $TRACE/events/vsw/enable"
must vswctl switch add s0
defer vswctl switch del s0
must vswctl port add p1 switch s0
must vswctl port add p2 switch s0 slots 4
frames_start
attach p1 p2
traced "a port that is created and attached is traced" vsw_port_state \
	"switch=s0 port=p1 index=0 state=new
switch=s0 port=p2 index=1 state=new
switch=s0 port=p1 index=0 state=attached
switch=s0 port=p2 index=1 state=attached"

send p1 $UNKNOWN $A 2
traced "a learned address is traced once" vsw_learn \
	"switch=s0 addr=$A from=-1 to=0 vlan=0"
send p2 $UNKNOWN $A
traced "a moved one is, too" vsw_learn "switch=s0 addr=$A from=0 to=1 vlan=0"
must vswctl fdb flush switch s0

send p1 $UNKNOWN $A 5
traced "rule 5.8: frames without room are traced at the receiver" vsw_drop \
	"switch=s0 port=p2 index=1 reason=NO_ROOM frames=4"
send p1 $A $A
traced "rule 5.8: frames to their own port at the sender" vsw_drop \
	"switch=s0 port=p1 index=0 reason=SAME_PORT frames=1"

must [ "$(frames close p2)" = ok ]
traced "a port that is detached is traced" vsw_port_state \
	"switch=s0 port=p2 index=1 state=detached"
sleeper
echo > $TRACE/trace
check "waking a receiver is traced" busywait 20 woken
check_eq "with the ring that it waits for" "$(lines vsw_wake | sort -u)" \
	"switch=s0 port=p2 ring=0"
stop "$sleeper_pid"
must vswctl port del p2
check "deleting a port is traced" \
	grep -q 'port=p2 index=1 state=deleted' $TRACE/trace
check "kernel log" kmsg_clean
ktap_finish
