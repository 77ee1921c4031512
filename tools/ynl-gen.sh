#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Generates the netlink code from Documentation/netlink/specs/vsw.yaml with the
# kernel's own generator.
#
#   tools/ynl-gen.sh            write the generated files
#   tools/ynl-gen.sh --check    fail if they are not what the spec says
#   tools/ynl-gen.sh --ksrc     print the directory with the kernel's tools
#
# The kernel's tools (this generator, checkpatch, kernel-doc) are in no Debian
# package but the whole source. They are unpacked once, into a cache; KSRC=DIR
# names a kernel tree to use instead.

set -eu

TOP=$(realpath "$(dirname "$0")/..")
SPEC=Documentation/netlink/specs/vsw.yaml

# mode, kind, generated file
OUTPUTS="kernel source kernel/netlink-gen.c
kernel header kernel/netlink-gen.h
uapi header uapi/linux/vsw_netlink.h"

die()
{
	echo "ynl-gen.sh: $*" >&2
	exit 1
}

# Prints the directory with the kernel's tools, and fills it the first time. It
# takes its name only when complete, so two callers do not disturb each other.
# For a subshell: sets a trap.
ksrc()
{
	local name=linux-source-6.12 tarball version dir unpack

	if [ -n "${KSRC-}" ]; then
		echo "$KSRC"
		return
	fi

	# Not the newest source: another generator writes another file.
	tarball=/usr/src/$name.tar.xz
	[ -e "$tarball" ] || die "install $name, or set KSRC"
	# The package's version, so that an upgrade is noticed.
	version=$(dpkg-query -W -f '${Version}' $name 2> /dev/null) ||
		version=$(stat -c %Y "$tarball")

	dir=${XDG_CACHE_HOME:-$HOME/.cache}/vsw
	if [ ! -d "$dir/ksrc-$version" ]; then
		mkdir -p "$dir"
		unpack=$(mktemp -d "$dir/unpack.XXXXXX")
		# shellcheck disable=SC2064 # unpack is local
		trap "rm -rf '$unpack'" EXIT
		tar -xJf "$tarball" -C "$unpack" --strip-components=1 \
			$name/Documentation/netlink $name/tools/net/ynl \
			$name/scripts/checkpatch.pl $name/scripts/spelling.txt \
			$name/scripts/const_structs.checkpatch \
			$name/scripts/kernel-doc
		chmod 755 "$unpack"
		mv -T "$unpack" "$dir/ksrc-$version" 2> /dev/null || :
	fi
	echo "$dir/ksrc-$version"
}

# What the generator said, without the whole schema and its call trace.
refused()
{
	grep -E '^([[:alnum:]_.]+(Error|Exception)|On instance)' "$1" >&2 ||
		cat "$1" >&2
	die "$SPEC: cannot generate $2"
}

# The generator looks for MAINTAINERS upwards from the spec (for ever, if there
# is none) to tell where the spec is in the tree, and for the schema beside the
# specs' directory. So it gets a tree in which both are so.
generate()
{
	local tree=$1 ksrc=$2 generator mode kind file

	generator=$ksrc/tools/net/ynl/ynl-gen-c.py
	[ -e "$generator" ] || generator=$ksrc/tools/net/ynl/pyynl/ynl_gen_c.py
	[ -e "$generator" ] || die "$ksrc has no netlink generator"

	mkdir -p "$tree/$(dirname "$SPEC")"
	touch "$tree/MAINTAINERS"
	cp "$ksrc"/Documentation/netlink/*.yaml "$tree/Documentation/netlink/"
	cp "$TOP/$SPEC" "$tree/$SPEC"

	while read -r mode kind file; do
		mkdir -p "$tree/$(dirname "$file")"
		PYTHONDONTWRITEBYTECODE=1 python3 "$generator" \
			--mode "$mode" "--$kind" \
			--spec "$tree/$SPEC" -o "$tree/$file" 2> "$tree/log" ||
			refused "$tree/log" "$file"
	done <<< "$OUTPUTS"
}

case ${1-} in
--ksrc)
	(ksrc)
	exit ;;
--check | '')
	;;
*)
	die "usage: ynl-gen.sh [--check | --ksrc]" ;;
esac

[ -e "$TOP/$SPEC" ] || die "no $SPEC"

KSRC=$(ksrc)
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 1' INT TERM
generate "$TMP" "$KSRC"

status=0
while read -r _ _ file; do
	cmp -s "$TMP/$file" "$TOP/$file" && continue
	if [ "${1-}" = --check ]; then
		diff -Nu --label "a/$file" --label "b/$file" \
			"$TOP/$file" "$TMP/$file" || status=1
	else
		install -D -m 644 "$TMP/$file" "$TOP/$file"
		echo "  GEN     $file"
	fi
done <<< "$OUTPUTS"

[ $status -eq 0 ] || echo "ynl-gen.sh: generated files are stale, run make generate" >&2
exit $status
