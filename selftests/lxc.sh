#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# LXC containers: each uses the port that it was given, and nothing else; each
# pays for the memory itself.
#
#   vsw-c1, privileged    vsw-c2, unprivileged    vsw-c3, unprivileged
#        eth0                    eth0                    eth0
#         +---------------- s0 ---+-----------------------+

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/containers.sh"

dir='' receiver='' holder=''

mac()
{
	echo "02:00:00:00:00:0$1"
}

# Addresses of container 1 and its peer 2, for vsw-gen
addresses()
{
	echo "192.0.2.$1 $(mac "$1") 192.0.2.$2 $(mac "$2")"
}

known()
{
	vswctl fdb show "$(mac "$1")" switch s0
}

# 1000 frames, proved, from one container to another
frames_between()
{
	local from=$1 to=$2

	# shellcheck disable=SC2046 # words
	lxc_bg receiver "$dir/recv" "vsw-c$to" vsw-gen recv \
		$(addresses "$to" "$from") --port eth0 -i -n 1000 -s
	busywait 20 known "$to" || return
	# No more than the ring holds.
	# shellcheck disable=SC2046
	lxc_run "vsw-c$from" vsw-gen send $(addresses "$from" "$to") \
		--port eth0 -i -n 1000 -s || return
	wait "$receiver" || { cat "$dir/recv"; return 1; }
}

# Hold port NAME in container N until stopped
hold()
{
	# shellcheck disable=SC2046
	lxc_bg holder "$dir/hold" "vsw-c$1" vsw-gen recv $(addresses "$1" 9) \
		--port "$2" -s
}

attached()
{
	[ "$(vswctl -j port show "$1" netns "$(lxc_pid "$2")" |
		jq '.[0].attached')" = 1 ]
}

detached()
{
	! attached "$@"
}

isolation()
{
	check_eq "a container sees its port only" \
		"$(lxc_run vsw-c2 vswctl -j port show | jq -c 'map(.name)')" \
		'["eth0"]'
	check_eq "and no switch" "$(lxc_run vsw-c2 vswctl -j switch show)" "[]"
	must vswctl port add secret switch s0 netns "$(lxc_pid vsw-c1)"
	# shellcheck disable=SC2046
	check_fails "a container cannot attach the port of another" 2 \
		'No such device' lxc_run vsw-c2 vsw-gen recv $(addresses 2 1) \
		--port secret -t 1
	must vswctl port del secret
	check_fails "root of a container cannot create ports on the host's switch" \
		2 'no such switch \(attribute "switch"\)' \
		lxc_run vsw-c2 vswctl port add mine switch s0
	check_fails "nor delete the port that it owns" 2 \
		'another namespace \(attribute "name"\): Operation not permitted' \
		lxc_run vsw-c2 vswctl port del eth0
	check "it may have a switch of its own" \
		lxc_run vsw-c2 vswctl switch add s0
	check "with ports of its own" \
		lxc_run vsw-c2 vswctl port add p1 switch s0
	check_eq "which the host does not see" \
		"$(vswctl -j port show | jq 'map(select(.name == "p1")) | length')" 0
	must lxc_run vsw-c2 vswctl switch del s0
}

# Bytes that the cgroup of a container has been charged
charged()
{
	cat "$(lxc_cgroup "$1")/memory.current"
}

# Root of the host may lock memory, root of a user namespace has a limit.
memlock()
{
	lxc_run "$1" sh -c "ulimit -l 64 && exec vsw-gen recv $(addresses 9 8) \
		--port eth0 -t 1 -s"
}

charge()
{
	local name=$1 number=$2 before after size

	before=$(charged "$name")
	hold "$number" eth0
	must busywait 20 attached eth0 "$name"
	after=$(charged "$name")
	size=$(vswctl -j region show | jq '.[0].size')
	check "a region of $size bytes is charged to $name" \
		[ "$after" -ge $((before + size)) ]
	lxc_kill "$name"
	must busywait 20 detached eth0 "$name"
	check "and given back" busywait 20 less_than "$name" \
		$((after - size * 3 / 4))
}

less_than()
{
	[ "$(charged "$1")" -lt "$2" ]
}

# The limit of a container is its own affair.
limit()
{
	local cgroup pid

	cgroup=$(lxc_cgroup vsw-c1)
	pid=$(lxc_pid vsw-c1)
	must vswctl port add big switch s0 netns "$pid" \
		slots 4096 buf-size 16384
	echo 33554432 > "$cgroup/memory.max"
	lxc_bg holder "$dir/bystander" vsw-c1 busybox sleep 1000000
	must busywait 20 grep -q sleep "/proc/$holder/cmdline"
	# shellcheck disable=SC2046
	check_fails "a region beyond memory.max cannot be attached" 2 \
		'Cannot allocate memory' lxc_run vsw-c1 vsw-gen recv \
		$(addresses 1 2) --port big -t 1
	check_eq "nobody is killed for it" \
		"$(sed -n 's/^oom_kill //p' "$cgroup/memory.events")" 0
	check "the container lives" kill -0 "$pid"
	check "other containers go on" frames_between 2 3
	echo max > "$cgroup/memory.max"
	check "and so does it" frames_between 2 1
	must vswctl port del big netns "$pid"
	lxc_kill vsw-c1
}

two_ports()
{
	[ "$(switch_value s0 ports)" = 2 ]
}

ktap_begin
vsw_load
tmpdir dir
must vswctl switch add s0
defer vswctl switch del s0
lxc_start vsw-c1
lxc_start vsw-c2 unprivileged
lxc_start vsw-c3 unprivileged
for n in 1 2 3; do
	# Small: all of root's unprivileged containers are one user, and that
	# is what RLIMIT_MEMLOCK is about.
	must vswctl port add eth0 switch s0 netns "$(lxc_pid "vsw-c$n")" \
		buf-size 256
done
check "frames from a privileged to an unprivileged container" \
	frames_between 1 2
check "and back" frames_between 2 1
check "frames between unprivileged containers" frames_between 2 3
isolation
charge vsw-c1 1
charge vsw-c2 2
limit
check_fails "RLIMIT_MEMLOCK holds in an unprivileged container" 2 \
	'Cannot allocate memory' memlock vsw-c2
check "and not in a privileged one" memlock vsw-c1
check "the memory is given back" busywait 10 regions_freed
lxc_stop vsw-c3
check "the port of a container goes with it" busywait 20 two_ports
check "kernel log" kmsg_clean
ktap_finish
