# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with native.sh
#
# The kernel of native.sh, user-mode Linux, and the module for it. Sourced by
# native.sh, which provides die(), top_dir, bench_dir and work_dir.

# shellcheck source-path=SCRIPTDIR source=../kernel/build.sh
. "$top_dir/tools/kernel/build.sh"

# The program "linux" is kept where it was built.
kernel_image()
{
	[ -x "$1/linux" ]
}

# uml_kernel: sets uml_dir
uml_kernel()
{
	kernel_build uml "$bench_dir/uml.config" ARCH=um
	uml_dir=$kernel_dir
}

# uml_module: sets module. In a copy, for the tree has the one of another kernel.
uml_module()
{
	local tree=$work_dir/tree

	mkdir "$tree"
	(cd "$top_dir" && find kernel uapi '(' -name '*.[ch]' -o -name Makefile ')' \
		! -name '*.mod.c' -exec cp --parents -t "$tree" {} +) ||
		die "cannot copy the module"
	if ! kernel_make ARCH=um -C "$uml_dir" M="$tree/kernel" CONFIG_VSW=m modules; then
		tail -n 30 "$work_dir/build" >&2
		die "cannot build the module for user-mode Linux"
	fi
	module=$tree/kernel/vsw.ko
}
