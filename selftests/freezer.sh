#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# on-full block, and a receiver that the cgroup freezer stops: who sends to it
# waits, but no longer than its deadline; all others go on.
#
#   sender 1   frozen    sender 2   receiver
#     p1         p2        p3         p4
#   ---+-- s0 ---+---------+----------+---

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

dir='' group='' frozen=''

make_group()
{
	[ -e /sys/fs/cgroup/cgroup.controllers ] ||
		ktap_skip_all "needs cgroup v2"
	group=/sys/fs/cgroup/vsw-freezer-$$
	must mkdir "$group"
	defer rmdir "$group"
	[ -e "$group/cgroup.freeze" ] || ktap_skip_all "needs the cgroup freezer"
	# What is frozen does not end.
	defer freeze 0
}

freeze()
{
	echo "$1" > "$group/cgroup.freeze"
}

is_frozen()
{
	grep -qx "frozen $1" "$group/cgroup.events"
}

# listener VAR N: a receiver at port N, which makes senders wait
listener()
{
	must vswctl port set "p$2" switch s0 on-full block
	must vswctl fdb add "02:00:00:00:00:0$2" switch s0 port "p$2"
	bg "$1" "$dir/p$2" vsw-gen recv "192.0.2.$2" "02:00:00:00:00:0$2" \
		192.0.2.9 02:00:00:00:00:09 --port "p$2" --no-announce -s -j
	must busywait 20 eval "[ \"\$(port_value p$2 attached)\" = 1 ]"
}

# sender VAR N TO
sender()
{
	bg "$1" "$dir/p$2" vsw-gen send "192.0.2.$2" "02:00:00:00:00:0$2" \
		"192.0.2.$3" "02:00:00:00:00:0$3" --port "p$2" -s -j
}

# passed PORT COUNTER NUMBER
passed()
{
	[ "$(port_stat "$1" "$2")" -gt "$3" ]
}

# goes_on PORT COUNTER [N]: it counts N more from now on
goes_on()
{
	busywait 60 passed "$1" "$2" $(($(port_stat "$1" "$2") + ${3:-0}))
}

# Two looks see the same.
stands_still()
{
	local sent

	sent=$(port_stat "$1" tx-frames)
	sleep 0.2
	[ "$(port_stat "$1" tx-frames)" = "$sent" ]
}

begin()
{
	make_switch s0 p1 p2 p3 p4
	listener frozen 2
	listener other 4
	must eval "echo $frozen > $group/cgroup.procs"
	sender to_frozen 1 2
	sender to_other 3 4
	check "traffic flows" goes_on p2 rx-frames
	must freeze 1
	must busywait 60 is_frozen 1
}

thaw()
{
	must freeze 0
	must busywait 60 is_frozen 0
}

test_forever()
{
	local before

	begin
	check "who sends to a frozen receiver waits" \
		busywait 60 stands_still p1
	before=$(port_stat p2 rx-frames)
	check "others go on meanwhile" goes_on p4 rx-frames 100000
	check_eq "the frozen one gets nothing" \
		"$(port_stat p2 rx-frames)" "$before"
	check_eq "nothing is dropped" "$(vswctl -j -s port show |
		jq '[.[].stats.drops // {} | .[]] | add // 0')" 0
	thaw
	check "it receives when it is thawed" goes_on p2 rx-frames 20000
	check_eq "nothing is dropped at all" "$(vswctl -j -s port show |
		jq '[.[].stats.drops // {} | .[]] | add // 0')" 0
}

test_deadline()
{
	begin
	must busywait 60 stands_still p1
	must vswctl port set p2 switch s0 deadline 200
	check "beyond its deadline nobody waits" goes_on p1 tx-frames 20000
	check "what it does not get is counted" passed p2 drops.deadline 10000
	check "others go on meanwhile" goes_on p4 rx-frames 20000
	thaw
	check "it receives when it is thawed" goes_on p2 rx-frames 20000
	check_eq "others have lost nothing" \
		"$(port_stat p4 drops.no-room) $(port_stat p4 drops.deadline)" \
		"0 0"
}

# A frozen program cannot be waited for, but its port can be taken from it.
test_deleted()
{
	begin
	must busywait 60 stands_still p1
	must vswctl port del p2
	check "nobody waits when its port is deleted" goes_on p1 tx-frames 20000
	must vswctl port add p2 switch s0
	thaw
}

test_killed()
{
	begin
	must busywait 60 stands_still p1
	kill -KILL "$frozen"
	check "a frozen receiver can be killed, and nobody waits for it" \
		goes_on p1 tx-frames 20000
	thaw
}

ktap_begin
vsw_load
tmpdir dir
make_group
defer_scope test_forever
defer_scope test_deadline
defer_scope test_deleted
defer_scope test_killed
check "kernel log" kmsg_clean
ktap_finish
