# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with native.sh
#
# The kernel of native.sh, user-mode Linux, and the module for it. Sourced by
# native.sh, which provides die(), cache_key(), top_dir, bench_dir, cache_dir and
# work_dir.
#
# The kernel is built once, from Debian's source, in its place in the cache. What
# modules are built with is kept of the source, and no more: 75 instead of 900
# MB. Change uml_recipe when what is done here changes the kernel.

uml_source=linux-source-6.12
uml_recipe=1

# Of other architectures and large drivers only Kconfig is needed.
uml_unneeded=("$uml_source/Documentation/*/*" "$uml_source/tools/testing"
	"$uml_source/arch/[!ux]*/*.[chSd]*" "$uml_source/drivers/gpu/*.[ch]"
	"$uml_source/sound/*.[ch]")

uml_make()
{
	env -u MAKEFLAGS -u MAKELEVEL make -s ARCH=um -j2 "$@" \
		>> "$work_dir/build" 2>&1
}

# Options that Kconfig has dropped would be missed only later.
uml_configure()
{
	local option

	uml_make -C "$1" KCONFIG_ALLCONFIG="$bench_dir/uml.config" allnoconfig ||
		return
	while read -r option; do
		grep -qx "$option" "$1/.config" && continue
		echo "$option: not accepted" >> "$work_dir/build"
		return 1
	done < <(grep '^CONFIG_' "$bench_dir/uml.config")
}

uml_prune()
{
	local keep

	keep=$(printf '! -name %s ' arch include scripts Makefile Kbuild .config \
		Module.symvers linux)
	# shellcheck disable=SC2086 # words
	find "$1" -mindepth 1 -maxdepth 1 $keep -exec rm -rf {} + &&
		find "$1/arch" -mindepth 1 -maxdepth 1 -type d \
			! -name um ! -name x86 -exec rm -rf {} + &&
		find "$1/arch" "$1/include" -type f \
			'(' -name '*.[coSa]' -o -name '.*.cmd' ')' -delete
}

# uml_kernel: sets uml_dir
uml_kernel()
{
	local tarball=/usr/src/$uml_source.tar.xz version unpack begin=$SECONDS

	[ -e "$tarball" ] || die "no $tarball: apt-get install $uml_source"
	version=$(dpkg-query -W -f '${Version}' $uml_source 2> /dev/null) ||
		version=$(stat -c %Y "$tarball")
	uml_dir=$(cache_key "$uml_recipe" "$(gcc --version)" < "$bench_dir/uml.config")
	uml_dir=${cache_dir%/*}/uml-$version-$uml_dir
	mkdir -p "${uml_dir%/*}"
	# Whoever comes meanwhile waits, and does not build it once more.
	exec 9> "${uml_dir%/*}/uml.lock"
	flock 9
	if [ -x "$uml_dir/linux" ]; then
		exec 9>&-
		return
	fi

	unpack=$uml_dir.new
	rm -rf "$unpack"
	mkdir "$unpack"
	echo "native.sh: building user-mode Linux $version (once; some minutes)" >&2
	echo "native.sh: unpacking $tarball" >&2
	tar -xJf "$tarball" -C "$unpack" --strip-components=1 --no-same-owner \
		"${uml_unneeded[@]/#/--exclude=}" || die "cannot unpack $tarball"
	echo "native.sh: compiling, make -j2" >&2
	if ! uml_configure "$unpack" || ! uml_make -C "$unpack" 9>&-; then
		tail -n 30 "$work_dir/build" >&2
		die "cannot build user-mode Linux; are these installed:" \
			"flex bison bc?"
	fi
	uml_prune "$unpack" && mv -T "$unpack" "$uml_dir" ||
		die "cannot keep user-mode Linux in $uml_dir"
	exec 9>&-
	echo "native.sh: built in $((SECONDS - begin)) s: $uml_dir" >&2
}

# uml_module: sets module. In a copy, for the tree has the one of another kernel.
uml_module()
{
	local tree=$work_dir/tree

	mkdir "$tree"
	(cd "$top_dir" && find kernel uapi '(' -name '*.[ch]' -o -name Makefile ')' \
		! -name '*.mod.c' -exec cp --parents -t "$tree" {} +) ||
		die "cannot copy the module"
	if ! uml_make -C "$uml_dir" M="$tree/kernel" CONFIG_VSW=m modules; then
		tail -n 30 "$work_dir/build" >&2
		die "cannot build the module for user-mode Linux"
	fi
	module=$tree/kernel/vsw.ko
}
