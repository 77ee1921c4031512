#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Unpack packages of another release, without installing them: the mirror is the
# one that this machine's apt uses, lists and cache are our own, so nothing
# changes for others. No root is needed. As apt verifies all that it gets, the
# machine must trust that release's key.
#
#   debs.sh RELEASE DIR PACKAGE...
#
# DIR appears when all is in it, and is left alone if it is there already.

set -euo pipefail

die()
{
	echo "debs.sh: $*" >&2
	exit 1
}

# The URI of the archive from which this machine's own release comes.
mirror()
{
	# shellcheck disable=SC1091 # a file of the system
	. /etc/os-release
	# shellcheck disable=SC2016 # words of apt
	apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" \
		"Origin: Debian" "Codename: $VERSION_CODENAME" | sort -u | head -n 1
}

[ $# -ge 3 ] || die "usage: debs.sh RELEASE DIR PACKAGE..."
release=$1 dir=$2
shift 2
[ ! -d "$dir" ] || exit 0

uri=$(mirror)
[ -n "$uri" ] || die "apt knows no Debian archive; apt-get update may help"

mkdir -p "$(dirname "$dir")"
scratch=$(mktemp -d "$dir.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/{parts,lists/partial,archives/partial,new}
chmod 755 "$scratch/new"
echo "deb $uri $release main" > "$scratch/sources.list"
: > "$scratch/status"
options=(-qq -o "Dir::Etc::sourcelist=$scratch/sources.list"
	-o "Dir::Etc::sourceparts=$scratch/parts" -o "Dir::State=$scratch"
	-o "Dir::State::status=$scratch/status" -o "Dir::Cache=$scratch"
	-o "APT::Sandbox::User=$(id -un)")

apt-get "${options[@]}" update || die "cannot read the list of $release"
(cd "$scratch/archives" && apt-get "${options[@]}" download "$@") ||
	die "cannot get from $release: $*"
for deb in "$scratch"/archives/*.deb; do
	dpkg-deb -x "$deb" "$scratch/new"
done
# Whoever was faster has made the same.
mv -T "$scratch/new" "$dir" 2> /dev/null || [ -d "$dir" ] ||
	die "cannot write $dir"
