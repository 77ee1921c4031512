#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The learning bridge with VLANs: which frame is in which VLAN, who gets it, and
# with which tag; what an address is then; and that no frame is lost when the first
# port of a switch gets a VLAN, or the last one has none any more.
#
#   a1, a2   b1, b2   t1, t2           n1                 d1
#   vlan 10  vlan 20  trunk 10,20-30   vlan 10 trunk 20   -
#     |        |        |                |                |
#   --+--------+--------+------ s0 ------+----------------+-
#
# All of it once more with "acl" in front, which copies headers for both.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

dir=''

#
# Frames, in hexadecimal
#

# No two words are alike.
# shellcheck disable=SC2046 # many numbers
PAYLOAD=$(printf '%04x' $(seq 4096 13000))

# frame DST SRC [BYTES]: without a tag
frame()
{
	local macs=$1$2

	echo "${macs//:/}88b5${PAYLOAD:0:$((2 * (${3:-60} - 14)))}"
}

# tag TCI FRAME
tag()
{
	printf '%s8100%04x%s\n' "${2:0:24}" "$1" "${2:24}"
}

# becomes NAME EXPECTED PORT FRAME [N]: what each port gets
becomes()
{
	check_eq "$1" "$(frames becomes "${@:3}")" "$2"
}

# dropped NAME REASON PORT FRAME [N]: nobody gets it, and it is counted
dropped()
{
	local before port

	before=$(switch_reason s0 "$2")
	port=$(port_stat "$3" drops.lookup)
	becomes "$1" "" "${@:3}"
	check_eq "which is counted as $2, for the switch and the port" \
		"$(($(switch_reason s0 "$2") - before)) $(($(port_stat "$3" drops.lookup) - port))" \
		"${5:-1} ${5:-1}"
}

set_port()
{
	must vswctl port set "$@"
}

# "PORT VLAN static|learned" for each entry of an address, by VLAN
entries()
{
	vswctl -j fdb show "$1" switch s0 2> /dev/null | jq -r 'sort_by(.vlan) |
		map("\(.port) \(.vlan) \(if .static then "static" else "learned" end)") |
		join(", ")'
}

forget()
{
	must vswctl fdb flush switch s0
}

# learn PORT MAC [TCI]: a port sends from an address
learn()
{
	local text

	text=$(frame $UNKNOWN "$2")
	frames becomes "$1" "$([ $# -lt 3 ] && echo "$text" || tag "$3" "$text")" \
		> /dev/null
}

#
# Settings
#

unaware()
{
	local text

	text=$(tag 5 "$(frame $BROADCAST $A)")
	becomes "without VLANs a tag is bytes like others" \
		"a2 $text b1 $text b2 $text d1 $text n1 $text t1 $text t2 $text" \
		a1 "$text"
	check_eq "no address is in a VLAN" "$(entries $A)" "a1 null learned"
	check_eq "no port has any" \
		"$(vswctl -j port show | jq 'map(has("vlan"), has("trunk")) | any')" \
		false
}

settings()
{
	local name

	for name in a1 a2; do
		set_port $name vlan 10
	done
	for name in b1 b2; do
		set_port $name vlan 20
	done
	for name in t1 t2; do
		set_port $name trunk 10,20-30
	done
	set_port n1 vlan 10 trunk 20
	check_eq "an address that was learned without VLANs is forgotten" \
		"$(entries $A)" ""
	check_eq "a port shows its VLAN" "$(port_value a1 vlan)" 10
	check_eq "and those of a trunk" \
		"$(port_value t1 trunk)$(port_value t1 vlan)" 10,20-30
	check_eq "and both" "$(port_value n1 vlan) $(port_value n1 trunk)" "10 20"
	check_eq "as text, too" \
		"$(vswctl port show n1 | grep -o 'vlan.*20')" "vlan 10 trunk 20"
	check_eq "the lookup is the same" "$(switch_value s0 lookup)" learn
}

# A port that is added, and one that is changed
setting_words()
{
	must vswctl port add e1 switch s0 vlan 4094 trunk 1-4094
	check_eq "a port is added with VLANs" \
		"$(port_value e1 vlan) $(port_value e1 trunk)" "4094 1-4094"
	set_port e1 trunk 4000,1,3,2,7-8
	check_eq "VLANs are shown in order" "$(port_value e1 trunk)" 1-3,7-8,4000
	set_port e1 vlan none
	check_eq "a VLAN is taken away, and the others stay" \
		"$(port_value e1 vlan)$(port_value e1 trunk)" 1-3,7-8,4000
	set_port e1 trunk none
	check_eq "and all" "$(port_value e1 trunk)" ""
	must vswctl port del e1
}

refusals()
{
	refused "VLAN 4095" 'integer out of range (attribute "vlan")' \
		"Numerical result out of range" vswctl port set a1 vlan 4095
	refused "a trunk with VLAN 4095" \
		'a VLAN is a number from 1 to 4094 (attribute "trunk")' \
		"Invalid argument" vswctl port set a1 trunk 5,4095
	refused "VLANs together with what cannot be changed" \
		"the port is attached" "Device or resource busy" \
		vswctl port set a1 vlan 11 slots 7
	refused "VLANs of a port that exists" \
		'a port of this name exists (attribute "name")' "File exists" \
		vswctl port add a1 switch s0 vlan 11
}

# A request that is refused leaves a switch without VLANs as it is.
refused_first()
{
	refused "a first VLAN together with what cannot be changed" \
		"the port is attached" "Device or resource busy" \
		vswctl port set a1 vlan 11 slots 7
	refused "a first VLAN of a port that exists" \
		'a port of this name exists (attribute "name")' "File exists" \
		vswctl port add a1 switch s0 vlan 11
	unaware
}

#
# Frames
#

flood()
{
	local text tagged

	text=$(frame $BROADCAST $A) tagged=$(tag 10 "$text")
	becomes "a frame from an access port floods in its VLAN only" \
		"a2 $text n1 $text t1 $tagged t2 $tagged" a1 "$text"
	becomes "so does a batch" \
		"a2 $text n1 $text t1 $tagged t2 $tagged" a1 "$text" 200
	text=$(frame $BROADCAST $B) tagged=$(tag 20 "$text")
	becomes "a frame from a trunk floods in that of its tag" \
		"b1 $text b2 $text n1 $tagged t2 $tagged" t1 "$tagged"
	becomes "a VLAN may have no other port than trunks" \
		"t2 $(tag 30 "$text")" t1 "$(tag 30 "$text")"
	text=$(frame $BROADCAST $C)
	becomes "a frame of the native VLAN has no tag" \
		"a1 $text a2 $text t1 $(tag 10 "$text") t2 $(tag 10 "$text")" \
		n1 "$text"
	forget
}

unicast()
{
	local text back

	learn a1 $A
	learn t1 $B 10
	learn n1 $C
	text=$(frame $B $A) back=$(frame $A $B)
	becomes "a frame from access to trunk gets the tag, with priority 0" \
		"t1 $(tag 10 "$text")" a1 "$text"
	becomes "so does a batch" "t1 $(tag 10 "$text")" a1 "$text" 256
	becomes "one from trunk to access loses it" \
		"a1 $back" t1 "$(tag 10 "$back")"
	becomes "whatever its priority" "a1 $back" t1 "$(tag $((0xf00a)) "$back")"
	becomes "so does a batch" "a1 $back" t1 "$(tag 10 "$back")" 256
	becomes "one to the native VLAN, too" "n1 $(frame $C $B)" \
		t1 "$(tag 10 "$(frame $C $B)")"
	becomes "from it to a trunk it gets the tag" \
		"t1 $(tag 10 "$(frame $B $C)")" n1 "$(frame $B $C)"
	forget
}

# From trunk to trunk nothing changes.
trunks()
{
	local tci text

	for tci in 10 $((0xe00a)) $((0x1014)) $((0xb01e)); do
		learn t2 $B $((tci & 4095))
		text=$(tag $tci "$(frame $B $A)")
		becomes "$(printf 'the tag %04x stays between trunks' $tci)" \
			"t2 $text" t1 "$text" 3
		text=$(tag $tci "$(tag 77 "$(frame $B $A)")")
		becomes "and what is behind it, if that is another" \
			"t2 $text" t1 "$text"
	done
	forget
}

isolation()
{
	learn a2 $B
	learn b2 $B
	check_eq "an address can be in two VLANs, behind two ports" \
		"$(entries $B)" "a2 10 learned, b2 20 learned"
	becomes "a frame finds that of its own" "a2 $(frame $B $A)" \
		a1 "$(frame $B $A)"
	becomes "of the other, too" "b2 $(frame $B $C)" b1 "$(frame $B $C)"
	becomes "and from a trunk" "b2 $(frame $B $C)" \
		t1 "$(tag 20 "$(frame $B $C)")"
	check_eq "the switches of a batch do as well" \
		"$(frames mixed t1 100 "$(tag 10 "$(frame $B $C)")" \
			"$(tag 20 "$(frame $B $C)")" | wc -w)" 4
	becomes "an address of another VLAN is not found" \
		"t2 $(tag 30 "$(frame $B $C)")" t1 "$(tag 30 "$(frame $B $C)")"
	forget
}

priority()
{
	local text=

	learn a2 $B
	learn t1 $C 10
	text=$(frame $B $A)
	becomes "a tag of priority is none: the frame is in the port's VLAN" \
		"a2 $text" a1 "$(tag $((0xe000)) "$text")"
	text=$(frame $C $A)
	becomes "and keeps its priority where it gets a tag" \
		"t1 $(tag $((0xf00a)) "$text")" a1 "$(tag $((0xf000)) "$text")"
	text=$(frame $BROADCAST $A)
	becomes "also if it is flooded" \
		"a2 $text n1 $text t1 $(tag $((0x200a)) "$text") t2 $(tag $((0x200a)) "$text")" \
		a1 "$(tag $((0x2000)) "$text")"
	text=$(tag 0 "$(tag 20 "$(frame $B $A)")")
	dropped "another tag behind it is no way into another VLAN" vlan \
		a1 "$text"
	forget
}

not_carried()
{
	local text

	text=$(frame $B $A)
	dropped "a frame with a tag is dropped at an access port" vlan \
		a1 "$(tag 20 "$text")" 5
	dropped "also with that of the port" vlan a1 "$(tag 10 "$text")"
	dropped "one without a tag at a trunk" vlan t1 "$text"
	dropped "and one with a tag of priority" vlan t1 "$(tag 0 "$text")"
	dropped "and one of a VLAN that the trunk does not carry" vlan \
		t1 "$(tag 31 "$text")"
	dropped "and one of VLAN 4095" vlan t1 "$(tag 4095 "$text")"
	dropped "and one whose tag is cut" vlan t1 "$(tag 10 "${text:0:26}")"
	dropped "the native VLAN comes without a tag" vlan n1 "$(tag 10 "$text")"
	check_eq "nothing is learned from what is dropped" \
		"$(switch_value s0 fdb-entries)" 0
}

# A port without settings, where others have some
default_vlan()
{
	local text

	text=$(frame $BROADCAST $A)
	must vswctl port add d2 switch s0
	attach d2
	becomes "ports without VLANs are together in VLAN 1" "d2 $text" d1 "$text"
	set_port t1 trunk 1,10,20-30
	becomes "which a trunk can carry" "d2 $text t1 $(tag 1 "$text")" \
		d1 "$text"
	dropped "they take no tags" vlan d1 "$(tag 1 "$text")"
	set_port t1 trunk 10,20-30
	must [ "$(frames close d2)" = ok ]
	must vswctl port del d2
	forget
}

# How long a frame is with a tag and without, from the shortest to three slots
# of 256 bytes each; more than 128 bytes are not copied for the lookup. u1 is a
# trunk with small buffers, u2 an access port.
lengths()
{
	local bytes text names=

	must vswctl port add u1 switch s0 buf-size 256 trunk 10
	must vswctl port add u2 switch s0 buf-size 256 vlan 10
	attach u1 u2
	learn u1 $B 10
	learn u2 $C
	for bytes in 14 15 60 64 65 123 124 125 128 129 132 133 251 252 253 256 257 \
		508 509 512 764 765 768; do
		text=$(frame $B $C $bytes)
		[ "$(frames becomes u2 "$text")" = "u1 $(tag 10 "$text")" ] ||
			names+=" $bytes, put in"
		text=$(frame $C $B $bytes)
		[ "$(frames becomes u1 "$(tag 10 "$text")")" = "u2 $text" ] ||
			names+=" $bytes, taken out"
		text=$(frame $BROADCAST $B $bytes)
		[ "$(frames becomes u1 "$(tag 10 "$text")")" = \
			"a1 $text a2 $text n1 $text t1 $(tag 10 "$text") t2 $(tag 10 "$text") u2 $text" ] ||
			names+=" $bytes, flooded"
	done
	check_eq "rule 5.2: frames of any length, with a tag and without" "$names" ""
	text=$(frame $B $C 4000)
	becomes "of many slots" "u1 $(tag 10 "$text")" u2 "$text"
	text=$(frame $B $C $((64 * 256 - 4)))
	becomes "that just fits with a tag" "u1 $(tag 10 "$text")" u2 "$text"
	text=$(frame $B $C $((64 * 256 - 3)))
	becomes "that just does not fit" "" u2 "$text"
	check_eq "which is counted by the receiver" \
		"$(port_stat u1 drops.too-long)" 1
	must [ "$(frames close u1)" = ok ]
	must [ "$(frames close u2)" = ok ]
	must vswctl port del u1
	must vswctl port del u2
	forget
}

# What stays with its sender is as it was: nothing is counted twice.
blocked()
{
	must vswctl port add w1 switch s0 slots 9 on-full block trunk 10
	attach w1
	must vswctl fdb add $B switch s0 vlan 10 port w1
	must vswctl port add w2 switch s0 vlan 10
	attach w2
	send w2 $B $C 20
	check_eq "frames wait for room" "$(frames recv w1)" 8
	check_eq "those that wait are not counted" \
		"$(port_stat w2 tx-frames) $(port_stat w2 tx-bytes)" "8 496"
	frames sync w2 > /dev/null
	check_eq "and come then" "$(frames recv w1)" 8
	frames sync w2 > /dev/null
	check_eq "all of them" "$(frames recv w1)" 4
	check_eq "with as many bytes as were sent" \
		"$(port_stat w2 tx-frames) $(port_stat w2 tx-bytes)" "20 1240"
	check_eq "and received with tags" \
		"$(port_stat w1 rx-frames) $(port_stat w1 rx-bytes)" "20 1320"
	must [ "$(frames close w1)" = ok ]
	must [ "$(frames close w2)" = ok ]
	must vswctl port del w1
	must vswctl port del w2
	forget
}

#
# Addresses
#

fdb()
{
	must vswctl fdb add $B switch s0 vlan 20 port b2
	learn a2 $B
	check_eq "a static entry is in one VLAN" "$(entries $B)" \
		"a2 10 learned, b2 20 static"
	check_eq "as text, too" \
		"$(vswctl fdb show $B switch s0 vlan 20)" \
		"$B switch s0 vlan 20 port b2 port-index $(port_value b2 index) static"
	check_eq "entries of a VLAN can be shown" \
		"$(vswctl -j fdb show switch s0 vlan 10 | jq -r 'map(.port) | join(" ")')" a2
	becomes "it decides there" "b2 $(frame $B $C)" b1 "$(frame $B $C)"
	becomes "and nowhere else" "a2 $(frame $B $C)" a1 "$(frame $B $C)"
	refused "an address that is there" \
		'the address is there (attribute "address")' "File exists" \
		vswctl fdb add $B switch s0 vlan 20 port b1
	must vswctl fdb replace $B switch s0 vlan 20 port b1
	check_eq "it can be replaced" "$(entries $B)" \
		"a2 10 learned, b1 20 static"
	must vswctl fdb del $B switch s0 vlan 20
	check_eq "and deleted, the other stays" "$(entries $B)" "a2 10 learned"
	refused "an address that is in another VLAN" \
		'no such address (attribute "address")' \
		"No such file or directory" vswctl fdb del $B switch s0 vlan 20
	refused "to show an address that is in none" \
		'no such address (attribute "address")' \
		"No such file or directory" vswctl fdb show $UNKNOWN switch s0
	refused "an address without a VLAN" \
		'ports of the switch have VLANs, so an address needs one (attribute "vlan" is missing)' \
		"Invalid argument" vswctl fdb add $A switch s0 port a1
	refused "an address in a VLAN that the port does not carry" \
		'the port does not carry this VLAN (attribute "vlan")' \
		"Invalid argument" vswctl fdb add $A switch s0 vlan 20 port a1
	forget
}

# What was learned in a VLAN goes when the port leaves it.
moves()
{
	learn a2 $B
	learn a1 $A
	must vswctl fdb add $C switch s0 vlan 10 port a2
	set_port a2 vlan 20
	check_eq "what was learned of a port goes when its VLANs change" \
		"$(entries $B)" ""
	check_eq "but not of others" "$(entries $A)" "a1 10 learned"
	becomes "the port is in the other VLAN at once" \
		"b1 $(frame $BROADCAST $B) b2 $(frame $BROADCAST $B) n1 $(tag 20 "$(frame $BROADCAST $B)") t1 $(tag 20 "$(frame $BROADCAST $B)") t2 $(tag 20 "$(frame $BROADCAST $B)")" \
		a2 "$(frame $BROADCAST $B)"
	dropped "a static entry leads to no port outside of its VLAN" vlan \
		a1 "$(frame $C $A)" 3
	set_port a2 vlan 10
	becomes "it counts when the port is back" "a2 $(frame $C $A)" \
		a1 "$(frame $C $A)"
	forget
}

#
# What a port may not do
#

security()
{
	local text tagged

	must vswctl fdb add $A switch s0 vlan 10 port a1
	set_port a1 locked on
	text=$(frame $B $A) tagged=$(tag 10 "$(frame $B $A)")
	becomes "a locked port sends from its address" \
		"a2 $text n1 $text t1 $tagged t2 $tagged" a1 "$text"
	dropped "from no other" locked a1 "$(frame $B $C)" 3
	set_port a1 locked off
	set_port t1 locked on
	must vswctl fdb add $C switch s0 vlan 20 port t1
	becomes "a locked trunk sends from an address in its VLAN" \
		"b1 $(frame $B $C) b2 $(frame $B $C) n1 $(tag 20 "$(frame $B $C)") t2 $(tag 20 "$(frame $B $C)")" \
		t1 "$(tag 20 "$(frame $B $C)")"
	dropped "and not in another" locked t1 "$(tag 10 "$(frame $B $C)")"
	set_port t1 locked off
	forget
	set_port a1 learn-max 1
	learn a1 $A
	dropped "learn-max counts" learn-max a1 "$(frame $B $C)"
	set_port a1 learn-max 0
	set_port a1 isolated on
	set_port a2 isolated on
	learn a2 $B
	dropped "isolated ports are" isolated a1 "$(frame $B $A)"
	becomes "flooded frames pass them over" \
		"n1 $(frame $BROADCAST $A) t1 $(tag 10 "$(frame $BROADCAST $A)") t2 $(tag 10 "$(frame $BROADCAST $A)")" \
		a1 "$(frame $BROADCAST $A)"
	set_port a1 isolated off
	set_port a2 isolated off
	set_port a1 flood-rate 1
	text=$(frame $BROADCAST $A) tagged=$(tag 10 "$text")
	becomes "a burst is flooded" \
		"a2 $text n1 $text t1 $tagged t2 $tagged" a1 "$text" 200
	dropped "and not more than the rate" flood-rate a1 "$text"
	set_port a1 flood-rate 0
	# The burst has to be paid for by the ring that sent it.
	must [ "$(frames close a1)" = ok ]
	attach a1
	forget
}

in_vlans()
{
	flood
	unicast
	trunks
	isolation
	priority
	not_carried
	default_vlan
	lengths
	blocked
	fdb
	moves
	security
}

#
# Other lookups
#

# acl WORD...: rules of s0 from now on
acl()
{
	must vswctl switch set s0 lookup acl flush 1 "$@" next learn
}

acl_rules()
{
	local text

	text=$(frame $BROADCAST $A)
	acl rule "vlan 20 drop"
	becomes "rules see the tag with which a frame came" \
		"a2 $text n1 $text t1 $(tag 10 "$text") t2 $(tag 10 "$text")" \
		a1 "$text"
	dropped "and deny by it" denied t1 "$(tag 20 "$text")" 5
	check_eq "denied frames among others" \
		"$(frames mixed t1 100 "$(tag 20 "$text")" "$(tag 30 "$text")")" \
		"t2 100"
	acl rule "ethertype 0x88b5 allow"
	learn n1 $B 20
	learn t2 $B 30
	check_eq "frames of several VLANs with the same addresses stay apart" \
		"$(frames mixed t1 200 "$(tag 20 "$(frame $B $C)")" \
			"$(tag 30 "$(frame $B $C)")")" "n1 200 t2 200"
	forget
}

# The port of a rule gets frames as it wants them, or not at all.
acl_redirects()
{
	local text

	learn a2 $B
	learn t2 $C 10
	text=$(frame $B $A)
	acl rule "smac $A redirect $(port_value t1 index)"
	becomes "a redirected frame gets the tag that a trunk wants" \
		"t1 $(tag 10 "$text")" a1 "$text" 200
	text=$(frame $BROADCAST $A)
	becomes "also one that would be flooded" "t1 $(tag 10 "$text")" \
		a1 "$text"
	acl rule "smac $C redirect $(port_value a1 index)"
	text=$(frame $B $C)
	becomes "or loses what an access port does not want" "a1 $text" \
		t2 "$(tag 10 "$text")" 200
	dropped "nobody gets frames of a VLAN that is not its own" vlan \
		t2 "$(tag 30 "$text")" 3
	becomes "what is not redirected goes its way" \
		"a2 $(frame $B $UNKNOWN)" a1 "$(frame $B $UNKNOWN)"
	acl rule "smac $C redirect $(port_value t2 index)"
	learn t2 $A 20
	check_eq "redirected and other frames to a port are in order" \
		"$(frames mixed n1 200 "$(tag 20 "$text")" \
			"$(tag 20 "$(frame $A $UNKNOWN)")")" "t2 400"
	forget
}

# Rules count what is sent, whatever became of its tag.
acl_blocked()
{
	must vswctl port add w1 switch s0 slots 9 on-full block vlan 10
	attach w1
	must vswctl fdb add $B switch s0 vlan 10 port w1
	acl rule "vlan 10 allow" rule "vlan none allow"
	# "?": they are not what was sent.
	check_eq "frames wait that lose their tag" \
		"$(frames mixed t1 20 "$(tag 10 "$(frame $B $C)")")" "w1? 8"
	check_eq "those that wait are not counted by their rule" "$(hits)" "8 0"
	frames sync t1 > /dev/null
	check_eq "but later" "$(frames recv w1) $(hits)" "8 16 0"
	frames sync t1 > /dev/null
	check_eq "each once" "$(frames recv w1) $(hits)" "4 20 0"
	must [ "$(frames close w1)" = ok ]
	must vswctl port del w1
	forget
}

# Those of the rules, in order
hits()
{
	vswctl -j switch show s0 | jq -r '.[0].options.rule[]' |
		sed 's/.* hits //' | paste -sd ' '
}

behind_acl()
{
	must vswctl switch set s0 lookup acl next learn
	in_vlans
	acl_rules
	acl_redirects
	acl_blocked
	must vswctl switch set s0 lookup learn
}

# With p1, p2 and p3 on s1, whose lookup is "acl"
acl_first()
{
	local text

	text=$(frame $BROADCAST $A)
	make_switch s1 p1 p2 p3
	must vswctl switch set s1 lookup acl next learn
	attach p1 p2 p3
	becomes "learn behind acl without VLANs" "p2 $text p3 $text" p1 "$text"
	check "a port gets a VLAN while learn is behind acl" \
		vswctl port set p1 vlan 10
	check_eq "what was learned without VLANs is forgotten" \
		"$(switch_value s1 fdb-entries)" 0
	becomes "no other port gets its frames" "" p1 "$text"
	must vswctl port set p2 trunk 10
	becomes "but those that carry it" "p2 $(tag 10 "$text")" p1 "$text"
	must vswctl port set p1 vlan none
	must vswctl port set p2 trunk none
	check_eq "what was learned with them is forgotten" \
		"$(switch_value s1 fdb-entries)" 0
	becomes "without the last one tags are bytes again" \
		"p2 $(tag 10 "$text") p3 $(tag 10 "$text")" p1 "$(tag 10 "$text")"
}

other_lookup()
{
	local text

	text=$(tag 5 "$(frame $B $A)")
	must vswctl switch set s0 lookup hub
	becomes "another lookup knows no VLANs" \
		"a2 $text b1 $text b2 $text d1 $text n1 $text t1 $text t2 $text" \
		a1 "$text"
	must vswctl switch set s0 lookup learn
	text=$(frame $BROADCAST $A)
	becomes "learn knows them again" \
		"a2 $text n1 $text t1 $(tag 10 "$text") t2 $(tag 10 "$text")" \
		a1 "$text"
	forget
}

#
# The first VLAN, and the last
#

last_one()
{
	local name before

	before=$(switch_reason s0 vlan)
	for name in a1 a2 b1 b2 t1 t2; do
		set_port $name vlan none trunk none
	done
	learn n1 $C
	check_eq "reasons are counted on" "$(switch_reason s0 vlan)" "$before"
	must [ "$(frames close n1)" = ok ]
	must vswctl port del n1
	check_eq "what was learned in a VLAN goes with the last port that has any" \
		"$(switch_value s0 fdb-entries)" 0
	must vswctl port add n1 switch s0
	attach n1
	unaware
	check_eq "reasons are counted on" "$(switch_reason s0 vlan)" "$before"
}

# Both ports are in VLAN 1 whether or not another has a VLAN.
swaps()
{
	local i

	for ((i = 0; i < $1; i += 2)); do
		echo "port set h2 vlan 5"
		echo "port set h2 vlan none"
	done > "$dir/swaps"
	vswctl -b "$dir/swaps"
}

under_load()
{
	local mac1=02:00:00:00:00:01 mac2=02:00:00:00:00:02
	local sender='' receiver='' before

	make_switch s2 h0 h2
	must vswctl port add h1 switch s2 on-full block
	bg receiver "$dir/recv" vsw-gen recv 192.0.2.2 $mac2 192.0.2.1 $mac1 \
		--port h1 --no-announce -i -s -j -b 256
	must busywait 10 eval '[ "$(port_value h1 attached)" = 1 ]'
	must vswctl fdb add $mac2 switch s2 port h1
	must vswctl port set h0 vlan 1
	must vswctl fdb add $mac2 switch s2 vlan 1 port h1
	must vswctl port set h0 vlan none
	bg sender "$dir/send" vsw-gen send 192.0.2.1 $mac1 192.0.2.2 $mac2 \
		--port h0 -i -s -j -b 256 -t 600
	must busywait 20 eval '[ "$(port_stat h1 rx-frames)" -gt 0 ]'
	before=$(port_stat h1 rx-frames)
	check "VLANs come and go 200 times under load" swaps 200
	check "frames passed meanwhile" \
		[ "$(port_stat h1 rx-frames)" -gt $((before + 200)) ]
	check_eq "none was dropped at the sender" \
		"$(port_stat h0 drops | jq -c 'with_entries(select(.value > 0))')" {}
	kill -INT "$sender"
	ends "the sender is content" "$sender"
	ends "the receiver has all frames, each once, in order" "$receiver"
	check_eq "as many as were sent" "$(jq .frames "$dir/recv")" \
		"$(jq .frames "$dir/send")"
}

ktap_begin
vsw_load
lookup_load hub acl
tmpdir dir
make_switch s0 a1 a2 b1 b2 t1 t2 n1 d1
frames_start
attach a1 a2 b1 b2 t1 t2 n1 d1
unaware
refused_first
settings
setting_words
refusals
in_vlans
behind_acl
other_lookup
last_one
acl_first
frames_stop
under_load
check "kernel log" kmsg_clean
ktap_finish
