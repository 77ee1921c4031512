# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Switches and ports by vswctl, and what it says about them. Sourced after
# lib.sh.
#
#   make_switch SWITCH [PORT...]   a switch with ports, removed in the end
#   switch_value SWITCH KEY        value of one attribute
#   switch_reason SWITCH REASON    frames that its lookup has dropped for a reason
#   port_value PORT KEY            the same of a port, "" if it is absent
#   port_stat PORT KEY             a counter; drops are "drops.no-room" etc.
#   ns_quiet VAR [HINT]            ns_new, in which no interface speaks by itself
#   make_dev SWITCH PORT[@NETNS]...
#                                  netdev ports, which are up
#   join_rings SWITCH MAC SWITCH MAC [ATTRIBUTE...]
#                                  join two switches by programs that forward from
#                                  ring to ring; behind each is one known address.
#                                  The attributes are those of the ring ports
#   link_value DEV[@NETNS] FILTER  what jq finds in "ip -j -d -s link show DEV"
#   ends NAME PID                  test point: a program ends by itself, within
#                                  PATIENCE or 120 seconds, and is content
#   refused NAME WORDS ERROR vswctl...
#                                  test point: the command fails with exactly
#                                  these words, the strerror ERROR and the exit
#                                  code of a refusal, and nothing has changed
#
# A PORT may be NAME@NETNS.
#
# WORDS are 'text (attribute "name")' or, without an attribute, the text.

need jq jq

port_show()
{
	local netns

	netns=$(netns_of "$1")
	vswctl -j -s port show "${1%@*}" ${netns:+netns "$netns"}
}

port_stat()
{
	port_show "$1" |
		jq --arg key "$2" '.[0].stats | getpath($key / ".")'
}

switch_value()
{
	vswctl -j switch show "$1" | jq -r --arg key "$2" '.[0][$key]'
}

switch_reason()
{
	vswctl -j -s switch show "$1" | jq --arg name "$2" \
		'.[0].reason[] | select(.name == $name).frames'
}

make_switch()
{
	local sw=$1 name

	shift
	must vswctl switch add "$sw"
	defer vswctl switch del "$sw"
	for name; do
		must vswctl port add "$name" switch "$sw"
	done
}

# For all interfaces that there will be
ns_quiet()
{
	ns_new "$@"
	must in_ns "${!1}" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
}

make_dev()
{
	local sw=$1 port netns

	shift
	for port; do
		netns=$(netns_of "$port")
		must vswctl port add "${port%@*}" switch "$sw" type netdev \
			${netns:+netns "$netns"}
		must ip ${netns:+-n "$netns"} link set dev "${port%@*}" up
	done
}

netns_of()
{
	[[ $1 != *@* ]] || echo "${1#*@}"
}

# A port has one program: so it takes two each, and what came by one must not go
# back by the other.
join_rings()
{
	local sw1=$1 mac1=$2 sw2=$3 mac2=$4 dir port
	# shellcheck disable=SC2034 # bg wants one
	local pid

	tmpdir dir
	for port in "$sw1-in $sw1" "$sw1-out $sw1" "$sw2-in $sw2" "$sw2-out $sw2"; do
		must vswctl port add "${port% *}" switch "${port#* }" \
			slots 4096 isolated on "${@:5}"
	done
	must vswctl fdb add "$mac2" switch "$sw1" port "$sw1-in"
	must vswctl fdb add "$mac1" switch "$sw2" port "$sw2-in"
	bg pid "$dir/there" vsw-gen forward --in "$sw1-in" --out "$sw2-out" -s
	bg pid "$dir/back" vsw-gen forward --in "$sw2-in" --out "$sw1-out" -s
	for port in "$sw1-in" "$sw1-out" "$sw2-in" "$sw2-out"; do
		must busywait 20 is_attached "$port"
	done
}

is_attached()
{
	[ "$(port_value "$1" attached)" = 1 ]
}

ends()
{
	busywait "${PATIENCE:-120}" eval "! kill -0 $2" || kill -KILL "$2"
	wait "$2"
	check_eq "$1" $? 0
}

link_value()
{
	local netns

	netns=$(netns_of "$1")
	ip ${netns:+-n "$netns"} -j -d -s link show "${1%@*}" |
		jq -r ".[0] | $2"
}

port_value()
{
	port_show "$1" | jq -r --arg key "$2" '.[0][$key] // ""'
}

# Everything but the age of FDB entries
state_of_all()
{
	local object

	for object in switch "-s port" fdb region lookup; do
		# shellcheck disable=SC2086 # an option and a word
		vswctl -j $object show
	done | jq -c 'map(del(.age))'
}

refused()
{
	local name=$1 expected="Error: $2: $3" before out status=0
	shift 3

	before=$(state_of_all)
	out=$("$@" 2>&1) || status=$?
	if [ $status -ne 2 ] || [ "$out" != "$expected" ]; then
		ktap_not_ok "$name"
		ktap_diag "exit $status, '$out', expected 2, '$expected'"
	elif [ "$(state_of_all)" != "$before" ]; then
		ktap_not_ok "$name"
		ktap_diag "something has changed:"
		ktap_diag "$(diff <(echo "$before") <(state_of_all))"
	else
		ktap_ok "$name"
	fi
}
