#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Notifications: each change is told once, in order, to the namespace of the
# switch and, if it is about a port, to the port's owner, who does not learn
# where the port is.
#
#   here: s0, p1           ns1: p2
#         +------- s0 ------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

# tmpdir, ns_new and bg set them.
# shellcheck disable=SC2034 # pid: bg wants one
dir='' ns1='' pid=''

# What differs from run to run
normal()
{
	jq -c 'del(.msg.age, .msg.region) |
		if .msg."netns-id" then .msg."netns-id" = "id" else . end' "$1"
}

# watch NAME [NETNS]: a monitor, JSON to NAME.json and text to NAME.txt. It is
# ready when it has seen something: a switch that comes and goes.
watch()
{
	local name=$1 kind

	shift
	for kind in json txt; do
		# shellcheck disable=SC2046 # an option or none
		bg pid "$dir/$name.$kind" "$@" vswctl \
			$([ $kind = txt ] || echo -j) monitor
		must busywait 20 stirred "$dir/$name.$kind" "$@"
	done
}

stirred()
{
	local file=$1

	shift
	"$@" vswctl switch add warm-up
	"$@" vswctl switch del warm-up
	[ -s "$file" ]
}

# All that was to be told before has been told when this has been told.
settled()
{
	local file=$1 mark=$2

	shift 2
	must "$@" vswctl switch add "$mark"
	must "$@" vswctl switch del "$mark"
	must busywait 20 grep -q "$mark" "$file"
}

# What NAME was told, as far as FILE wants to know it: attributes may be added.
told()
{
	normal "$dir/$1.json" | jq -n -c --slurpfile want "$(json "$2")" '
		[inputs | select(.msg.name | . == "warm-up" or
			. == "the-end" | not)] as $got |
		range([$got, $want | length] | max) as $i |
		($want[$i].msg // $got[$i].msg) as $keys | $got[$i] |
		.msg |= with_entries(select(.key as $key | $keys | has($key)))'
}

json()
{
	echo "$VSW_SELFTESTS/json/monitor_$1.json"
}

wanted()
{
	jq -c . "$(json "$1")"
}

changes()
{
	must vswctl switch add s0 ageing 0
	must vswctl switch set s0 fdb-max 100
	must vswctl port add p1 switch s0 slots 16
	must vswctl port add p2 switch s0 slots 16 netns "$ns1"
	must vswctl port set p2 netns "$ns1" slots 32
	attach p1 "p2@$ns1"
	send p1 $UNKNOWN $A
	send "p2@$ns1" $UNKNOWN $A
	send p1 $UNKNOWN $A 5
	must vswctl fdb add $B switch s0 port p1
	must vswctl fdb replace $B switch s0 port p2
	must vswctl fdb del $B switch s0
	must [ "$(frames close p1)" = ok ]
	must vswctl fdb add $C switch s0 port p2
	must vswctl port del p2 netns "$ns1"
	must vswctl switch del s0
}

# Of what a monitor printed, the first line about each object: an "add" command
pasted()
{
	local line kind

	while read -r line; do
		case $line in
		Deleted*)	continue ;;
		warm-up* | the-end*) continue ;;
		*' type ring '*) kind=port ;;
		*' lookup '*)	kind=switch ;;
		*)		kind=fdb ;;
		esac
		echo "$kind add $line"
	done < "$1" | awk '!seen[$1, $3]++' > "$dir/batch"
	cat "$dir/batch"
	vswctl -b "$dir/batch" && vswctl switch del s0
}

ktap_begin
vsw_load
tmpdir dir
ns_new ns1
frames_start
watch here
watch there ip netns exec "$ns1"
changes
settled "$dir/here.json" the-end
settled "$dir/here.txt" the-end
settled "$dir/there.json" the-end ip netns exec "$ns1"
check "the switch's namespace is told of each change" \
	diff -u <(wanted switch) <(told here switch)
check "the owner is told of its port" \
	diff -u <(wanted owner) <(told there owner)
check_eq "and not where it is" "$(jq -c 'select(.msg.type) | .msg |
	select(has("switch") or has("index"))' "$dir/there.json")" ""
check "the text can be pasted behind \"vswctl OBJECT add\"" \
	pasted "$dir/here.txt"
check "kernel log" kmsg_clean
ktap_finish
