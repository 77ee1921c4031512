#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw-perf without the module: what it refuses, and the plans that it prints.

HERE=$(realpath "$(dirname "$0")")
PERF=$(realpath "${VSW_PERF:-$HERE/../vsw-perf}")

# shellcheck source=selftests/ktap.sh
. "$HERE/../../../selftests/ktap.sh"

LISTING=$HERE/data/containers.conf
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

refuses()
{
	local regex=$1
	shift

	check_fails "refused: $*" 1 "^vsw-perf: .*$regex" "$PERF" "$@" -o "$TMP/out"
}

golden()
{
	local name=$1 file=$HERE/data/$2
	shift 2

	check "$name" diff "$file" <("$PERF" "$@")
}

ktap_begin
check_fails "no command" 1 'required: COMMAND' "$PERF"
check_fails "a command that there is not" 1 "invalid choice: 'sing'" "$PERF" sing
for command in local testset run ramp ndr chain parallel scale latency report; do
	check "$command --help" "$PERF" $command --help
done

refuses "'64..256' is not MIN..STEP..MAX" testset -p 64..256
refuses "'x' is not a number" testset -b "32 x"
refuses "the list is empty" testset -r ""
refuses "switch 'hub' is none of vsw, " testset -v "vsw hub"
refuses "vsw is there twice" testset -v "vsw vsw"
refuses "'32 64' is not a number" local -b "32 64"
refuses "one switch only" local -v "vsw veth-peer"
refuses "'0' is not a time" local -t 0
refuses "invalid choice: 'speed'" local -d speed
refuses "container file $TMP/none: No such file" local -f "$TMP/none"
refuses "container file $TMP: Is a directory" testset -X -f "$TMP"
refuses "unrecognized arguments: -Q" testset -Q
refuses "'9' is not FIRST,LAST" local --trim 9
refuses "'100' is not a percentage" ndr --loss 100
refuses "--max is below --start" ramp --start 10k --max 1k
refuses "V=vsw' is not" run "(V=vsw"
refuses "'2vs1' is not NvsN" run "(S=2vs1)"
refuses "L: only local" run "(L=remote)"
refuses "c1 receives; senders are here" remote -H x -f "$LISTING" -F "$LISTING" \
	--uplink eth1
refuses "arguments are required: -H" remote -f "$LISTING"
check_fails "an agent without a job" 1 "agent: not a job" "$PERF" agent < /dev/null
check_fails "a report of nothing" 1 "no env.json" "$PERF" report "$TMP"
check_fails "an absent switch" 3 "snabb is absent: no package" \
	"$PERF" local -v snabb -o "$TMP/out"
check "nothing was left behind" [ ! -e "$TMP/out" ]

golden "plan of the ranges of the thesis" testset-plan.txt testset -X \
	-v "vsw linux-bridge" -r 1M..1M..3M -b "32 64 128" -p 64..32..256
golden "plan of a name" run-plan.txt run -X \
	"(D=latency,L=local,S=1vs1,V=vsw,P=64,R=1k)" -b "4 32 128" -t 10
check_eq "plan of a file with a peer elsewhere" \
	"$("$PERF" testset -X -f "$LISTING" -r 1M -b 32 -p 64 -t 1 | head -n 1)" \
	"c2: its peer 10.0.3.22 is not in $LISTING; left out"
check "-T accepts what is right" "$PERF" testset -T -r 1M..1M..10M -p "64 1500"
check "and so does local" "$PERF" local -T -f "$LISTING"
check_fails "-T refuses what is not" 1 "is not a number" "$PERF" testset -T -p 64b
check_eq "each switch is present or says why not" \
	"$("$PERF" switches | grep -cvE '^[a-z-]+: (present|absent: .+)$')" 0
ktap_finish
