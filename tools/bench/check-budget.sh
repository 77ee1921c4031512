#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Compares the instructions of each case with what was accepted, budget.json: one
# test point a case, which fails when it needs 2 % more. When it needs 2 % less,
# it says so: then the budget shall be lowered, by the change that earned it. And
# under overload, senders that wait must not cost more for each frame that arrives
# than senders whose frames are dropped.
#
#   check-budget.sh [OPTIONS of instr.sh]
#   check-budget.sh --write [OPTIONS of instr.sh]    accept what is measured
#
# With --case only these cases are compared, or written. BUDGET=FILE in the
# environment is another budget.

set -u

HERE=$(dirname "$(realpath "$0")")
BUDGET=${BUDGET:-$HERE/budget.json}
# shellcheck source-path=SCRIPTDIR source=../../selftests/ktap.sh
. "$HERE/../../selftests/ktap.sh"

WRITE=
if [ "${1-}" = --write ]; then
	WRITE=1
	shift
fi
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 1' INT TERM

# figures FILE: "name/len/batch instructions" for each case in it
figures()
{
	jq -r 'select(.case) |
		"\(.case)/\(.len)/\(.batch) \(.instr_per_frame)"' "$1"
}

# wanted: the cases that --case selects of those on the standard input
wanted()
{
	local only=.

	while [ $# -gt 1 ]; do
		[ "$1" != --case ] || only=$2
		shift
	done
	awk -v only="$only" '$1 ~ only'
}

# The figures are facts of an environment; in another one they may differ by some
# percent though nothing has become worse.
tell_environment()
{
	local ours theirs

	ours=$("$HERE/instr.sh" "$@" --env)
	theirs=$(head -n 1 "$BUDGET")
	[ "$ours" = "$theirs" ] || {
		ktap_diag "the budget is of $theirs"
		ktap_diag "this is         $ours"
	}
}

# compare NAME BUDGET FIGURE: either number may be "-"
compare()
{
	case $(awk -v budget="$2" -v figure="$3" 'BEGIN {
		if (budget == "-")		print "new"
		else if (figure == "-")		print "missing"
		else if (figure > budget * 1.02)	print "more"
		else if (figure < budget * 0.98)	print "less"
		else				print "same"
	}') in
	new)
		ktap_not_ok "$1"
		ktap_diag "$3 instructions per frame, and there is no budget" ;;
	missing)
		ktap_not_ok "$1"
		ktap_diag "it did not run, or failed" ;;
	more)
		ktap_not_ok "$1"
		ktap_diag "$3 instructions per frame, the budget is $2" ;;
	less)
		ktap_ok "$1"
		ktap_diag "$3 instructions per frame: lower the budget, $2" ;;
	same)
		ktap_ok "$1" ;;
	esac
}

# In the order of the budget; what has none comes last.
compare_all()
{
	local name budget figure

	while read -r name budget figure; do
		compare "$name" "$budget" "$figure"
	done < <(awk '
		FNR == NR	{ figure[$1] = $2; order[++n] = $1; next }
				{ budget[$1] = $2; print $1, $2, $1 in figure ? figure[$1] : "-" }
		END {
			for (i = 1; i <= n; i++)
				if (!(order[i] in budget))
					print order[i], "-", figure[order[i]]
		}' "$TMP/figures" "$TMP/budget")
}

# Who waits for room must deliver at least as much as who drops. What is lost if
# nobody may lose a frame makes the case itself fail.
compare_overload()
{
	local id drop block name

	while read -r id drop block; do
		name="overload$id: block delivers at least as much as drop"
		if awk -v a="$block" -v b="$drop" 'BEGIN { exit !(a <= b) }'; then
			ktap_ok "$name"
		else
			ktap_not_ok "$name"
		fi
		ktap_diag "$block instructions per frame with block, $drop with drop"
	done < <(awk '
		sub("^overload-drop", "", $1)	{ drop[$1] = $2; order[++n] = $1 }
		sub("^overload-block", "", $1)	{ block[$1] = $2 }
		END {
			for (i = 1; i <= n; i++)
				if (order[i] in block)
					print order[i], drop[order[i]], block[order[i]]
		}' "$TMP/figures")
}

# Cases that were measured get their new line, all others keep theirs.
write_budget()
{
	{
		"$HERE/instr.sh" "$@" --env
		jq -cn --slurpfile old "$BUDGET" --slurpfile new "$TMP/results" '
			def id: "\(.case)/\(.len)/\(.batch)";
			($new | map({ key: id, value: . }) | from_entries) as $by |
			($old | map(select(.case) | id)) as $known |
			($old[] | select(.case) | $by[id] // .),
			($new[] | select(id as $id | $known | index($id) | not))'
	} > "$TMP/new" && cp "$TMP/new" "$BUDGET"
}

command -v jq > /dev/null || ktap_skip_all "install jq"
[ -e "$BUDGET" ] || : > "$BUDGET"

status=0
PROFILE='' "$HERE/instr.sh" "$@" > "$TMP/results" 2> "$TMP/log" || status=$?
if [ -n "$WRITE" ]; then
	cat "$TMP/log" >&2
	[ $status -eq 0 ] || exit $status
	write_budget "$@"
	exit
fi

figures "$TMP/results" > "$TMP/figures"
figures "$BUDGET" | wanted "$@" > "$TMP/budget"
ktap_begin
tell_environment "$@"
[ $status -eq 0 ] || ktap_diag "instr.sh: exit $status
$(tail -n 40 "$TMP/log")"
compare_all
compare_overload
ktap_finish
