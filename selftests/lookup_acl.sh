#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Rules in front of the learning bridge: which frames a rule is about, which rule
# decides, what becomes of frames, and that requests are obeyed as a whole.
#
#   p1      p2      p3      p4
#    |       |       |       |
#   -+-------+- s0 --+-------+-
#              acl, learn

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

# 2001:db8::1 and 2001:db8:0:1::2
IP6_A=20010db8000000000000000000000001 IP6_B=20010db8000000010000000000000002

acl()
{
	vswctl switch set s0 lookup acl "$@"
}

# only RULE...: these and no others, and what has no rule is allowed
only()
{
	local rule
	local -a words=()

	for rule; do
		words+=(rule "$rule")
	done
	must acl flush 1 default allow "${words[@]}"
}

option()
{
	vswctl -j switch show s0 | jq -r --arg key "$1" '.[0].options[$key]'
}

rules()
{
	vswctl -j switch show s0 | jq -r '.[0].options.rule // [] | .[]'
}

# Those of the rules, in order
hits()
{
	rules | sed 's/.* hits //' | paste -sd ' '
}

#
# Frames, in hexadecimal
#

# ether PAYLOAD [DST [SRC]]: PAYLOAD begins with the ethertype
ether()
{
	local frame=${2:-$B}${3:-$A}$1

	printf '%-120s' "${frame//:/}" | tr ' ' 0
}

# ip4 PROTO SRC DST PAYLOAD [FRAGMENT]
ip4()
{
	# shellcheck disable=SC2086 # four numbers each
	printf '0800450000%02x0000%s40%02x0000%02x%02x%02x%02x%02x%02x%02x%02x%s' \
		46 "${5:-0000}" "$1" ${2//./ } ${3//./ } "$4"
}

# ip6 NEXT-HEADER SRC DST PAYLOAD
ip6()
{
	printf '86dd60000000%04x%02x40%s%s%s' 32 "$1" "$2" "$3" "$4"
}

# ports SOURCE DESTINATION
ports()
{
	printf '%04x%04x001a0000' "$1" "$2"
}

# vlan ID PAYLOAD
vlan()
{
	printf '8100%04x%s' "$1" "$2"
}

udp4()
{
	ip4 17 10.1.2.3 10.4.5.6 "$(ports "$@")"
}

# about RULE FRAME OTHER...: the rule, without an action, is about the first frame
# and not about the others
about()
{
	local rule=$1 frame=$2 other good=1
	shift 2

	only "$rule drop"
	[ -z "$(frames raw p1 "$frame")" ] || good=
	for other; do
		[ "$(frames raw p1 "$other")" = p2 ] || good=
	done
	check_eq "\"$rule\" is about the frames that it says" "$good" 1
}

matches()
{
	local udp tcp
	udp=$(ether "$(udp4 1024 53)")
	tcp=$(ether "$(ip4 6 10.1.2.3 10.4.5.6 "$(ports 1024 53)")")

	about "smac $A" "$udp" "$(ether "$(udp4 1 2)" $B $C)"
	about "smac 02:00:00:00:00:00/ff:ff:ff:ff:ff:00" "$udp" \
		"$(ether "$(udp4 1 2)" $B 02:00:00:00:01:0a)"
	about "smac 00:00:00:00:00:0a/00:00:00:00:00:0f" "$udp" \
		"$(ether "$(udp4 1 2)" $B $C)"
	about "dmac $C" "$(ether "$(udp4 1 2)" $C)" "$udp"
	about "dmac 01:00:00:00:00:00/01:00:00:00:00:00" \
		"$(ether "$(udp4 1 2)" $BROADCAST)" "$udp"
	about "vlan 5" "$(ether "$(vlan 5 "$(udp4 1 2)")")" "$udp" \
		"$(ether "$(vlan 6 "$(udp4 1 2)")")"
	about "vlan 5 dport 53" "$(ether "$(vlan 5 "$(udp4 1 53)")")" "$udp" \
		"$(ether "$(vlan 5 "$(udp4 1 2)")")"
	about "vlan none" "$udp" "$(ether "$(vlan 0 "$(udp4 1 2)")")"
	about "ethertype ip" "$udp" "$(ether 0806)" "$(ether 88b5)"
	about "ethertype arp" "$(ether 0806)" "$udp"
	about "ethertype 0x88b5" "$(ether 88b5)" "$udp" "$(ether 88b6)"
	about "src 10.1.0.0/16" "$udp" \
		"$(ether "$(ip4 17 10.2.0.0 10.4.5.6 "$(ports 1 2)")")" \
		"$(ether "$(ip4 17 10.0.255.255 10.4.5.6 "$(ports 1 2)")")" \
		"$(ether 0806)"
	about "dst 10.4.5.6" "$udp" \
		"$(ether "$(ip4 17 10.4.5.6 10.4.5.7 "$(ports 1 2)")")"
	about "dst 0.0.0.0/0" "$udp" \
		"$(ether "$(ip6 17 $IP6_A $IP6_B "$(ports 1 2)")")"
	about "src 2001:db8::/64" \
		"$(ether "$(ip6 17 $IP6_A $IP6_B "$(ports 1 2)")")" \
		"$(ether "$(ip6 17 $IP6_B $IP6_A "$(ports 1 2)")")" "$udp"
	about "dst 2001:db8:0:1::2 proto udp dport 53" \
		"$(ether "$(ip6 17 $IP6_A $IP6_B "$(ports 1 53)")")" \
		"$(ether "$(ip6 17 $IP6_A $IP6_B "$(ports 1 54)")")" \
		"$(ether "$(ip6 6 $IP6_A $IP6_B "$(ports 1 53)")")" \
		"$(ether "$(ip6 17 $IP6_B $IP6_A "$(ports 1 53)")")"
	about "proto udp" "$udp" "$tcp" "$(ether 0806)"
	about "proto tcp dport 53" "$tcp" "$udp"
	about "proto 89" "$(ether "$(ip4 89 10.1.2.3 10.4.5.6 "")")" "$udp"
	about "sport 1000-2000" "$udp" "$(ether "$(udp4 999 1)")" \
		"$(ether "$(udp4 2001 1)")"
	about "dport 53-65535" "$udp" "$(ether "$(udp4 1 52)")"
	about "fragment" "$(ether "$(ip4 17 10.1.2.3 10.4.5.6 "" 2000)")" "$udp"
	about "cut" "$(ether 0800)" "$udp"
}

# A later part of a packet has no ports, but addresses and a protocol.
fragments()
{
	local later
	later=$(ether "$(ip4 17 10.1.2.3 10.4.5.6 "$(ports 1024 53)" 0007)")

	only "dport 53 drop"
	check_eq "a later fragment has no ports" "$(frames raw p1 "$later")" p2
	only "proto udp drop"
	check_eq "but a protocol" "$(frames raw p1 "$later")" ""
}

order()
{
	local dns ntp tcp
	dns=$(ether "$(udp4 1024 53)") ntp=$(ether "$(udp4 1024 123)")
	tcp=$(ether "$(ip4 6 10.1.2.3 10.4.5.6 "$(ports 1 2)")")

	only "proto udp dport 53 allow" "proto udp drop" "dport 123 allow"
	check_eq "the first rule decides" "$(frames raw p1 "$dns")" p2
	check_eq "and not a later one" "$(frames raw p1 "$ntp")" ""
	check_eq "without a rule a frame is allowed" "$(frames raw p1 "$tcp")" p2
	must acl default drop
	check_eq "or dropped, if that is the default" "$(frames raw p1 "$tcp")" ""
	check_eq "which rules do not care about" "$(frames raw p1 "$dns")" p2
	must acl rule "proto tcp allow"
	check_eq "a rule is added behind the others" \
		"$(rules | sed 's/ hits.*//' | paste -sd ,)" \
		"proto udp dport 53 allow,proto udp drop,dport 123 allow,proto tcp allow"
	check_eq "and decides" "$(frames raw p1 "$tcp")" p2
	must acl flush 1
	check_eq "without rules there is the default" \
		"$(option rules) $(option default) $(frames raw p1 "$dns")" "0 drop "
	must acl flush 1 default allow
}

redirect()
{
	local dns ntp index
	dns=$(ether "$(udp4 1024 53)") ntp=$(ether "$(udp4 1024 123)")
	index=$(port_value p3 index)

	only "dport 53 redirect $index"
	check_eq "a frame is redirected" "$(frames raw p1 "$dns" 300)" p3
	check_eq "and others are not" "$(frames raw p1 "$ntp" 300)" p2
	must vswctl port add p5 switch s0
	attach p5
	index=$(port_value p5 index)
	only "dport 53 redirect $index"
	check_eq "to a port that is added" "$(frames raw p1 "$dns")" p5
	must [ "$(frames close p5)" = ok ]
	must vswctl port del p5
	check_eq "a frame to a port that is gone is dropped" \
		"$(frames raw p1 "$dns")" ""
	check_eq "and the rule says so" "$(rules)" "dport 53 drop hits 2"
}

counters()
{
	local before
	before=$(switch_reason s0 denied)

	only "dport 53 drop" "dport 123 allow"
	must [ -z "$(frames raw p1 "$(ether "$(udp4 1 53)")" 300)" ]
	must [ "$(frames raw p1 "$(ether "$(udp4 1 123)")" 200)" = p2 ]
	must [ "$(frames raw p1 "$(ether "$(udp4 1 5)")" 100)" = p2 ]
	check_eq "frames are counted by the rule that decides" \
		"$(rules | paste -sd ,)" "dport 53 drop hits 300,dport 123 allow hits 200"
	check_eq "and by the default" "$(option default-hits)" 100
	check_eq "what is dropped is counted as denied" \
		"$(($(switch_reason s0 denied) - before))" 300
	must acl rule "dport 5 drop"
	check_eq "a rule that is added leaves the counters" \
		"$(rules | paste -sd ,)" \
		"dport 53 drop hits 300,dport 123 allow hits 200,dport 5 drop hits 0"
	only "$(rules | head -n 1)"
	check_eq "a rule is taken as it is shown" "$(rules)" \
		"dport 53 drop hits 300"
}

# The same if frames have to wait for room: 127 slots, and 100 of each
waiting()
{
	local dns ntp long
	dns=$(ether "$(udp4 1 53)" $UNKNOWN) ntp=$(ether "$(udp4 1 123)" $UNKNOWN)
	long=$(ether "$(udp4 1 7)" $UNKNOWN)$(printf '%0300d' 0)

	must vswctl port add w1 switch s0 slots 128 on-full block
	attach w1
	must vswctl fdb add $UNKNOWN switch s0 port w1
	only "dport 53 allow" "dport 123 redirect $(port_value w1 index)" \
		"dport 54 drop"
	must [ "$(frames mixed p1 100 "$dns" "$ntp" "$long" \
		"$(ether "$(udp4 1 54)")")" = "w1 127" ]
	check_eq "frames that wait for room are not counted" \
		"$(hits) $(option default-hits)" "43 42 100 42"
	must [ "$(frames sync p1)" = ok ]
	must [ "$(frames sync p1)" = ok ]
	check_eq "nor if they still have to" \
		"$(hits) $(option default-hits)" "85 85 100 84"
	must [ "$(frames recv w1)" = 127 ]
	must [ "$(frames sync p1)" = ok ]
	check_eq "but when they are sent, each once" \
		"$(hits) $(option default-hits)" "100 100 100 100"
	must [ "$(frames recv w1)" = 46 ]
	must vswctl fdb del $UNKNOWN switch s0
	must [ "$(frames close w1)" = ok ]
	must vswctl port del w1
}

mixed()
{
	only "dport 53 drop"
	must vswctl fdb flush switch s0 dynamic
	must [ -z "$(frames raw p1 "$(ether "$(udp4 1 53)" $B $UNKNOWN)")" ]
	check_fails "nothing is learned from what is denied" 2 "no such" \
		vswctl fdb show $UNKNOWN switch s0
	check_eq "denied and allowed frames by turns" \
		"$(frames mixed p1 300 "$(ether "$(udp4 1 53)")" \
			"$(ether "$(udp4 1 54)")" \
			"$(ether "$(udp4 1 55)" $C)")" "p2 300 p3 300"
	only "dport 53 redirect $(port_value p2 index)"
	check_eq "redirected and other frames to a port keep their order" \
		"$(frames mixed p1 300 "$(ether "$(udp4 1 53)" $C)" \
			"$(ether "$(udp4 1 54)")" \
			"$(ether "$(udp4 1 55)" $C)")" "p2 600 p3 300"
}

next()
{
	only "dport 53 drop"
	must acl next hub
	check_eq "the next lookup decides where frames go" \
		"$(frames raw p1 "$(ether "$(udp4 1 2)")")" "p2 p3 p4"
	check_eq "and gets what is allowed" \
		"$(frames raw p1 "$(ether "$(udp4 1 53)")")" ""
	refused "there is none that does not exist" \
		'no such lookup (attribute "next")' "Invalid argument" \
		acl flush 1 next nothing
	refused "nor one behind this" \
		'this lookup cannot be behind another one (attribute "next")' \
		"Too many levels of symbolic links" acl next acl
	check_fails "the next lookup is in use" 1 "in use" rmmod vsw_lookup_hub
	must acl next learn
	check "until there is another" busywait 5 rmmod vsw_lookup_hub
	must insmod "${VSW_KO%/*}/vsw-lookup-hub.ko"
}

# The ports that the next lookup spreads frames over
group()
{
	vswctl -j switch show s0 | jq -c '.[0].options.next.options.ports'
}

# The attributes of the next lookup are given behind its name.
next_attributes()
{
	local text

	only "dport 53 drop"
	must acl next flow ports p2,p3
	check_eq "the next lookup has attributes" "$(group)" '["p2","p3"]'
	check_eq "and goes by them" \
		"$(frames flows p1 200 | tr ' ' '\n' | sort -u | paste -sd ' ')" \
		"p2 p3"
	check_eq "behind the rules" \
		"$(frames raw p1 "$(ether "$(udp4 1 53)")")" ""
	must acl next flow ports p4
	check_eq "they are changed as if it were alone" "$(group)" '["p4"]'
	refused "what it refuses changes nothing" \
		'no port with this index (attribute "next")' "No such device" \
		acl rule "dport 54 drop" next flow ports index 999
	check_eq "not in front of it, either" "$(rules | sed 's/ hits.*//')$(group)" \
		'dport 53 drop["p4"]'
	must acl rule "dport 55 drop"
	check_eq "rules change, and it stays as it is" "$(group)" '["p4"]'
	text=$(vswctl switch show s0 | grep -o 'next.*p4')
	check_eq "as text, too" "$text" "next flow ports p4"
	# shellcheck disable=SC2086 # words
	check "which can be given again" acl $text
	check_fails "unknown ones are refused" 1 \
		'lookup "flow" has no attribute "rule"' acl next flow rule drop
	check_fails "and a third lookup" 2 \
		'"acl" is behind another lookup itself' acl next acl next hub
	must acl next learn
}

# wrong RULE TEXT [ERROR]: test point, the rule is refused with these words
wrong()
{
	check_eq "\"$1\" is refused" \
		"$(acl flush 1 rule "proto udp drop" rule "$1" 2>&1)" \
		"Error: rule 2: $2 (attribute \"rule\"): ${3:-Invalid argument}"
}

errors()
{
	only "dport 53 drop"
	wrong "" '"" has no action'
	wrong "proto udp" '"proto udp" has no action'
	wrong "drop proto udp" '"proto" is behind the action'
	wrong "port 53 drop" '"port" is no word of a rule'
	wrong "proto udp proto tcp drop" '"proto" is there twice'
	wrong "cut cut drop" '"cut" is there twice'
	wrong "proto" '"proto" needs a value'
	wrong "proto foo drop" '"foo" is no protocol'
	wrong "proto 256 drop" '"256" is no protocol'
	wrong "smac 02:00:00:00:00 drop" '"02:00:00:00:00" is no MAC address'
	wrong "smac 02:00:00:00:00:0g drop" '"02:00:00:00:00:0g" is no MAC address'
	wrong "smac 02:00:00:00:00:01/x drop" '"x" is no mask'
	wrong "smac 02:00:00:00:00:01/ff:ff:ff:ff:ff:00 drop" \
		'"02:00:00:00:00:01" has bits beyond its mask'
	wrong "vlan 4096 drop" '"4096" is no VLAN, 0 to 4095'
	wrong "ethertype 0800 drop" \
		'"0800" is no ethertype: ip, ipv6, arp or 0x...'
	wrong "src 10.0.0.1/8 drop" '"10.0.0.1" has bits beyond its prefix'
	wrong "src 10.0.0.0/33 drop" '"33" is no length of a prefix'
	wrong "src 10.0.0 drop" '"10.0.0" is no IP address'
	wrong "src 2001:db8::1/64 drop" '"2001:db8::1" has bits beyond its prefix'
	wrong "src 10.0.0.0/8 dst ::1 drop" '"::1" is of another IP version'
	wrong "dport 65536 drop" '"65536" is no port, 0 to 65535'
	wrong "dport +5 drop" '"+5" is no port, 0 to 65535'
	wrong "dport 5-4 drop" '"4" is before its range begins'
	wrong "redirect p3" '"p3" is no index of a port'
	wrong "redirect 999" '"999" is the index of no port' "No such device"
	wrong "drop hits" '"hits" needs a value'
	wrong "drop hits -1" '"-1" is no number'
	refused "a default that is neither" \
		'either allow or drop (attribute "default")' "Invalid argument" \
		acl default maybe rule "drop"
	check_eq "the rule is as it was" "$(rules)" "dport 53 drop hits 0"
	check_eq "and decides" "$(frames raw p1 "$(ether "$(udp4 1 53)")")" ""
}

# "rule" and a rule, for many ports
many()
{
	local i

	for ((i = $1; i < $1 + $2; i++)); do
		echo "rule"
		echo "src 10.0.0.0/8 proto udp dport $i $3"
	done
}

thousands()
{
	local -a words

	mapfile -t words < <(many 1 1000 drop)
	check "a request can have a thousand rules" acl flush 1 "${words[@]}"
	check "which leaves the switch to be shown" vswctl -d switch show s0
	check_eq "and counted" "$(option rules)" 1000
	check_eq "the last of them drops" \
		"$(frames raw p1 "$(ether "$(udp4 1 1000)")")" ""
	check_eq "and what is behind it is allowed" \
		"$(frames raw p1 "$(ether "$(udp4 1 1001)")")" p2
	must acl from 1000
	check_eq "rules are shown from any number on" "$(rules)" \
		"src 10.0.0.0/8 proto udp dport 1000 drop hits 1"
	must acl from 1
	mapfile -t words < <(many 1001 1000 drop)
	must acl "${words[@]}"
	mapfile -t words < <(many 3000 49 drop)
	refused "there are at most 2048" \
		'more than 2048 rules (attribute "rule")' \
		"Argument list too long" acl "${words[@]}"
	check "and these may be" acl "${words[@]:0:96}"
}

# Two ways to say the same, one after the other
replace()
{
	while acl flush 1 default drop rule "dport 54 allow" &&
	      acl flush 1 default allow rule "dport 53 drop"; do
		:
	done
}

under_traffic()
{
	local replacer i good=1

	only "dport 53 drop"
	bg replacer /dev/null replace
	for ((i = 0; i < 15; i++)); do
		[ "$(frames mixed p1 100 "$(ether "$(udp4 1 53)")" \
			"$(ether "$(udp4 1 54)")")" = "p2 100" ] || good=
	done
	check "rules have been replaced meanwhile" kill -0 "$replacer"
	stop "$replacer"
	check_eq "while rules are replaced each frame is decided on by one set" \
		"$good" 1
}

ktap_begin
vsw_load
lookup_load hub flow acl
make_switch s0 p1 p2 p3 p4
must vswctl fdb add $B switch s0 port p2
must vswctl fdb add $C switch s0 port p3
frames_start
attach p1 p2 p3 p4
must vswctl switch set s0 lookup acl
matches
fragments
order
redirect
counters
waiting
mixed
next
next_attributes
errors
thousands
under_traffic
check "another lookup can take its place" vswctl switch set s0 lookup learn
check "kernel log" kmsg_clean
ktap_finish
