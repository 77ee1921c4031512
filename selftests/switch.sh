#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Switches: add, set, show, del, and what is refused. A refusal says why, names
# the attribute, and changes nothing.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

NAME_TEXT="a name must not be empty, '.' or '..', nor contain '/', ':' or spaces"
POLICY_TEXT='Attribute failed policy validation'
RANGE_TEXT='integer out of range'

config()
{
	vswctl -j switch show "$1" |
		jq -c '.[0] | [.name, .lookup, .ageing, ."fdb-max", .ports]'
}

names()
{
	vswctl -j switch show | jq -r 'map(.name) | sort | join(" ")'
}

adding()
{
	check "a switch is added" vswctl switch add s0
	defer vswctl switch del s0
	check_eq "with defaults" "$(config s0)" '["s0","learn",300,4096,0]'
	check "another one with everything given" \
		vswctl switch add s1 lookup learn ageing 7 fdb-max 9
	defer vswctl switch del s1
	check_eq "and that is what it has" "$(config s1)" \
		'["s1","learn",7,9,0]'
	check_eq "both are shown" "$(names)" "s0 s1"
	check_eq "the lookup counts its switches" \
		"$(vswctl -j lookup show learn | jq -c 'map(.switches)')" '[2]'
	check "a name may have 15 characters" vswctl switch add 123456789012345
	must vswctl switch del 123456789012345
}

bad_names()
{
	local name

	refused "a name of 16 characters is refused" \
		"$POLICY_TEXT (attribute \"name\")" "Invalid argument" \
		vswctl switch add 1234567890123456
	for name in a/b 'a b' $'a\tb' a:b '' . ..; do
		refused "the name '${name/$'\t'/<tab>}' is refused" \
			"$NAME_TEXT (attribute \"name\")" "Invalid argument" \
			vswctl switch add "$name"
	done
	refused "a name that is taken is refused" \
		'a switch of this name exists (attribute "name")' \
		"File exists" vswctl switch add s0
}

bad_values()
{
	refused "an unknown lookup is refused" \
		'no such lookup (attribute "lookup")' \
		"No such file or directory" vswctl switch add s9 lookup nix
	refused "ageing beyond its range is refused" \
		"$RANGE_TEXT (attribute \"ageing\")" \
		"Numerical result out of range" \
		vswctl switch add s9 ageing 1000001
	refused "so is fdb-max 0" "$RANGE_TEXT (attribute \"fdb-max\")" \
		"Numerical result out of range" vswctl switch add s9 fdb-max 0
	refused "and fdb-max beyond its range" \
		"$RANGE_TEXT (attribute \"fdb-max\")" \
		"Numerical result out of range" \
		vswctl switch add s9 fdb-max 1048577
	refused "ageing out of range cannot be set" \
		"$RANGE_TEXT (attribute \"ageing\")" \
		"Numerical result out of range" \
		vswctl switch set s0 ageing 1000001
	refused "a bad fdb-max keeps a good ageing from being set" \
		"$RANGE_TEXT (attribute \"fdb-max\")" \
		"Numerical result out of range" \
		vswctl switch set s0 ageing 5 fdb-max 0
}

unknown_switch()
{
	local command

	for command in "switch set nix ageing 1" "switch del nix" \
		       "switch show nix"; do
		# shellcheck disable=SC2086 # words
		refused "$command: no such switch" \
			'no such switch (attribute "name")' "No such device" \
			vswctl $command
	done
	for command in "port add p switch nix" "port show switch nix" \
		       "fdb show switch nix" "fdb flush switch nix"; do
		# shellcheck disable=SC2086
		refused "$command: no such switch" \
			'no such switch (attribute "switch")' \
			"No such device" vswctl $command
	done
}

setting()
{
	must vswctl switch set s1 ageing 0
	check_eq "ageing is set alone" "$(config s1)" '["s1","learn",0,9,0]'
	must vswctl switch set s1 fdb-max 1048576
	check_eq "fdb-max is set alone" "$(config s1)" \
		'["s1","learn",0,1048576,0]'
	must vswctl switch set s1 ageing 1000000 fdb-max 1
	check_eq "both are set to their limits" "$(config s1)" \
		'["s1","learn",1000000,1,0]'
	check_eq "the other switch stays as it was" "$(config s0)" \
		'["s0","learn",300,4096,0]'
}

deleting()
{
	must vswctl port add p1 switch s2
	must vswctl port add p2 switch s2
	check_eq "a switch counts its ports" "$(config s2)" \
		'["s2","learn",300,4096,2]'
	check "a switch is deleted" vswctl switch del s2
	check_eq "and is gone" "$(names)" "s0 s1"
	check_eq "its ports go with it" "$(vswctl -j port show)" "[]"
	check "its name can be taken again" vswctl switch add s2
	check_eq "and means a new switch" "$(config s2)" \
		'["s2","learn",300,4096,0]'
	must vswctl switch del s2
}

ktap_begin
vsw_load
adding
bad_names
bad_values
unknown_switch
setting
must vswctl switch add s2
deleting
check "kernel log" kmsg_clean
ktap_finish
