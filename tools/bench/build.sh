# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables are shared with instr.sh, native.sh
#
# What the guest boots: the benchmark, and the initramfs around it. Sourced by
# instr.sh, netdev.sh and native.sh, which provide die(), top_dir, bench_dir,
# cache_dir and work_dir.

# Fixed, whatever CFLAGS says: the program is part of what is measured. It is
# not linked statically, for Debian has no static libmnl; but it is bound before
# it runs, and not at an address that may change.
program_flags=(-std=gnu11 -O2 -g -fno-pie -no-pie -fno-plt "-Wl,-z,now"
	-Wall -Wextra -Wshadow -Wmissing-prototypes -D_GNU_SOURCE)

# cache_key TEXT...: a name for what is made of standard input and TEXT
cache_key()
{
	{
		cat
		printf '%s\n' "$@"
	} | sha256sum | cut -c 1-16
}

# cache_put FILE NAME: another run may have been faster; either will do.
cache_put()
{
	mkdir -p "$cache_dir"
	find "$cache_dir" -mindepth 1 -maxdepth 1 -type f -mtime +30 -delete
	mv "$1" "$cache_dir/$2"
}

# program_build NAME SOURCE...: sets program
program_build()
{
	local lib=$top_dir/tools/lib name=$1 sources headers
	shift

	sources=("${@/#/$bench_dir/}" "$lib"/port.c "$lib"/nl.c "$lib"/nl_*.c)
	headers=("$bench_dir/bench.h" "$lib"/*.h "$lib"/include/vsw/*.h
		"$top_dir"/uapi/linux/*.h)
	program=$(cat "${sources[@]}" "${headers[@]}" |
		cache_key "${program_flags[*]}" "$(gcc --version)")
	program=$cache_dir/$name-$program
	if [ -e "$program" ]; then
		touch "$program"
		return
	fi
	gcc "${program_flags[@]}" -I"$top_dir/uapi" -I"$lib/include" \
		-o "$work_dir/program" "${sources[@]}" -lmnl ||
		die "cannot build the benchmark"
	cache_put "$work_dir/program" "${program##*/}"
}

# tree_begin INIT: the initramfs, with busybox and process 1; sets tree
tree_begin()
{
	local busybox

	busybox=$(command -v busybox) || die "no busybox: apt-get install busybox-static"
	tree=$work_dir/tree
	mkdir -p "$tree/bin" "$tree/lib64"
	cp "$busybox" "$tree/bin/busybox"
	ln -s busybox "$tree/bin/sh"
	install -m 755 "$1" "$tree/init"
}

# tree_program FILE PATH: a program, and the files that the dynamic linker will
# look for
tree_program()
{
	local library

	install -D -m 755 "$1" "$tree$2"
	while read -r library; do
		install -D "$library" "$tree$library"
	done < <(ldd "$1" | grep -o '/[^ ]*')
}

# tree_module FILE PATH: without debugging information, which is in nobody's way
# there, but its size moves what comes after it in memory.
tree_module()
{
	strip --strip-debug -o "$tree$2" "$1" || die "$1 is no module"
}

# tree_pack: sets initramfs. Not cached: it takes a moment, and has the module in
# it, which is another one each time.
tree_pack()
{
	initramfs=$work_dir/initramfs
	find "$tree" -exec touch -h -d @0 {} +
	(cd "$tree" && find . -print0 | LC_ALL=C sort -z |
		cpio --null --quiet --create --format=newc --owner=0:0 \
			--reproducible) > "$initramfs" || die "no initramfs"
}
