#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vswctl -b: many commands by one process, in order, until one is refused.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

dir=''

batch()
{
	cat > "$dir/batch"
}

names()
{
	vswctl -j port show | jq -r 'map(.name) | sort | join(" ")'
}

ktap_begin
vsw_load
tmpdir dir
must vswctl switch add s0
defer vswctl switch del s0

batch <<-'BATCH'
	# a comment, and an empty line

	port add a1 switch s0
	port add a2 switch s0 slots 64	# at the end of a line
	fdb add 02:00:00:00:00:0a switch s0 port a2
	port set a1 \
		slots 32
BATCH
check "a batch is done" vswctl -b "$dir/batch"
check_eq "all of it" "$(names)$(vswctl -j fdb show |
	jq -r '.[0].port')$(port_value a1 slots)" "a1 a2a232"

batch <<-'BATCH'
	port add b1 switch s0
	port add a1 switch s0
	port add b2 switch s0
BATCH
check_fails "a batch ends at what is refused" 2 \
	'2.*a port of this name exists \(attribute "name"\): File exists' \
	vswctl -b "$dir/batch"
check_eq "what came before is done, what comes behind is not" \
	"$(names)" "a1 a2 b1"
must vswctl port del b1
check_fails "with -force it goes on, and fails in the end" 2 'File exists' \
	vswctl -force -b "$dir/batch"
check_eq "all the others are done" "$(names)" "a1 a2 b1 b2"

batch <<-'BATCH'
	port add c1 switch s0
	port add c2 nix
BATCH
check_fails "a batch ends at a syntax error" 1 '2.*nix' \
	vswctl -b "$dir/batch"
check_eq "what came before is done here, too" "$(names)" "a1 a2 b1 b2 c1"
check "a batch may come from standard input" \
	eval 'echo port del c1 | vswctl -b -'
check_eq "and is done" "$(names)" "a1 a2 b1 b2"
check_fails "a file that is not there is refused" 2 'No such file' \
	vswctl -b "$dir/nix"

batch <<-'BATCH'
	switch show
	port show b1
BATCH
check_eq "what a batch shows comes in order" \
	"$(vswctl -j -b "$dir/batch" | jq -s -c 'map(.[0].name)')" \
	'["s0","b1"]'
check "kernel log" kmsg_clean
ktap_finish
