#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs test programs, and adds up what they say.
#
#   run.sh PROGRAM...           run them; KTAP, each program's own output nested
#   run.sh --sum [RUNS]         read the KTAP of RUNS runs (default 1), copy it
#                               and say "N passed, N failed[, N skipped]"
#
# They are two, because the programs may run in a guest that dies, and then
# somebody must be left to say so. The exit status is that of --sum.
#
# A program is looked for here, then as it is. It may take the time that the
# file settings says, or kselftest_override_timeout seconds.

set -u

HERE=$(realpath "$(dirname "$0")")

timeout_of()
{
	local secs=${kselftest_override_timeout-}

	[ -n "$secs" ] || secs=$(sed -n "s/^# timeout $1=//p" "$HERE/settings")
	[ -n "$secs" ] || secs=$(sed -n 's/^timeout=//p' "$HERE/settings")
	echo "$secs"
}

# The directive of a program which ended with STATUS after SECS or less and left
# its KTAP in FILE, empty if its points tell all.
verdict()
{
	local status=$1 secs=$2 file=$3 plan points failed

	read -r plan points failed < <(awk '
		/^1\.\.[0-9]+/	{ plan = substr($1, 4) }
		/^ok /		{ points++ }
		/^not ok /	{ points++; failed++ }
		END		{ print plan == "" ? "none" : plan, points + 0, failed + 0 }
	' "$file")

	# 137: it had to be killed.
	if [ "$status" -eq 124 ] ||
	   { [ "$status" -eq 137 ] && [ $SECONDS -ge "$secs" ]; }; then
		echo "TIMEOUT $secs seconds"
	elif [ "$status" -eq 4 ] && [ "$points" -eq 0 ]; then
		echo "SKIP $(sed -n 's/^1\.\.0 # SKIP //p' "$file")"
	elif [ "$plan" = none ]; then
		echo "no plan, exit $status"
	elif [ "$points" -eq 0 ]; then
		echo "no test points, exit $status"
	elif [ "$plan" -ne "$points" ]; then
		echo "$points of $plan test points, exit $status"
	elif [ "$status" -ne 0 ] && [ "$status" -ne 4 ] && [ "$failed" -eq 0 ]; then
		echo "exit $status"
	fi
}

# Run program NAME, the test point NR.
run_one()
{
	local nr=$1 name=$2 prog=$HERE/$2 secs filter status why

	[ -e "$prog" ] || prog=$2
	name=$(basename "$name")
	secs=$(timeout_of "$name")

	mkfifo "$TMP/fifo"
	# tr: what a guest's console adds.
	sed -u 's/\r$//' < "$TMP/fifo" | tee "$TMP/out" | sed -u 's/^/# /' &
	filter=$!
	SECONDS=0
	# timeout has a process group of its own, with the number of its process.
	timeout -k 10 "$secs" "$prog" > "$TMP/fifo" 2>&1 < /dev/null &
	GROUP=$!
	wait $GROUP
	status=$?
	# A child that was left behind would hold the pipe open.
	kill -KILL -- -$GROUP 2> /dev/null
	GROUP=
	wait $filter
	rm "$TMP/fifo"

	why=$(verdict $status "$secs" "$TMP/out")
	if [[ $why == SKIP* ]]; then
		echo "ok $nr $name # $why"
	elif [ -z "$why" ] && { [ $status -eq 0 ] || [ $status -eq 4 ]; }; then
		echo "ok $nr $name"
	else
		echo "not ok $nr $name${why:+ # $why}"
	fi
}

run()
{
	local nr=0 name

	GROUP=
	TMP=$(mktemp -d) || exit 1
	trap '[ -z "$GROUP" ] || kill -KILL -- -$GROUP; rm -rf "$TMP"' EXIT
	trap 'exit 1' INT TERM

	echo "TAP version 13"
	echo "1..$#"
	for name; do
		nr=$((nr + 1))
		run_one $nr "$name"
	done
}

# Counts the points of the programs. A program whose own line says "not ok" with
# a directive, or without any failed point, is one failure more; so is a run that
# has not all of its programs, and one that never began.
# Print each line at once: not every awk reads one before it has read many.
echo_lines()
{
	local line

	while IFS= read -r line; do
		printf '%s\n' "$line" >&3
		printf '%s\n' "$line"
	done
}

sum()
{
	echo_lines | awk -v runs="${1:-1}" '
	function end_of_run() {
		if (programs < planned)
			failed++
		programs = planned = 0
	}
	function end_of_program() {
		programs++
		inner = inner_failed = 0
	}

	# Points inside of a program
	/^# ok [0-9]+.*# SKIP/		{ inner++; skipped++; next }
	/^# ok [0-9]+/			{ inner++; passed++; next }
	/^# not ok [0-9]+/		{ inner++; inner_failed++; failed++; next }

	# Programs
	/^1\.\.[0-9]+/			{ end_of_run(); seen++; planned = substr($1, 4) }
	/^ok [0-9]+.*# SKIP/		{ if (!inner) skipped++ }
	/^not ok [0-9]+/		{ if (/ # / || !inner_failed) failed++ }
	/^(not )?ok [0-9]+/		{ end_of_program() }

	END {
		end_of_run()
		if (seen < runs)
			failed += runs - seen
		printf "%d passed, %d failed", passed, failed
		if (skipped)
			printf ", %d skipped", skipped
		print ""
		exit failed > 0 || passed + skipped == 0
	}'
} 3>&1

case ${1-} in
--sum)	sum "${2:-1}" ;;
'' | -*)
	echo "usage: run.sh PROGRAM... | run.sh --sum [RUNS]" >&2
	exit 1 ;;
*)	run "$@" ;;
esac
