# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# KTAP for scripts, one test point a line. Sourced, by lib.sh or alone.
#
#   ktap_begin [POINTS]         prints the version, and the plan if it is known
#   ktap_ok NAME                one point passed
#   ktap_not_ok NAME            one point failed
#   ktap_skip NAME REASON       one point could not be tried
#   ktap_skip_all REASON        none can: ends the program
#   ktap_diag TEXT...           a comment
#   ktap_finish                 prints the plan if it was not, ends the program
#
#   check NAME CMD...           ok if CMD succeeds, else not ok and CMD's output
#   check_not NAME CMD...       the contrary
#   check_fails NAME EXIT REGEX CMD...
#                               ok if CMD exits with EXIT, and its output
#                               matches REGEX (as grep -E)
#   check_eq NAME ACTUAL EXPECTED
#
# check and its like return 0 if the point passed. A program must end with
# ktap_finish: without a plan the runner takes it for one that died.

KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

ktap_points=0
ktap_failed=0
ktap_skipped=0
ktap_plan=

ktap_begin()
{
	echo "TAP version 13"
	ktap_plan=${1-}
	if [ -n "$ktap_plan" ]; then
		echo "1..$ktap_plan"
	fi
}

# "#" in a name would begin a directive.
ktap_point()
{
	ktap_points=$((ktap_points + 1))
	echo "$1 $ktap_points ${2//#/}${3:+ # $3}"
}

ktap_ok()
{
	ktap_point ok "$1"
}

ktap_not_ok()
{
	ktap_failed=$((ktap_failed + 1))
	ktap_point "not ok" "$1"
	return 1
}

ktap_skip()
{
	ktap_skipped=$((ktap_skipped + 1))
	ktap_point ok "$1" "SKIP $2"
}

ktap_skip_all()
{
	[ -n "$ktap_plan" ] || echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

ktap_diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

ktap_finish()
{
	[ -n "$ktap_plan" ] || echo "1..$ktap_points"
	[ "$ktap_points" -gt 0 ] || exit $KSFT_FAIL
	[ "$ktap_failed" -eq 0 ] || exit $KSFT_FAIL
	[ "$ktap_skipped" -lt "$ktap_points" ] || exit $KSFT_SKIP
	exit $KSFT_PASS
}

check()
{
	local name=$1 out status=0
	shift

	out=$("$@" 2>&1) || status=$?
	if [ $status -eq 0 ]; then
		ktap_ok "$name"
		return
	fi
	ktap_not_ok "$name"
	ktap_diag "$*: exit $status"
	[ -z "$out" ] || ktap_diag "$out"
	return 1
}

check_not()
{
	local name=$1 out
	shift

	if ! out=$("$@" 2>&1); then
		ktap_ok "$name"
		return
	fi
	ktap_not_ok "$name"
	ktap_diag "$*: succeeded"
	[ -z "$out" ] || ktap_diag "$out"
	return 1
}

check_fails()
{
	local name=$1 expected=$2 regex=$3 out status=0
	shift 3

	out=$("$@" 2>&1) || status=$?
	if [ $status -eq "$expected" ] && grep -qE -e "$regex" <<< "$out"; then
		ktap_ok "$name"
		return
	fi
	ktap_not_ok "$name"
	ktap_diag "$*: exit $status, expected $expected and '$regex'"
	[ -z "$out" ] || ktap_diag "$out"
	return 1
}

check_eq()
{
	if [ "$2" = "$3" ]; then
		ktap_ok "$1"
		return
	fi
	ktap_not_ok "$1"
	ktap_diag "is '$2', expected '$3'"
	return 1
}
