#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The lookup of a switch and its attributes by vswctl, which knows none of them:
# set, shown, refused; and lookups that are loaded when somebody asks for them.
#
#   p1     p2     p3     p4
#   |      |      |      |
#   +--s0--+------+------+   static: p1 - p2, p3 - p4

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

config()
{
	vswctl -j switch show s0 | jq -c '.[0] | [.lookup, .options]'
}

# unchanged NAME EXIT TEXT CMD...: fails with exactly this text of vswctl, and
# nothing has changed
unchanged()
{
	local name=$1 status=$2 text=$3 before
	shift 3

	before=$(state_of_all)
	check_fails "$name" "$status" "^Error: $text\$" "$@"
	check_eq "$name: nothing has changed" "$(state_of_all)" "$before"
}

is_loaded()
{
	[ -d "/sys/module/vsw_lookup_$1" ]
}

#
# Loading
#

# Let modprobe find the modules of the tree: those of the machine are hidden
# meanwhile, so only where there is nothing else to be loaded.
modules_found()
{
	local dir

	dir=/lib/modules/$(uname -r)
	[ -n "${VSW_LAB-}" ] || return
	must mount -t tmpfs tmpfs "$dir"
	defer umount "$dir"
	cp "${VSW_KO%/*}"/*.ko "$dir" && depmod 2> /dev/null
}

available()
{
	check_eq "a lookup can be available and not loaded" \
		"$(vswctl lookup show | grep -E '^(hub|static) ' | sort)" \
		"hub not loaded"$'\n'"static not loaded"
	check_eq "in JSON, too" \
		"$(vswctl -j lookup show | jq -c '.[] | select(.name == "hub")')" \
		'{"name":"hub","loaded":false}'
	check_eq "learn is always loaded" "$(vswctl -j lookup show |
		jq -c '.[] | select(.name == "learn") | .loaded')" true
}

# Root of a user namespace is nobody to the machine.
not_by_anybody()
{
	check_fails "root of a user namespace has nothing loaded by a switch" 2 \
		'^Error: no such lookup \(attribute "lookup"\): No such file' \
		unshare -Urn vswctl switch add u0 lookup hub
	check_fails "nor by attributes" 2 '^Error: no such lookup "static"$' \
		unshare -Urn vswctl switch add u0 lookup static connect p1
	check_eq "nor by looking" "$(unshare -Ur vswctl lookup show hub)" \
		"hub not loaded"
	check_not "hub is not loaded" is_loaded hub
	check_not "static is not loaded" is_loaded static
}

by_switches()
{
	check "set with attributes loads the lookup" \
		vswctl switch set s0 lookup static connect p1 with p2
	defer lookup_unload static
	check "static is loaded" is_loaded static
	check_eq "and has them" "$(config)" \
		'["static",{"connect":["p1"],"with":["p2"]}]'
	check "add loads the lookup" vswctl switch add s1 lookup hub
	defer lookup_unload hub
	check "hub is loaded" is_loaded hub
	check "and what is loaded is for everybody" \
		unshare -Urn vswctl switch add u0 lookup hub
	must vswctl switch del s1
}

by_looking()
{
	check_eq "show loads a lookup that is named" \
		"$(vswctl lookup show hub)" "hub switches 0"
	defer lookup_unload hub
}

loading()
{
	if is_loaded hub || is_loaded static; then
		ktap_skip "loading" "hub or static is loaded"
		return
	fi
	if ! modules_found && ! modprobe -nq vsw-lookup-hub; then
		ktap_skip "loading" "the modules are not installed"
		return
	fi
	defer_scope make_and_load
	defer_scope by_looking
}

make_and_load()
{
	available
	not_by_anybody
	by_switches
	# Before the modules go.
	must vswctl switch set s0 lookup learn
}

#
# Attributes
#

setting()
{
	check "a switch gets another lookup" vswctl switch set s0 lookup hub
	check_eq "which has no attributes" "$(config)" '["hub",null]'
	check "another one, with attributes" \
		vswctl switch set s0 lookup static connect p1 with p2 ageing 7
	check_eq "they are shown" "$(vswctl switch show s0)" \
		"s0 lookup static connect p1 with p2 ageing 7 fdb-max 4096 ports 4 fdb-entries 0"
	check_eq "by name" "$(config)" \
		'["static",{"connect":["p1"],"with":["p2"]}]'
	check "more, without the name of the lookup" \
		vswctl switch set s0 connect p3 with index 3
	check_eq "are added, since this lookup does so" "$(config)" \
		'["static",{"connect":["p1","p3"],"with":["p2","p4"]}]'
	check "a list" vswctl switch set s0 disconnect p1,p4
	check_eq "stands for each of it" "$(config)" '["static",{}]'
	must vswctl switch set s0 lookup static connect p1 with p2
	check_eq "the name of its lookup makes no new one" "$(config)" \
		'["static",{"connect":["p1"],"with":["p2"]}]'
	check "a new switch gets a lookup" vswctl switch add s1 lookup static
	must vswctl switch del s1
	check_eq "lookups count their switches" \
		"$(vswctl lookup show static)" "static switches 1"
}

# A container's port may have any name.
names()
{
	ns_new ns1
	must vswctl port add p1 switch s0 netns "$ns1"
	must vswctl switch set s0 connect index 4 with p3
	check_eq "ports with one name are shown by index" \
		"$(vswctl switch show s0 | grep -o 'static .* ageing')" \
		"static connect index 0 with p2 connect p3 with index 4 ageing"
	check_eq "in JSON a number" "$(config)" \
		'["static",{"connect":[0,"p3"],"with":["p2",4]}]'
	unchanged "such a name is refused" 2 \
		'several ports of switch "s0" have the name "p1", give "index" and a number' \
		vswctl switch set s0 disconnect p1
	must vswctl port del switch s0 index 4
	check_eq "a port that goes takes its attributes along" "$(config)" \
		'["static",{"connect":["p1"],"with":["p2"]}]'
}

refusals()
{
	unchanged "an unknown attribute" 1 \
		'lookup "static" has no attribute "x"' \
		vswctl switch set s0 ageing 9 connect p3 with p4 x 1
	unchanged "an attribute, but the lookup has none" 1 \
		'lookup "hub" has no attribute "connect"' \
		vswctl switch set s0 lookup hub connect p1
	unchanged "a port that is not there" 2 \
		'"with" needs a port of switch "s0", and "p9" is none' \
		vswctl switch set s0 connect p3 with p9
	unchanged "an unknown lookup with attributes" 2 \
		'no such lookup "nix"' vswctl switch set s0 lookup nix x 1
	unchanged "ports on a switch that is none yet" 2 \
		'"connect" needs a port of switch "s9", and "p1" is none' \
		vswctl switch add s9 lookup static connect p1 with p2
	refused "an unknown lookup" 'no such lookup (attribute "lookup")' \
		"No such file or directory" vswctl switch set s0 lookup nix
	refused "to look at one" 'no such lookup (attribute "name")' \
		"No such file or directory" vswctl lookup show nix
	refused "an index without a port" \
		'no port with this index (attribute "with")' \
		"No such device" vswctl switch set s0 connect p3 with index 9
	refused "what the lookup does not like" \
		'each "connect" needs a "with" behind it (attribute "connect")' \
		"Invalid argument" vswctl switch set s0 disconnect p1 connect p3
	refused "with something else that would be good" \
		'a port cannot be connected with itself (attribute "with")' \
		"Invalid argument" \
		vswctl switch set s0 ageing 9 connect p1 with p1
	refused "a new lookup that refuses its attributes" \
		'each "connect" needs a "with" behind it (attribute "with")' \
		"Invalid argument" \
		vswctl switch set s1 lookup static with index 0
	refused "a new switch with them" \
		'no port with this index (attribute "connect")' "No such device" \
		vswctl switch add s9 lookup static connect index 0 with index 1
}

details()
{
	check_eq "a lookup tells of its attributes" \
		"$(vswctl -d lookup show static)" \
"static switches 1
    A patch panel: ports are connected in pairs.
    connect port multi: Port to be connected.
    with port multi: The port that it is connected with, in both directions.
    disconnect port multi: Port that is not to be connected any more."
}

ktap_begin
need modprobe kmod
vsw_load
make_switch s0 p1 p2 p3 p4
loading
must vswctl switch set s0 lookup learn
lookup_load hub static
defer vswctl switch set s0 lookup learn
setting
names
make_switch s1 q1
refusals
details
check "kernel log" kmsg_clean
ktap_finish
