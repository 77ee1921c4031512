#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the documentation shows is true: its C programs build and run, and its
# commands print what it says that they print.
#
# A program is a code block with main(). A block whose first line begins with
# "# " is for root and is run here; its other lines are what is printed, but for
# blanks and the numbers of regions. A block that begins with "$ " is not run.
#
#   p1, ring    p2, ring
#       |          |
#       +---sw0----+

# Names such as sw0 are free there.
if [ -z "${VSW_DOCS_NS-}" ] && [ "$(id -u)" -eq 0 ]; then
	VSW_DOCS_NS=1 exec unshare --net "$0"
fi

. "$(dirname "$0")/lib.sh"

RST=$VSW_TOP/Documentation/networking

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

build()
{
	blocks "$2" | awk -v RS='\f' '/int main\(/' > "$dir/$1.c" &&
		cc -Wall -Wextra -Werror -O2 -I"$VSW_TOP/uapi" \
		   -I"$VSW_TOP/tools/lib/include" -o "$dir/$1" "$dir/$1.c" \
		   "$VSW_TOP/tools/lib/libvsw.a"
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

clean_up()
{
	vswctl switch del sw0 2> /dev/null
	ip netns del vsw-blue 2> /dev/null
	echo 0 > /sys/kernel/tracing/events/vsw/enable
}

need jq jq
need cc gcc
ktap_begin
vsw_load
tmpdir dir
defer clean_up

run_file "$VSW_TOP/README.md"
for file in "$VSW_TOP/README.md" "$RST/vsw-ring.rst"; do
	name=$(basename "${file%.*}")
	check "program of $name" build "$name" "$file"
	check_eq "program of $name sends and receives" "$("$dir/$name" p1 p2)" \
		"60 bytes: hello"
done
must vswctl switch del sw0
run_file "$RST/vsw.rst"
check "kernel log" kmsg_clean
ktap_finish
