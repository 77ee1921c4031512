# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables are shared with instr.sh
#
# The profiler: kprof.c, a plugin of QEMU. The header that it needs is in no
# package but QEMU's source, and only it is kept. Sourced by instr.sh.

# plugin_source VERSION: downloads QEMU's source into the current directory. The
# sources of apt are those of this machine, made into deb-src, with lists and
# cache of our own: nothing changes for others.
plugin_source()
{
	local options=(-qq -o "Dir::Etc::sourcelist=$PWD/sources.list"
		-o "Dir::Etc::sourceparts=$PWD/parts" -o "Dir::State::lists=$PWD/lists"
		-o "Dir::Cache=$PWD/cache" -o "APT::Sandbox::User=root")
	local format="deb-src \$(REPO_URI) \$(RELEASE) \$(COMPONENT)"

	mkdir -p parts lists/partial cache/archives/partial
	apt-get indextargets --format "$format" \
		"Identifier: Packages" "Origin: Debian" | sort -u > sources.list
	[ -s sources.list ] || {
		echo "apt knows no Debian archive; apt-get update may help"
		return 1
	}
	apt-get "${options[@]}" update &&
		{ apt-get "${options[@]}" source --download-only --tar-only "qemu=$1" ||
			apt-get "${options[@]}" source --download-only --tar-only qemu; }
}

# plugin_header DIR: puts qemu-plugin.h there, of the QEMU that is installed
plugin_header()
{
	local version header scratch=$work_dir/qemu-source

	version=$(dpkg-query -W -f '${source:Version}' qemu-system-x86 2> /dev/null) ||
		die "no profile: QEMU is not from Debian's qemu-system-x86"
	header=qemu-plugin-$(cache_key "$version" < /dev/null).h
	if [ ! -e "$cache_dir/$header" ]; then
		echo "instr.sh: getting qemu-plugin.h from the source of QEMU (once, 24 MB)" >&2
		mkdir "$scratch"
		(cd "$scratch" && plugin_source "$version") > "$work_dir/apt" 2>&1 || {
			cat "$work_dir/apt" >&2
			die "no profile: cannot get the source of QEMU $version"
		}
		# Another version's, if this one is not offered any more, must
		# have the same upstream release.
		tar -xJOf "$scratch"/qemu_"$(plugin_upstream "$version")".orig.tar.xz \
			--wildcards '*/include/qemu/qemu-plugin.h' \
			> "$work_dir/header" 2> "$work_dir/apt" ||
			die "no profile: no qemu-plugin.h in the source of QEMU $version"
		cache_put "$work_dir/header" "$header"
	fi
	touch "$cache_dir/$header"
	cp "$cache_dir/$header" "$1/qemu-plugin.h"
}

# plugin_upstream VERSION: without epoch and revision
plugin_upstream()
{
	local version=${1#*:}

	echo "${version%-*}"
}

# plugin_build: sets plugin
plugin_build()
{
	local dir=$work_dir/include

	mkdir "$dir"
	plugin_header "$dir"
	plugin=$work_dir/kprof.so
	gcc -std=gnu11 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra \
		-I"$dir" -o "$plugin" "$bench_dir/kprof.c" ||
		die "no profile: cannot build the plugin"
}
