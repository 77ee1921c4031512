#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Load is balanced over a group: a batch goes to the member whose ring is filled
# least; with "affinity" a flow stays with its member.
#
#   p1 ... p4, the group      p0, "via"
#    |      |                  |
#   -+------+------ s0, lb ----+-

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

GROUP4="p1 p2 p3 p4"

configure()
{
	vswctl switch set s0 lookup lb "$@"
}

# What the ports have received since they were looked at last
received()
{
	local port

	for port; do
		frames recv "$port"
	done | paste -sd ' '
}

without_members()
{
	check_eq "without members nobody gets a frame" "$(heard p0 $A $B 10)" ""
	check_eq "which is counted" "$(switch_reason s0 no-member)" 10
	must configure ports "${GROUP4// /,}"
	check_eq "without a way back members cannot send" \
		"$(heard p1 $A $B 10)" ""
	check_eq "which is counted" "$(switch_reason s0 no-way)" 10
	must configure via p0
	heard_by "what a member sends goes back" p0 p1 $A $B 300
	heard_by "broadcast goes to all members" "$GROUP4" p0 $BROADCAST $A
	check_fails "affinity has a limit" 2 'affinity' \
		configure affinity 3601
	check_eq "affinity is shown" "$(vswctl switch show s0 |
		grep -o 'affinity [0-9]*')" "affinity 0"
}

least_filled()
{
	local i

	# shellcheck disable=SC2086 # words
	received $GROUP4 > /dev/null
	for i in 1 2 3 4; do
		send p0 $A $B 10
	done
	# shellcheck disable=SC2086 # words
	check_eq "equal members get a batch each" "$(received $GROUP4)" \
		"10 10 10 10"
	for i in 1 2 3 4; do
		send p0 $A $B $((i * 10))
	done
	received p2 p3 > /dev/null
	send p0 $A $B 50
	send p0 $A $B 50
	check_eq "those that have received get the next ones" \
		"$(received p2 p3)" "50 50"
	# shellcheck disable=SC2086 # words
	received $GROUP4 > /dev/null
	for i in $(seq 40); do
		send p0 $A $B 100
	done
	# shellcheck disable=SC2086 # words
	check_eq "nothing is lost as long as anybody has room" \
		"$(received $GROUP4)" "1000 1000 1000 1000"
}

not_attached()
{
	must [ "$(frames close p4)" = ok ]
	for _ in 1 2 3 4 5 6; do
		send p0 $A $B 10
	done
	check_eq "a member that nobody has attached gets nothing" \
		"$(received p1 p2 p3)" "20 20 20"
	attach p4
	must vswctl port del p4
	must [ "$(frames close p4)" = ok ]
	for _ in 1 2 3 4 5 6; do
		send p0 $A $B 10
	done
	check_eq "nor one that has been deleted" "$(received p1 p2 p3)" \
		"20 20 20"
}

# The station with a number
station()
{
	printf '02:00:00:00:01:%02x' "$1"
}

# begin FIRST LAST: where the flows of these stations go, one in a line
begin()
{
	local i

	for ((i = $1; i <= $2; i++)); do
		heard p0 $A "$(station "$i")"
	done
}

# To ask for a flow is to keep it, so it is another one each time.
next_has_moved()
{
	asked=$((asked + 1))
	[ "$(begin "$asked" "$asked")" != "$(sed -n "${asked}p" "$dir/flows")" ]
}

affinity()
{
	local before after asked=0

	must configure affinity 3600
	before=$(frames flows p0 512)
	check_eq "flows that begin are spread" \
		"$(tr ' ' '\n' <<< "$before" | sort -u | paste -sd ' ')" \
		"p1 p2 p3"
	# Others are filled less.
	after=$(frames flows p0 512)
	check_eq "and stay" "$after" "$before"
	must [ "$(frames close p2)" = ok ]
	after=$(frames flows p0 512)
	check_eq "those of a member that does not receive move" \
		"$(tr ' ' '\n' <<< "$after" | sort -u | paste -sd ' ')" "p1 p3"
	check_eq "no others do" "$(paste <(tr ' ' '\n' <<< "$before") \
		<(tr ' ' '\n' <<< "$after") |
		awk '$1 != $2 && $1 != "p2"')" ""
	attach p2
	check_eq "nor when it is there again" "$(frames flows p0 512)" "$after"
	must configure affinity 1
	begin 1 100 > "$dir/flows"
	check "a flow that has paused is another one" \
		busywait 20 next_has_moved
	check_not "but not at once" [ "$asked" = 1 ]
}

ktap_begin
vsw_load
lookup_load lb
tmpdir dir
# shellcheck disable=SC2086 # words
make_switch s0 p0 $GROUP4
must vswctl switch set s0 lookup lb
frames_start
# shellcheck disable=SC2086 # words
attach p0 $GROUP4
without_members
least_filled
not_attached
affinity
check "kernel log" kmsg_clean
ktap_finish
