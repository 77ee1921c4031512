#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Lookups outside of the tree: the tutorial of vsw-lookup.rst from its first command
# to its last, the sample, and what "make new-lookup" refuses.
#
#   p1, ring    p2, ring
#       |          |
#       +---sw0----+

# Names such as sw0 are free there, and so is the directory for the headers.
if [ -z "${VSW_SAMPLE_NS-}" ] && [ "$(id -u)" -eq 0 ]; then
	VSW_SAMPLE_NS=1 exec unshare --net --mount "$0"
fi

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/shown.sh"

MIRROR=/tmp/mirror

clean_up()
{
	vswctl switch del sw0 2> /dev/null
	[ ! -d /sys/module/vsw_lookup_mirror ] || lookup_unload mirror
	rm -rf $MIRROR
}

new_lookup()
{
	make -s -C "$VSW_TOP" new-lookup NAME="$1" DIR="$2"
}

refusals()
{
	local name

	for name in '' 'a b' mirror-mac ../x 1st 'a"b' sixteen_letters_; do
		check_fails "name \"$name\" is refused" 2 new-lookup: \
			new_lookup "$name" "$dir/new"
	done
	for name in none learn chain; do
		check_fails "so is $name, which there is" 2 "of this name" \
			new_lookup "$name" "$dir/new"
	done
	check_not "nothing is left behind" test -e "$dir/new"
	check_fails "a folder that is there is refused" 2 "exists" \
		new_lookup foo "$dir"
	check "a name of 15 bytes is not" new_lookup fifteen_letter_ "$dir/new"
}

# What the tutorial has built.
in_use()
{
	check_eq "the module is found by the name of the lookup" \
		"$(modinfo -F alias $MIRROR/vsw-lookup-mirror.ko)" \
		vsw-lookup-mirror
	must vswctl switch add sw0 lookup mirror
	check_fails "a module that a switch uses cannot be removed" 1 "in use" \
		rmmod vsw_lookup_mirror
	must vswctl switch del sw0
	check "but when the switch is gone" busywait 5 rmmod vsw_lookup_mirror
	check "it depends on vsw, and fits" insmod $MIRROR/vsw-lookup-mirror.ko
}

# The sample is what was built, but for the name: building takes a minute here.
sample()
{
	sed -e 's/\<mirror\>/mirror-mac/g' \
	    -e 's/\<mirror_/mirror_mac_/g' -e 's/MIRROR_/MIRROR_MAC_/g' \
		"$MIRROR/$2" > "$dir/sample"
	check "the sample's $1 is the same" \
		diff "samples/lookup-mirror-mac/$1" "$dir/sample"
}

need gcc gcc
need jq jq
ktap_begin
[ -e "/lib/modules/$(uname -r)/build/Makefile" ] ||
	ktap_skip_all "install the headers of the running kernel"
[ ! -e $MIRROR ] || ktap_skip_all "remove $MIRROR"
vsw_load
tmpdir dir
must mount -t tmpfs vsw-headers /usr/local/src
defer umount /usr/local/src
defer clean_up
must cd "$VSW_TOP"

run_file Documentation/networking/vsw-lookup.rst
in_use
sample Makefile Makefile
sample vsw-lookup-mirror-mac.c vsw-lookup-mirror.c
refusals
check "kernel log" kmsg_clean
ktap_finish
