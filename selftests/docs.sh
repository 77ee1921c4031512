#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the documentation shows is true: its C programs build and run, and its
# commands print what it says that they print.
#
# A program is a code block with main(). A block that begins with "# " is for root
# and is run here, see shown.sh; one that begins with "$ " is not.
#
#   p1, ring    p2, ring
#       |          |
#       +---sw0----+

# Names such as sw0 are free there.
if [ -z "${VSW_DOCS_NS-}" ] && [ "$(id -u)" -eq 0 ]; then
	VSW_DOCS_NS=1 exec unshare --net "$0"
fi

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/shown.sh"

RST=$VSW_TOP/Documentation/networking

build()
{
	blocks "$2" | awk -v RS='\f' '/int main\(/' > "$dir/$1.c" &&
		cc -Wall -Wextra -Werror -O2 -I"$VSW_TOP/uapi" \
		   -I"$VSW_TOP/tools/lib/include" -o "$dir/$1" "$dir/$1.c" \
		   "$VSW_TOP/tools/lib/libvsw.a"
}

clean_up()
{
	vswctl switch del sw0 2> /dev/null
	ip link del vsw-out 2> /dev/null
	ip netns del vsw-red 2> /dev/null
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
run_file "$RST/vsw-netdev.rst"
check "kernel log" kmsg_clean
ktap_finish
