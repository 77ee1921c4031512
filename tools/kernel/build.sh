# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with who sources it
#
# Kernels from Debian's source, each built once, in its place in the cache.
# Sourced by ../bench/uml.sh and ../debug/kernel.sh, which provide die() and
# work_dir.
#
# What modules are built with is kept of the source, and no more: 75 instead of
# 900 MB. Change kernel_recipe when what is done here changes the kernels.

kernel_source=linux-source-6.12
kernel_recipe=2
kernel_cache=${XDG_CACHE_HOME:-$HOME/.cache}/vsw
kernel_limit=7200

# Of other architectures and large drivers only Kconfig is needed.
kernel_unneeded=("$kernel_source/Documentation/*/*" "$kernel_source/tools/testing"
	"$kernel_source/arch/[!ux]*/*.[chSd]*" "$kernel_source/drivers/gpu/*.[ch]"
	"$kernel_source/sound/*.[ch]")

kernel_make()
{
	timeout "$kernel_limit" env -u MAKEFLAGS -u MAKELEVEL make -s -j2 "$@" \
		>> "$work_dir/build" 2>&1
}

# Options that Kconfig has dropped would be missed only later.
kernel_configure()
{
	local dir=$1 config=$2 option
	shift 2

	kernel_make -C "$dir" KCONFIG_ALLCONFIG="$config" "$@" allnoconfig ||
		return
	while read -r option; do
		grep -qxF "$option" "$dir/.config" && continue
		echo "$option: not accepted" >> "$work_dir/build"
		return 1
	done < <(grep '^CONFIG_' "$config")
}

# objtool is what modules are checked with.
kernel_prune()
{
	local keep

	keep=$(printf '! -name %s ' arch include scripts tools Makefile Kbuild \
		.config Module.symvers linux image)
	# shellcheck disable=SC2086 # words
	find "$1" -mindepth 1 -maxdepth 1 $keep -exec rm -rf {} + &&
		find "$1/arch" -mindepth 1 -maxdepth 1 -type d \
			! -name um ! -name x86 -exec rm -rf {} + &&
		find "$1/tools" -type f ! -name objtool -delete &&
		find "$1/tools" -type d -empty -delete &&
		find "$1/arch" "$1/include" -type f \
			'(' -name '*.[coSa]' -o -name '.*.cmd' -o -name 'vmlinux*' \
			-o -name bzImage ')' -delete
}

# kernel_build NAME CONFIG [ARG...]: make ARG...; sets
#   kernel_dir  where it is: what a KDIR is, and what kernel_image() has put there
#
# kernel_image DIR, if there is such a function, makes and keeps what boots.
kernel_build()
{
	local name=$1 config=$2 tarball=/usr/src/$kernel_source.tar.xz
	local version new begin=$SECONDS
	shift 2

	[ -e "$tarball" ] || die "no $tarball: apt-get install $kernel_source"
	version=$(dpkg-query -W -f '${Version}' $kernel_source 2> /dev/null) ||
		version=$(stat -c %Y "$tarball")
	kernel_dir=$({ cat "$config"; echo "$kernel_recipe $*"; gcc --version; } |
		sha256sum | cut -c 1-16)
	kernel_dir=$kernel_cache/$name-$version-$kernel_dir
	mkdir -p "$kernel_cache"
	# Whoever comes meanwhile waits, and does not build it once more.
	exec 9> "$kernel_cache/$name.lock"
	flock -w "$kernel_limit" 9 || die "$kernel_cache/$name.lock is held by another"
	if [ -e "$kernel_dir" ]; then
		touch "$kernel_dir"
		exec 9>&-
		return
	fi

	new=$kernel_dir.new
	rm -rf "$new"
	mkdir "$new"
	echo "building the kernel $name $version (once; some minutes)" >&2
	tar -xJf "$tarball" -C "$new" --strip-components=1 --no-same-owner \
		"${kernel_unneeded[@]/#/--exclude=}" || die "cannot unpack $tarball"
	if ! kernel_configure "$new" "$config" "$@" 9>&- ||
	   ! kernel_make -C "$new" "$@" 9>&- || ! kernel_image "$new" 9>&-; then
		tail -n 30 "$work_dir/build" >&2
		die "cannot build the kernel $name; are these installed:" \
			"flex bison bc libelf-dev?"
	fi
	kernel_prune "$new" && mv -T "$new" "$kernel_dir" ||
		die "cannot keep the kernel in $kernel_dir"
	# What nobody has asked for in a month.
	find "$kernel_cache" -mindepth 1 -maxdepth 1 -name "$name-*" -mtime +30 \
		-exec rm -rf {} +
	exec 9>&-
	echo "built in $((SECONDS - begin)) s: $kernel_dir" >&2
}
