#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ageing of learned addresses. Nothing here says how fast: an entry has to be
# there for as long as frames keep it, and to be gone some time afterwards.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

TRACE=/sys/kernel/tracing
EVENT=$TRACE/events/workqueue/workqueue_execute_start

known()
{
	vswctl fdb show "$1" switch s0
}

forgotten()
{
	! known "$1"
}

# Learned addresses, from one look
only_learned()
{
	[ "$(vswctl -j fdb show switch s0 |
		jq -r 'map(select(.static | not).address) | join(" ")')" = "$1" ]
}

entry_age()
{
	vswctl -j fdb show "$1" switch "${2:-s0}" | jq '.[0].age'
}

# ADDRESS MILLISECONDS [SWITCH]
older_than()
{
	[ "$(entry_age "$1" "${3:-s0}")" -gt "$2" ]
}

# How often ageing ran since the trace was cleared
work_starts()
{
	grep -c 'function vsw_fdb_age' "$TRACE/trace"
}


ktap_begin
vsw_load
make_switch s0 p1 p2
make_switch s1 p3
frames_start
attach p1 p2 p3

must vswctl switch set s0 ageing 0
send p1 $UNKNOWN $A
check "an entry has an age" busywait 10 older_than $A 1200
check "with ageing 0 it stays" known $A
must vswctl switch set s0 ageing 1000
check "with ageing beyond its age it stays, too" known $A
must vswctl switch set s0 ageing 1
check "with ageing below its age it is forgotten" busywait 30 forgotten $A
heard_by "and frames to it flood" p2 p1 $A $C

must vswctl fdb flush switch s0
must vswctl fdb add $C switch s0 port p2
# Seconds lie between, so that a machine that is slow does not matter.
must vswctl switch set s0 ageing 0
send p1 $UNKNOWN $A
send p2 $UNKNOWN $B
must busywait 60 older_than $B 6000
send p1 $UNKNOWN $A
must vswctl switch set s0 ageing 5
check "an entry that a frame refreshed outlives one without" \
	busywait 20 only_learned $A
must vswctl switch set s0 ageing 1
check "without frames it is forgotten as well" busywait 30 forgotten $A
check "a static entry stays" known $C
check_eq "it has no age" "$(entry_age $C)" null
check_eq "the switch counts what is left" "$(switch_value s0 fdb-entries)" 1

# Nothing to age: nothing to do. How time passes is seen on a switch without
# ageing.
if [ -d $EVENT ]; then
	must vswctl switch set s1 ageing 0
	must busywait 30 forgotten $A
	send p3 $UNKNOWN $A
	echo 1 > $EVENT/enable
	defer eval "echo 0 > $EVENT/enable"
	echo > $TRACE/trace
	must busywait 30 older_than $A 1500 s1
	check_eq "no work runs where nothing ages" "$(work_starts)" 0
	send p1 $UNKNOWN $A
	must busywait 30 forgotten $A
	check_not "it does where something ages" [ "$(work_starts)" = 0 ]
else
	ktap_skip "no work runs where nothing ages" "no workqueue tracepoints"
fi
check "kernel log" kmsg_clean
ktap_finish
