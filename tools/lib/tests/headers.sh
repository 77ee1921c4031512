#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each public header alone is complete, in C and in C++; what a program uses of
# rings needs no libmnl; the shared library exports what it should. KTAP.

cd "$(dirname "$0")/.." || exit

# shellcheck source=selftests/ktap.sh
. ../../selftests/ktap.sh

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

flags=(-I../../uapi -Iinclude -Wall -Wextra -Werror)

compile()
{
	echo "#include <$2>" > "$out/test.$1"
	"${@:3}" "${flags[@]}" -c -o "$out/test.o" "$out/test.$1"
}

link_ring_program()
{
	cat > "$out/test.c" <<-'C'
		#include <vsw/vsw.h>
		int main(void)
		{
			struct vsw_port *port;

			return vsw_port_open(&port, "p0", 0) ? 0 : vsw_port_rxsync(port);
		}
	C
	# The library may have been built with sanitizers.
	"${CC:-gcc}" "${flags[@]}" -o "$out/test" "$out/test.c" libvsw.a ||
	"${CC:-gcc}" "${flags[@]}" -fsanitize=address,undefined \
		-o "$out/test" "$out/test.c" libvsw.a
}

# What the headers declare and the symbol map lists.
declared()
{
	sed -n '/^static/d; s/^[a-z].*[ *]\(vsw_[a-z_]*\)(.*/\1/p' \
		include/vsw/vsw.h include/vsw/nl.h | sort
}

exported()
{
	nm -D --defined-only libvsw.so | sed -n 's/.* T \(.*\)@@.*/\1/p' | sort
}

ktap_begin
for header in vsw/ring.h vsw/vsw.h vsw/nl.h; do
	check "$header in C" compile c "$header" "${CC:-gcc}" -std=gnu99
	if command -v "${CXX:-g++}" > /dev/null; then
		check "$header in C++" compile cpp "$header" "${CXX:-g++}" -std=c++11
	else
		ktap_skip "$header in C++" "install g++"
	fi
done
check "rings without libmnl" link_ring_program
check_eq "exported symbols" "$(exported)" "$(declared)"
ktap_finish
