# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs what a document shows. Sourced after lib.sh.
#
#   blocks FILE       its code blocks
#   run_file FILE     run those for root: a test point for each command
#
# A block whose first line begins with "# " is for root; its other lines are what
# is printed, but for blanks and the numbers of regions. The output of a command
# goes to a file in $dir, which must be set.

# blocks FILE: its code blocks, without indentation, each with a \f behind it. In
# rst they stand below a "::", in Markdown between fences.
blocks()
{
	awk -v md="${1##*.}" '
	function flush()	{ if (block != "") printf "%s\f", block; block = "" }
	md == "md" && /^```/	{ inside = !inside; flush(); next }
	md == "md"		{ if (inside) block = block $0 "\n"; next }
	inside && /^[^ ]/	{ inside = 0; flush() }
	inside && block $0 != "" { block = block substr($0, 3) "\n" }
	/^[^ ].*::$|^::$/	{ inside = 1 }
	END			{ flush() }' "$1"
}

plain()
{
	sed -E 's/\b(id|region) [0-9]+/\1 N/g; s/[[:blank:]]+/ /g; s/ $//'
}

# Here, not in a subshell: "kill $!" is a command, too.
prints()
{
	eval "$1" > "$dir/out" 2>&1 &&
		[ "$(plain < "$dir/out")" = "$(plain <<< "$2")" ]
}

# run_command COMMAND OUTPUT. What only shows something is tried again until the
# program in the background has come so far.
run_command()
{
	${2:+busywait 20} prints "$1" "${2%$'\n'}" && ktap_ok "$1" && return
	ktap_not_ok "$1"
	ktap_diag "expected:" "$2" "printed:" "$(cat "$dir/out")"
}

run_block()
{
	local line command='' output=''

	while IFS= read -r line; do
		if [[ $line == "# "* ]]; then
			[ -z "$command" ] || run_command "$command" "$output"
			command=${line#"# "} output=''
		else
			output+=$line$'\n'
		fi
	done
	run_command "$command" "$output"
}

run_file()
{
	local block

	ktap_diag "${1##*/}"
	while IFS= read -rd $'\f' block; do
		[[ $block != "# "* ]] || run_block <<< "${block%$'\n'}"
	done < <(blocks "$1")
}
