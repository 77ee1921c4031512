#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Begins a lookup: copies samples/lookup-mirror-mac under another name.
#
#   new-lookup.sh NAME DIR    NAME becomes the name of the lookup, DIR the new
#                             folder; neither may exist

set -eu
export LC_ALL=C

top=$(realpath "$(dirname "$0")/..")
sample=mirror-mac
ident=${sample/-/_}

die()
{
	echo "new-lookup: $*" >&2
	exit 1
}

# It becomes a part of file names and of C identifiers.
check_name()
{
	[[ $1 =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] ||
		die "name \"$1\": letters, digits and _, no digit first"
	[ ${#1} -le 15 ] || die "name \"$1\": longer than 15 characters"
	if [ "$1" = none ] || [ -e "$top/kernel/lookup/$1.c" ]; then
		die "name \"$1\": there is a lookup of this name"
	fi
}

if [ $# -ne 2 ] || [ -z "$2" ]; then
	die "usage: make new-lookup NAME=foo DIR=path"
fi
check_name "$1"
[ ! -e "$2" ] || die "$2: exists"
mkdir -p -- "$2"
dir=$(realpath -- "$2")

cd "$top/samples/lookup-$sample"
for file in Makefile "vsw-lookup-$sample.c"; do
	sed -e "s/$sample/$1/g" -e "s/$ident/$1/g" -e "s/${ident^^}/${1^^}/g" \
		"$file" > "$dir/${file/$sample/$1}"
done
echo "$2: now \"make\" in it builds vsw-lookup-$1.ko"
