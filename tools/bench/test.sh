#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Self test of the benchmark, in KTAP. Usage: test.sh [OPTIONS of instr.sh]

set -u

HERE=$(dirname "$(realpath "$0")")
# shellcheck source-path=SCRIPTDIR source=../../selftests/ktap.sh
. "$HERE/../../selftests/ktap.sh"

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 1' INT TERM
unset PROFILE

# A copy: somebody may build it anew meanwhile.
OPTIONS=("$@")
if [[ " $* " != *" --module "* ]]; then
	cp "$HERE/../../kernel/vsw.ko" "$TMP/vsw.ko" ||
		ktap_skip_all "no module, run make"
	OPTIONS+=(--module "$TMP/vsw.ko")
fi

instr()
{
	"$HERE/instr.sh" "${OPTIONS[@]}" "$@"
}

# figure FILE CASE: of a file with results
figure()
{
	jq -r --arg id "$2" \
		'select("\(.case)/\(.len)/\(.batch)" == $id) | .instr_per_frame' "$1"
}

# near A B PERMILLE
near()
{
	awk -v a="$1" -v b="$2" -v permille="$3" 'BEGIN {
		exit !(a > 0 && b > 0 && (a - b) ^ 2 <= (a * permille / 1000) ^ 2)
	}'
}

# Both at once, so that each is disturbed by the other.
test_repeats()
{
	local one two

	instr > "$TMP/one" 2> /dev/null &
	instr > "$TMP/two" 2> /dev/null
	two=$?
	wait $!
	one=$?
	check_eq "a run succeeds" $one 0
	check_eq "a second run succeeds" $two 0
	check "both have figures" grep -q '"case":"unicast"' "$TMP/one"
	check "both have the same digits" cmp "$TMP/one" "$TMP/two"
}

# When other cases ran before, hash tables have other seeds.
test_subset()
{
	local id
	local ids="unicast/60/256 spread64/60/256 fdb-100k/60/256 poll-rtt/60/1"

	instr --case "^(${ids// /|})$" > "$TMP/some" 2> /dev/null
	check_eq "--case selects" "$(wc -l < "$TMP/some")" 4
	for id in $ids; do
		check "$id alone is what it is among others, within 1 %" near \
			"$(figure "$TMP/one" "$id")" "$(figure "$TMP/some" "$id")" 10
	done
}

test_failures()
{
	check_fails "a case that loses frames fails" 1 \
		"frames sent, [0-9]+ received" instr --case test-loss
	check_fails "a case that does not exist" 2 "no such case" \
		instr --case 'no such'
	check_fails "what is no module" 125 "no module" \
		"$HERE/instr.sh" --module "$HERE/test.sh"
}

test_budget()
{
	local options=("${OPTIONS[@]}" --case "^unicast/60/256$")
	local now

	now=$(figure "$TMP/one" unicast/60/256)
	export BUDGET=$TMP/budget

	sed 's/"instr_per_frame":.*/"instr_per_frame":'"$now"'}/' "$TMP/some" > "$BUDGET"
	check "a budget that is met" "$HERE/check-budget.sh" "${options[@]}"
	sed -i '/unicast/s/"instr_per_frame":.*/"instr_per_frame":'"$((${now%.*} * 96 / 100))"'}/' "$BUDGET"
	check_fails "a budget that is exceeded" 1 "not ok 1 unicast/60/256" \
		"$HERE/check-budget.sh" "${options[@]}"
	sed -i '/unicast/s/"instr_per_frame":.*/"instr_per_frame":'"$((${now%.*} * 104 / 100))"'}/' "$BUDGET"
	check_fails "a budget that could be lower" 0 "lower the budget" \
		"$HERE/check-budget.sh" "${options[@]}"
	sed -i '/unicast/d' "$BUDGET"
	check_fails "no budget" 1 "there is no budget" \
		"$HERE/check-budget.sh" "${options[@]}"
	unset BUDGET
}

test_profile()
{
	local sum

	if ! instr --profile --case '^unicast/60/256$' > "$TMP/same" 2> "$TMP/profile"; then
		if grep -q 'no profile:' "$TMP/profile"; then
			ktap_skip "profile" "$(grep 'no profile:' "$TMP/profile")"
			return
		fi
	fi
	sum=$(sed -n 's@^unicast/60/256: \([0-9.]*\) .*@\1@p' "$TMP/profile")
	check "a profile adds up to the figure, within 0.2 %" near \
		"$(figure "$TMP/same" unicast/60/256)" "${sum:-0}" 2
	check "a profile has functions of the module" \
		grep -q ' vsw_tx_sync \[vsw\]' "$TMP/profile"
	check "a profile has functions of the program" \
		grep -q ' bench_fill (program)' "$TMP/profile"
}

command -v jq > /dev/null || ktap_skip_all "install jq"
ktap_begin
test_repeats
test_subset
test_failures
test_budget
test_profile
ktap_finish
