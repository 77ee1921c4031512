#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What vswctl says without a module: help, syntax errors, batches; and what it
# makes of the answers of a kernel, with the fixed ones of tools/lib/tests/fake.c.
# KTAP.

cd "$(dirname "$0")/.." || exit

# shellcheck source=selftests/ktap.sh
. ../../selftests/ktap.sh

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

vswctl()
{
	./vswctl "$@"
}

# With a kernel that is none. The sanitizers want to be loaded first.
fake()
{
	ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=../lib/tests/fake.so \
		./vswctl "$@"
}

# syntax REGEX WORD...: exit 1 and a message
syntax()
{
	local regex=$1
	shift

	check_fails "syntax: $*" 1 "^Error: $regex" vswctl "$@"
}

batch_text()
{
	printf '%b' "$1" > "$tmp/batch"
}

# batch NAME EXIT REGEX TEXT OPTION...
batch()
{
	local name=$1 status=$2 regex=$3
	batch_text "$4"
	shift 4

	check_fails "batch: $name" "$status" "$regex" fake "$@" -b "$tmp/batch"
}

# prints NAME EXPECTED WORD...
prints()
{
	local name=$1 expected=$2
	shift 2

	check_eq "$name" "$(fake "$@" 2>&1)" "$expected"
}

test_help()
{
	local object

	check_fails "help" 0 "^Usage: vswctl" vswctl help
	for object in switch port region fdb lookup monitor; do
		check_fails "$object help" 0 "^Usage: vswctl $object" \
			vswctl $object help
	done
	for option in -h -help --help; do
		check_fails "$option" 0 "^Usage: vswctl" vswctl $option
	done
	for option in -V -Version --Version; do
		check_fails "$option" 0 "^vswctl [0-9]" vswctl $option
	done
	check_fails "no words" 1 "^Usage: vswctl" vswctl
	check_eq "usage without words goes to standard error" \
		"$(vswctl 2> /dev/null)" ""
}

test_words()
{
	syntax 'unknown object "foo", try "vswctl help"' foo
	syntax 'unknown object "sw"' sw show
	syntax 'unknown object "port s"' 'port s'
	syntax 'unknown command "sho", try "vswctl port help"' port sho
	syntax 'unknown command ""' port ''
	syntax 'unknown option "-x"' -x switch
	syntax 'unknown option "-"' - switch
	syntax 'unknown option "-jp"' -jp switch
	syntax '"-n" needs a value' -n
	syntax '"-batch" needs a value' -batch
	syntax '"switch" after -b' -b /dev/null switch
	syntax 'unknown word "foo", try "vswctl port help"' \
		port add p0 switch s0 foo 1
	syntax 'unknown word "-j"' switch show s0 -j
	syntax '"s1" needs a value' switch add s0 s1
	syntax 'unknown word "s1"' switch del s0 s1
	syntax 'unknown word "address"' fdb flush switch s0 address 02:00:00:00:00:01
	syntax 'unknown word "age"' fdb add 02:00:00:00:00:01 switch s0 port p0 age 1
	syntax 'unknown word "y"' lookup show x y
	syntax 'unknown word "3"' region show 3
	syntax 'unknown word "ports", try "vswctl monitor help"' monitor ports
}

test_missing()
{
	syntax '"name" is missing, try "vswctl switch help"' switch add
	syntax '"name" is missing' switch del
	syntax '"switch" is missing' port add p0
	syntax '"switch" needs a value' port add p0 switch
	syntax '"slots" is given twice' port add p0 switch s0 slots 2 slots 2
	syntax '"static" is given twice' fdb flush switch s0 static static
	syntax '"netns-id" is given twice' port add p0 switch s0 netns $$ netns-id 1
	syntax 'either "name" or "index" must be given' port del switch s0
	syntax 'either "name" or "index" must be given' port set p0 switch s0 index 1
	syntax '"switch" is missing' fdb add 02:00:00:00:00:01 port p0
	syntax '"address" is missing' fdb del
	syntax 'either "port" or "port-index" must be given' \
		fdb add 02:00:00:00:00:01 switch s0
	syntax 'either "port" or "port-index" must be given' \
		fdb replace 02:00:00:00:00:01 switch s0 port p0 port-index 1
	syntax '"switch" is missing' fdb flush port p0
}

test_values()
{
	local number

	for number in 12x '' ' 12' '12 ' -1 +1 0x 0xg 1.5 1e3 ٣ 0x-1; do
		syntax "\"slots\" needs a number, not \"${number//[+.]/.}\"" \
			port add p0 switch s0 slots "$number"
	done
	syntax '"slots" can be at most 4294967295, not "4294967296"' \
		port add p0 switch s0 slots 4294967296
	syntax '"slots" can be at most 4294967295' \
		port add p0 switch s0 slots 99999999999999999999999
	syntax '"netns-id" can be at most 2147483647' \
		port add p0 switch s0 netns-id 0x80000000
	syntax '"type" must be ring or netdev or uplink, not "pipe"' \
		port add p0 switch s0 type pipe
	syntax '"locked" must be off or on, not "1"' port set p0 locked 1
	for mac in 02:00:00:00:00 02:00:00:00:00:01:02 2:0:0:0:0:x ::::: '' \
		   002:0:0:0:0:0 02-00-00-00-00-01 '02:00:00:00:00:01 ' \
		   02:00:00:00:00:+1 p0; do
		syntax "\"address\" needs a MAC address, not \"${mac/+/.}\"" \
			fdb add "$mac" switch s0 port p0
	done
	for list in '' ',' '10,' ,10 10,,20 20-10 10- -10 10-20-30 x '10, 20' 4096 \
		    10-4096 99999999999999999999 +1 None; do
		syntax "\"trunk\" needs VLANs such as 10,20-30, or none, not \"${list/+/.}\"" \
			port set p0 trunk "$list"
	done
	syntax '"vlan" needs a number, not "None"' port set p0 vlan None
	check_fails "VLANs that are good" 2 "^Error: Operation not permitted" \
		fake port add p0 switch s0 vlan none trunk 0,4095,7-7,1-4094
	check_fails "numbers that are good" 2 "^Error: Operation not permitted" \
		fake port add p0 switch s0 slots 0x400 rings 0001 buf-size 4294967295
	check_fails "addresses that are good" 2 "^Error: Operation not permitted" \
		fake fdb add A:b:0c:D0:0:ff switch s0 port p0 static
	check_fails "no such namespace" 2 'cannot open network namespace "none-such"' \
		vswctl port add p0 switch s0 netns none-such
	check_fails "no path in a namespace" 2 'cannot open network namespace "../x"' \
		vswctl -n ../x port
	check_fails "namespace by pid" 2 "^Error: Operation not permitted" \
		fake port add p0 switch s0 netns $$
	check_fails "namespace by path" 2 "^Error: Operation not permitted" \
		fake port add p0 switch s0 netns /proc/self/ns/net
}

# Is a keyword where it can be one, else a name.
test_subjects()
{
	check_fails "a switch called switch" 2 "name is taken" fake switch add switch
	check_fails "a switch called ageing" 2 "name is taken" \
		fake switch add ageing ageing 5
	check_fails "a port called switch" 2 "not permitted" \
		fake port add switch switch switch
	check_fails "the same by keyword" 2 "not permitted" fake port del name switch
	check_fails "a port by index" 2 "not permitted" \
		fake port del switch s0 index 0
	check_fails "a switch called show" 0 "" fake switch show name s0
	check_fails "a name that only the kernel finds long" 2 "name is taken" \
		fake switch add a-name-of-17-chars
}

test_no_family()
{
	if [ -d /sys/module/vsw ]; then
		ktap_skip "no family" "vsw is loaded"
		return
	fi
	check_fails "no family" 3 "is vsw loaded?" vswctl switch
	check_fails "no family, monitor" 3 "is vsw loaded?" vswctl monitor
	check_fails "no family, batch" 3 "^$tmp/batch:1: Error: .*is vsw loaded?" \
		vswctl_batch "switch show"
}

vswctl_batch()
{
	batch_text "$1"
	vswctl -b "$tmp/batch"
}

test_batch()
{
	local batch=$tmp/batch

	batch "comments and empty lines" 0 "" '# x\n\n   \n\t# y\n'
	batch "no newline at the end" 0 "^learn" 'lookup'
	batch "stops at the first error" 1 "^$batch:2: Error: unknown object" \
		'lookup\nfoo\nbar\n'
	check_eq "batch: nothing after it" "$(fake -b "$batch" 2>&1 | wc -l)" 2
	batch "goes on with -force" 1 "^$batch:3: Error: unknown object" \
		'lookup\nfoo\nbar\nswitch add s0\n' -force
	batch "the kernel refuses" 2 "^$batch:1: Error: the name is taken" \
		'switch add s0\n'
	batch "a warning" 0 "^$batch:1: Warning: it is late" 'switch add warn\n'
	batch "quotes" 1 "unknown word \"a b'c\"" \
		"switch show s0 'a b'\"'c\"\n"
	batch "an empty word" 1 'needs a number, not ""' \
		"switch set s0 ageing ''\n"
	batch "a comment behind words" 1 'unknown word "a#b"' \
		'switch show s0 a#b # c\n'
	batch "a quote is not closed" 1 "^$batch:1: Error: a quote" 'switch "x\n'
	batch "a joined line" 1 "^$batch:1: Error: unknown word \"foo\"" \
		'switch show \\\n s0 fo\\\no\n'
	batch "lines after a joined one" 1 "^$batch:3: Error: unknown object" \
		'switch show \\\ns0\nfoo\n'
	batch "too many words" 1 "^$batch:1: Error: too many words" \
		"$(printf 'x %.0s' {1..1025})"
	check_fails "batch: no such file" 2 "cannot open" vswctl -b "$tmp/none"
	check_fails "batch: standard input" 1 "^stdin:1: Error" \
		vswctl -b - <<< foo
	check_fails "batch: help" 0 "^Usage: vswctl fdb" vswctl -b - <<< "fdb help"
	check "batch: more namespaces than descriptors" many_namespaces
}

many_namespaces()
{
	local i

	for i in {1..100}; do
		echo "port add p$i switch s0 netns /proc/self/ns/net"
	done > "$tmp/batch"
	(ulimit -n 20 && fake -force -b "$tmp/batch" 2>&1) |
		awk '/Operation not permitted/ { n++ } END { exit n != 100 }'
}

SWITCH='lookup learn ageing 300 fdb-max 4096'
SWITCH_JSON='"lookup":"learn","ageing":300,"fdb-max":4096,"ports":1,"fdb-entries":2,"fdb-full":0,"ports-max":4096,"switches-max":1000'
PORT='rings 1 slots 1024 buf-size 2048'
PORT_JSON='"name":"p0","switch":"s0","index":1,"type":"ring","netns-id":1234567,"rings":1,"slots":1024,"buf-size":2048,"attached":1,"region":3'
STATS_JSON='{"tx-frames":12,"tx-bytes":1099511627776,"rx-frames":0,"rx-bytes":0,"drops":{"bad-buf":1,"runt":0,"no-room":3}}'

test_text()
{
	local s0="s0 $SWITCH ports 1 fdb-entries 2"
	local p0="p0 switch s0 index 1 type ring $PORT netns-id 1234567 attached 1 region 3"

	prints "text of a switch" "$s0" switch show s0
	prints "text of switches" "$s0"$'\n'"s1${s0#s0}" switch
	prints "details of a switch" \
		"$s0 fdb-full 0 ports-max 4096 switches-max 1000" \
		-d switch show s0
	prints "text of a port" "$p0" port
	prints "statistics of a port" "$p0
    TX:       frames            bytes
                  12    1099511627776
    RX:       frames            bytes
                   0                0
    drops: bad-buf 1 no-room 3" -s port show
	check_fails "details of a port" 0 '^    drops: bad-buf 1 runt 0 no-room 3$' \
		fake -s -d port
	check_eq "one line" "$(fake -s -o port | wc -l)" 1
	prints "text of a region" \
		"id 3 port p0 switch s0 port-index 1 size 4263936 buf-size 2048 buffers 2050 files 1" \
		region
	prints "text of the FDB" "02:00:00:00:ab:01 switch s0 port p0 port-index 1 static
02:00:00:00:ab:02 switch s0 port-index 2 age 61.002s" fdb show switch s0
	prints "FDB of a port" \
		"02:00:00:00:ab:01 switch s0 port p0 port-index 1 static" \
		fdb show port p0
	prints "text of lookups" "learn switches 2" lookup
	check_eq "no colour in a pipe" "$(fake -c lookup)" "learn switches 2"
}

test_json()
{
	prints "JSON of switches" \
		"[{\"name\":\"s0\",$SWITCH_JSON},{\"name\":\"s1\",$SWITCH_JSON}]" \
		-j switch
	prints "JSON of a port" "[{$PORT_JSON}]" -j port
	prints "JSON of a port, statistics" \
		"[{$PORT_JSON,\"stats\":$STATS_JSON}]" -j -s port
	prints "JSON of the FDB" \
		'[{"switch":"s0","address":"02:00:00:00:ab:01","port":"p0","port-index":1,"static":true},{"switch":"s0","address":"02:00:00:00:ab:02","port-index":2,"age":61002}]' \
		-j fdb
	prints "JSON of nothing" "[]" -j fdb show port none
	prints "long options" "[{$PORT_JSON}]" --json port
	check_eq "no JSON from an error" "$(fake -j switch show x 2> /dev/null)" ""
	if command -v jq > /dev/null; then
		check_eq "pretty JSON is the same" \
			"$(fake -j -p -s port | jq -c .)" \
			"[{$PORT_JSON,\"stats\":$STATS_JSON}]"
	else
		ktap_skip "pretty JSON is the same" "install jq"
	fi
}

# encodes NAME EXPECTED WORD...: what "switch set s2" sends as options
encodes()
{
	local name=$1 expected=$2
	shift 2

	check_fails "options: $name" 2 "^Error: $expected \(attribute " \
		fake switch set s2 "$@"
}

# bad_option NAME EXIT REGEX WORD...
bad_option()
{
	local name=$1 status=$2 regex=$3
	shift 3

	check_fails "options: $name" "$status" "^Error: $regex$" \
		fake switch set s2 "$@"
}

test_options()
{
	encodes "a number" 1:05000000 weight 5
	encodes "a number in hexadecimal" 1:10000000 weight 0x10
	encodes "a port" 2:01000000 ports p0
	encodes "ports" "2:01000000 2:07000000" ports p0 ports index 7
	encodes "a list of ports" "2:01000000 2:01000000" ports p0,p0
	encodes "text" 3:6120622c6300 label 'a b,c'
	encodes "empty text" 3:00 label ''
	encodes "text that is a word" 3:696e64657800 label index
	encodes "addresses" "4:02000000000a 4:0000000000ff" \
		peer 2:0:0:0:0:a,0:0:0:0:0:ff
	encodes "a list of text is one text" 6:612c6200 rule a,b
	encodes "the order of the command line" \
		"3:7800 1:01000000 6:7900 2:01000000" \
		label x weight 1 rule y ports p0
	encodes "words of the switch between them" "1:01000000 3:7800" \
		weight 1 ageing 5 label x fdb-max 7
	encodes "words before the lookup" "1:01000000 3:7800" \
		weight 1 lookup flow label x
	check_fails "options: of a new switch" 2 '^Error: 1:05000000 \(' \
		fake switch add s9 lookup flow weight 5
	check_fails "options: the one at fault is named" 2 \
		'\(attribute "label"\): Numerical result out of range$' \
		fake switch set s2 weight 1 label x
	check_fails "options: none without words" 2 'not permitted$' \
		fake switch set s2 lookup flow
	check_fails "options: in a batch" 2 ':2: Error: 1:02000000 \(' \
		vswctl_batch_fake 'lookup\nswitch set s2 weight 2\n'
}

vswctl_batch_fake()
{
	batch_text "$1"
	fake -b "$tmp/batch"
}

test_bad_options()
{
	bad_option "an unknown one" 1 'lookup "flow" has no attribute "x"' x 1
	bad_option "of another lookup" 1 'lookup "learn" has no attribute "weight"' \
		lookup learn weight 1
	bad_option "an unknown lookup" 2 'no such lookup "nix"' lookup nix weight 1
	bad_option "no value" 1 '"weight" needs a value' weight
	bad_option "no value behind others" 1 '"weight" needs a value' \
		label x ageing 5 weight
	bad_option "no number" 1 '"weight" needs a number, not "x"' weight x
	bad_option "a large number" 1 \
		'"weight" can be at most 4294967295, not "4294967296"' \
		weight 4294967296
	bad_option "no address" 1 '"peer" needs a MAC address, not "1"' \
		peer 2:0:0:0:0:a,1
	bad_option "an empty member of a list" 2 \
		'"ports" needs a port of switch "s2", and "" is none' ports p0,
	bad_option "no such port" 2 \
		'"ports" needs a port of switch "s2", and "p7" is none' ports p7
	bad_option "a name of several ports" 2 \
		'several ports of switch "s2" have the name "many", give "index" and a number' \
		ports many
	bad_option "an index that is none" 1 \
		'"index" can be at most 4294967295, not "0x100000000"' \
		ports index 0x100000000
	bad_option "an index of what is no port" 1 \
		'unknown word "3", try "vswctl switch help"' label index 3
	bad_option "read-only" 1 '"state" of lookup "flow" cannot be set' state 1
	bad_option "given twice" 1 '"weight" is given twice' weight 1 weight 1
	bad_option "of an unknown type" 2 \
		'"new" is of a type that vswctl does not know' new 1
	bad_option "too long" 2 'Message too long' \
		rule "$(printf 'x%.0s' {1..66000})"
	check_fails "options: an unknown switch" 2 \
		'^Error: no such switch \(attribute "name"\)' \
		fake switch set nix weight 1
	check_fails "options: a new switch without a lookup" 1 \
		'^Error: unknown word "weight", try' \
		fake switch add s9 weight 1 ageing 5
}

FLOW="weight 5 ports p0 ports index 9 label 'it'\"'\"'s a b' peer 02:00:00:00:00:0a"
FLOW_JSON='"options":{"weight":5,"ports":["p0",9],"label":"it'\''s a b","peer":["02:00:00:00:00:0a"],"state":3}'

test_show_options()
{
	prints "text of options" "s2 lookup flow $FLOW state 3 ageing 300" \
		switch show s2
	check_fails "text of options can be pasted" 2 \
		'^[^ ]* Error: 1:05000000 2:01000000 2:09000000 3:697427732061206200 4:02000000000a \(' \
		vswctl_batch_fake "switch set s2 $FLOW"
	prints "reasons of a lookup" \
		"s2 lookup flow $FLOW state 3 ageing 300"$'\n'"    drops: no-rule 7" \
		-s switch show s2
	check_fails "reasons that did not occur" 0 '^    drops: no-rule 7 too-many 0$' \
		fake -s -d switch show s2
	prints "JSON of options" \
		"[{\"name\":\"s2\",\"lookup\":\"flow\",\"ageing\":300,$FLOW_JSON}]" \
		-j switch show s2
	prints "JSON of reasons" \
		"[{\"name\":\"s2\",\"lookup\":\"flow\",\"ageing\":300,$FLOW_JSON,\"reason\":[{\"name\":\"no-rule\",\"frames\":7},{\"name\":\"too-many\",\"frames\":0}]}]" \
		-j -s switch show s2
}

# There are modules with these lookups.
available()
{
	VSW_FAKE_RELEASE=../../../../..$tmp fake "$@"
}

test_lookups()
{
	printf 'alias %s\n' 'pci:v1 x' 'vsw-lookup-learn vsw' \
		'vsw-lookup-acl vsw_lookup_acl' 'vsw-lookup-acl vsw_lookup_acl' \
		'vsw-lookup-flow vsw_lookup_flow' > "$tmp/modules.alias"
	prints "details of a lookup" "flow switches 1
    Flows.
    weight u32: Text.
    ports port multi: Text.
    label string: Text.
    peer address multi: Text.
    state u32 read-only: Text.
    rule string multi: Text.
    new 99: Text." -d lookup show flow
	prints "a lookup without details" "flow switches 1" lookup show flow
	prints "JSON of lookups" \
		'[{"name":"learn","switches":2,"loaded":true}]' -j lookup
	check_eq "JSON of an attribute" \
		"$(fake -j lookup show flow | grep -o '{"id":2[^}]*}')" \
		'{"id":2,"name":"ports","type":"port","flags":["multi"],"doc":"Text."}'
	check_eq "lookups that are available" "$(available lookup)" \
		"learn switches 2"$'\n'"acl not loaded"$'\n'"flow not loaded"
	check_eq "JSON of them" "$(available -j lookup)" \
		'[{"name":"learn","switches":2,"loaded":true},{"name":"acl","loaded":false},{"name":"flow","loaded":false}]'
	check_eq "one that cannot be loaded" "$(available lookup show acl)" \
		"acl not loaded"
	check_fails "one that is not there" 2 \
		'^Error: no such lookup \(attribute "name"\)' \
		available lookup show nix
}

test_monitor()
{
	local lines="s0 $SWITCH # ports 1 fdb-entries 2
Deleted p0 switch s0 type ring $PORT netns-id 1234567 # index 1 attached 1 region 3
02:00:00:00:ab:02 switch s0 port-index 2 # age 61.002s"

	check_eq "events" "$(fake monitor 2> /dev/null)" "$lines"
	check_eq "all events" "$(fake monitor fdb all 2> /dev/null)" "$lines"
	check_fails "events are lost, the socket ends" 2 "^Warning: events were lost" \
		fake monitor switch
	check_eq "JSON events" "$(fake -j monitor switch port 2> /dev/null)" \
"{\"name\":\"switch-new-ntf\",\"msg\":{\"name\":\"s0\",$SWITCH_JSON}}
{\"name\":\"port-del-ntf\",\"msg\":{$PORT_JSON}}"
	check_fails "timestamps" 2 \
		'^\[2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}\] 02:' \
		fake -t monitor fdb
	check_fails "JSON timestamps" 2 '^{"timestamp":"2[0-9]{3}-' \
		fake -j -t monitor fdb
	check_fails "what is printed can be pasted" 2 'the name is taken' \
		paste_back
}

paste_back()
{
	echo "switch add $(fake monitor switch 2> /dev/null)" > "$tmp/batch"
	fake -b "$tmp/batch"
}

test_answers()
{
	check_fails "a reason and an attribute" 2 \
		'^Error: the name is taken \(attribute "name"\): File exists$' \
		fake switch add x
	check_fails "a missing attribute" 2 \
		'^Error: no default \(attribute "lookup" is missing\): Invalid arg' \
		fake switch add nope
	check_fails "no reason" 2 '^Error: Operation not permitted$' \
		fake switch del x
	check_fails "a warning" 0 '^Warning: it is late$' fake switch add warn
	check_fails "a full disk" 2 'cannot write: No space' full_disk
}

full_disk()
{
	fake lookup > /dev/full
}

ktap_begin
if ! make -s -C ../lib tests/fake.so > "$tmp/make" 2>&1; then
	ktap_diag "$(< "$tmp/make")"
	exit 1
fi
test_help
test_words
test_missing
test_values
test_subjects
test_no_family
test_batch
test_text
test_json
test_options
test_bad_options
test_show_options
test_lookups
test_monitor
test_answers
ktap_finish
