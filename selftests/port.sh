#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ports: add, set, show, del, the limits of each, and how they are named.
#
#   here                  ns1                  ns2
#   p1 ...                x                    x
#    +----------- s0 -----+--------------------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

# ns_new sets them.
ns1='' ns2=''

RANGE_TEXT='integer out of range'
RANGE_ERROR='Numerical result out of range'
LARGE_TEXT='rings, slots and buffer size make a region of more than 4 GiB'

geometry()
{
	vswctl -j port show "$@" |
		jq -c '.[0] | [.rings, .slots, ."buf-size"]'
}

out_of_range()
{
	refused "$1 $2 is refused" "$RANGE_TEXT (attribute \"$1\")" \
		"$RANGE_ERROR" vswctl port add px switch s0 "$1" "$2"
}

limits()
{
	out_of_range rings 0
	out_of_range rings 65
	out_of_range slots 1
	out_of_range slots 4097
	out_of_range buf-size 255
	out_of_range buf-size 16385
	refused "a buffer size that is no multiple of 64 is refused" \
		'the buffer size must be a multiple of 64 (attribute "buf-size")' \
		"Invalid argument" vswctl port add px switch s0 buf-size 300
	refused "a region of more than 4 GiB is refused" "$LARGE_TEXT" \
		"Argument list too long" vswctl port add px switch s0 \
		rings 64 slots 4096 buf-size 16384
	check "the least geometry is accepted" vswctl port add px switch s0 \
		rings 1 slots 2 buf-size 256
	check "many small rings are accepted" vswctl port add py switch s0 \
		rings 64 slots 64 buf-size 16384
	check_eq "and shown" "$(geometry px)$(geometry py)" \
		"[1,2,256][64,64,16384]"
	must vswctl port del px
	must vswctl port del py
}

names()
{
	refused "a name that is taken is refused" \
		'a port of this name exists (attribute "name")' \
		"File exists" vswctl port add p1 switch s0
	refused "on another switch, too" \
		'a port of this name exists (attribute "name")' \
		"File exists" vswctl port add p1 switch s1
	refused "a name with a slash is refused" \
		"a name must not be empty, '.' or '..', nor contain '/', ':' or spaces (attribute \"name\")" \
		"Invalid argument" vswctl port add a/b switch s0
	refused "a name of 16 characters is refused" \
		'Attribute failed policy validation (attribute "name")' \
		"Invalid argument" vswctl port add 1234567890123456 switch s0
	refused "an unknown port is refused" 'no such port (attribute "name")' \
		"No such device" vswctl port del nix
	refused "so is an unknown index" 'no such port (attribute "index")' \
		"No such device" vswctl port del switch s0 index 9
	refused "a port is not found on another switch" \
		'no such port (attribute "name")' "No such device" \
		vswctl port del p1 switch s1
}

# Two owners may use the same name.
owners()
{
	check "a port of a name is given to a namespace" \
		vswctl port add x switch s0 netns "$ns1"
	check "and another one of that name to another namespace" \
		vswctl port add x switch s0 netns "$ns2"
	refused "the name alone does not say which" \
		'several ports have this name, give the index (attribute "name")' \
		"Name not unique on network" vswctl port set x rings 2
	check_eq "the owner does" \
		"$(vswctl -j port show x netns "$ns2" | jq '.[0].index')" 2
	check "and so does the index" vswctl port set switch s0 index 1 rings 3
	check_eq "that port is changed" "$(geometry switch s0 index 1)" \
		"[3,1024,2048]"
	check_eq "the other one is not" "$(geometry switch s0 index 2)" \
		"[1,1024,2048]"
	must vswctl port add x switch s0
	check_eq "an own port comes before others of the name" \
		"$(vswctl -j port show x | jq '.[0].index')" 3
	must vswctl port del x
	must vswctl port del x netns "$ns1"
	check_eq "deleting by owner deletes that one" \
		"$(vswctl -j port show x | jq '.[0].index')" 2
	must vswctl port del switch s0 index 2
	check_eq "deleting by index the other" "$(switch_value s0 ports)" 1
}

attached()
{
	check_eq "a port is not attached at first" \
		"$(port_value p1 attached),$(port_value p1 region)" "0,"
	attach p1
	check_eq "then it is, and has a region" \
		"$(port_value p1 attached),$(port_value p1 region)" \
		"1,$(vswctl -j region show | jq '.[0].id')"
	refused "an attached port cannot be changed" "the port is attached" \
		"Device or resource busy" vswctl port set p1 rings 2
	must vswctl port add p2 switch s0
	attach p2
	send p1 $UNKNOWN $A 3
	must [ "$(frames recv p2)" = 3 ]
	must [ "$(frames close p1)" = ok ]
	check_eq "a port that is not attached any more has no region" \
		"$(port_value p1 attached),$(port_value p1 region)" "0,"
	check_eq "what it sent still counts" "$(port_stat p1 tx-frames)" 3
	check_eq "in bytes, too" "$(port_stat p1 tx-bytes)" 186
	check_eq "what the other received counts" "$(port_stat p2 rx-frames)" 3
	check "it can be changed again" vswctl port set p1 rings 2 slots 8
	check_eq "and has changed" "$(geometry p1)" "[2,8,2048]"
	attach p1
	send p1 $UNKNOWN $A 2
	check_eq "counters go on" "$(port_stat p1 tx-frames)" 5
}

deleted()
{
	check "an attached port can be deleted" vswctl port del p1
	check_eq "its program gets an error" "$(frames sync p1)" ENODEV
	check_eq "and a hang-up" "$(frames poll p1)" "err hup"
	heard_by "the other port goes on" "" p2 $BROADCAST $A
	must vswctl port add p1 switch s0
	check_eq "a port of the same name begins at zero" \
		"$(port_stat p1 tx-frames)" 0
	attach p1@
	heard_by "and can be attached while the old one is open" "p1@" \
		p2 $BROADCAST $A
	must [ "$(frames close p1)" = ok ]
	must vswctl port del p1
	must vswctl port del p2
}

# Index that a new port gets
new_index_is()
{
	local status

	vswctl port add new switch s0 || return
	[ "$(port_value new index)" = "$1" ]
	status=$?
	vswctl port del new
	return $status
}

ktap_begin
vsw_load
ns_new ns1
ns_new ns2
make_switch s0 p1
make_switch s1
frames_start
limits
names
owners
attached
deleted
check "the index of a deleted port is used again" busywait 10 new_index_is 0
check "kernel log" kmsg_clean
ktap_finish
