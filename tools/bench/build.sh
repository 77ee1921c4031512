# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables are shared with instr.sh, native.sh
#
# What instr.sh boots: the benchmark, and the initramfs around it. Sourced by
# instr.sh and native.sh, which provide die(), top_dir, bench_dir, cache_dir and
# work_dir.

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

# program_libraries: the files that the dynamic linker will look for
program_libraries()
{
	ldd "$program" | grep -o '/[^ ]*'
}

# initramfs_build: sets initramfs. Not cached: it takes a moment, and has the
# module in it, which is another one each time.
initramfs_build()
{
	local tree=$work_dir/tree busybox library lookup

	busybox=$(command -v busybox) || die "no busybox: apt-get install busybox-static"
	initramfs=$work_dir/initramfs
	mkdir -p "$tree/bin" "$tree/lib64"
	cp "$busybox" "$tree/bin/busybox"
	ln -s busybox "$tree/bin/sh"
	install -m 755 "$bench_dir/init.sh" "$tree/init"
	install -m 755 "$program" "$tree/instr"
	while read -r library; do
		install -D "$library" "$tree$library"
	done < <(program_libraries)
	# Sizes move what comes after in memory; debugging information is in
	# nobody's way there.
	strip --strip-debug -o "$tree/vsw.ko" "$module" ||
		die "$module is no module"
	for lookup in "$(dirname "$module")"/vsw-lookup-*.ko; do
		[ ! -e "$lookup" ] ||
			strip --strip-debug -o "$tree/${lookup##*/}" "$lookup" ||
			die "$lookup is no module"
	done
	echo "$only" > "$tree/only"
	[ -z "$profile" ] || : > "$tree/profile"
	find "$tree" -exec touch -h -d @0 {} +
	(cd "$tree" && find . -print0 | LC_ALL=C sort -z |
		cpio --null --quiet --create --format=newc --owner=0:0 \
			--reproducible) > "$initramfs" || die "no initramfs"
}
