#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ten million frames from one LXC container to another, each with a number and a
# checksum: none is corrupt, twice, or out of order, and each one that is missing
# was counted.
#
#   vsw-c1    vsw-c2
#    eth0      eth0
#     +-- s0 ---+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/containers.sh"

FRAMES=10000000
C1="192.0.2.1 02:00:00:00:00:01" C2="192.0.2.2 02:00:00:00:00:02"
dir='' receiver=''

# Counter KEY of a container's port
stat_of()
{
	vswctl -j -s port show eth0 netns "$(lxc_pid "$1")" |
		jq --arg key "$2" '.[0].stats | getpath($key / ".")'
}

result()
{
	jq ".$2 // .integrity.$2" "$dir/$1"
}

known()
{
	vswctl fdb show "${C2#* }" switch s0
}

ktap_begin
vsw_load
tmpdir dir
must vswctl switch add s0
defer vswctl switch del s0
for name in vsw-c1 vsw-c2; do
	lxc_start $name
	must vswctl port add eth0 switch s0 netns "$(lxc_pid $name)" \
		slots 4096 buf-size 256
done

# shellcheck disable=SC2086 # addresses are two words
lxc_bg receiver "$dir/recv" vsw-c2 vsw-gen recv $C2 $C1 --port eth0 -i -s -j \
	-b 1024
must busywait 20 known
# shellcheck disable=SC2086
lxc_run vsw-c1 vsw-gen send $C1 $C2 --port eth0 -i -s -j -p 64 -b 512 \
	-r 500k 	-n $FRAMES > "$dir/send"
check_eq "the sender has sent all" "$(result send frames)" $FRAMES
wait "$receiver"
ktap_diag "sent in $(result send seconds) s; lost $(result recv lost)"
check_eq "none is corrupt" "$(result recv corrupt)" 0
check_eq "none arrived twice" "$(result recv duplicate)" 0
check_eq "none is out of order" "$(result recv reordered)" 0

# Besides these, the sender said some times that it has ended. The receiver goes
# when it hears that first, so the others may find nobody.
accepted=$(stat_of vsw-c1 tx-frames)
delivered=$(stat_of vsw-c2 rx-frames)
no_room=$(stat_of vsw-c2 drops.no-room)
unheard=$(stat_of vsw-c1 drops.no-listener)
check_eq "what the switch accepted was delivered or counted as dropped" \
	$((delivered + no_room + unheard)) "$accepted"
check "nobody hears the sender only when it has ended" \
	[ "$unheard" -lt 5 ]
check "and that is what was sent" [ "$accepted" -ge $FRAMES ]
check "each one that is missing was counted" \
	[ "$(result recv lost)" -le "$no_room" ]
check_eq "what was received and what is missing is what was sent" \
	$(($(result recv frames) + $(result recv lost))) $FRAMES
# The frame by which the receiver makes itself known has no listener either.
check_eq "there was no other drop" "$(vswctl -j -s port show | jq \
	'map(.stats.drops | del(."no-room", ."no-listener") | add) | add')" 0
check "kernel log" kmsg_clean
ktap_finish
