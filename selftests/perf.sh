#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw-perf when things go wrong: a container that dies, an interruption, a switch
# that is absent. It says so, keeps what is finished, and leaves nothing behind.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/perf_lib.sh"

run=''
SWITCHES="vsw-netdev veth-peer macvlan"

# What an experiment may have left; LXC itself leaves the cgroup lxc.pivot.
state()
{
	ip -o link | sed 's/^[0-9]*: //'
	awk '{ print $1 }' /proc/modules | sort
	vswctl -j switch show
	find /sys/fs/cgroup -type d -name 'lxc.[mp]*' ! -name lxc.pivot
	find /tmp -maxdepth 1 -name 'vsw-perf*'
	pgrep -l 'vsw-gen|lxc|ovs'
}

unchanged()
{
	diff <(echo "$before") <(state)
}

# clean NAME: test point: everything is as before, at the latest after a while
clean()
{
	busywait 60 unchanged
	check "$1" unchanged
}

# First process of a container
init_of()
{
	pgrep -f "^/bin/busybox sleep 1000000000" | head -n 1
}

sending()
{
	pgrep -f "vsw-gen send" > /dev/null
}

finished()
{
	[ -e "$results/$1/result.json" ]
}

# failed_with NAME STATUS REGEX: test point: it has failed, and said why
failed_with()
{
	local name=$1 expected=$2 regex=$3 status=0

	wait "$run" || status=$?
	check_eq "$name: exit status" $status "$expected"
	check "$name" grep -E -e "$regex" "$results/log"
}

everything_goes()
{
	local switch

	for switch in $SWITCHES; do
		perf "$switch" local all -v "$switch" -r 1k -b 1 -t 1 -RB
		clean "$switch leaves nothing behind"
	done
}

dies()
{
	bg run "$results/log" vsw-perf local -v "$1" -r 1k -b 1 -t 60 -RB \
		-o "$results/dies"
	must busywait 60 sending
	must kill -KILL "$(init_of)"
	failed_with "$1: a container that dies is named" 2 \
		'^vsw-perf: container (tx|rx)0 has died$'
	clean "$1: nothing is left behind"
	check_not "$1: nor a result" finished "dies/1/$1/64/1000"
}

interrupted()
{
	bg run "$results/log" vsw-perf testset -v vsw -r "1k 2k 3k" -p 64 -b 1 \
		-t 3 -o "$results/set"
	must busywait 60 finished set/1/vsw/64/1000
	must busywait 60 sending
	kill -TERM "$run"
	failed_with "an interruption is said" 130 \
		'^vsw-perf: interrupted; what is finished is kept$'
	clean "nothing is left behind"
	check_not "not even half a result" finished set/1/vsw/64/3000
	cp "$results/set/1/vsw/64/1000/result.json" "$results/first"
	perf "it is resumed" testset set -v vsw -r "1k 2k 3k" -p 64 -b 1 -t 3
	check "what was finished is not measured again" \
		cmp "$results/first" "$results/set/1/vsw/64/1000/result.json"
	check "the rest is" finished set/1/vsw/64/3000
	check_fails "but not if it is to be measured otherwise" 1 \
		'was measured with other options \(seconds\)' \
		vsw-perf testset -v vsw -r 1k -p 64 -b 1 -t 1 -o "$results/set"
	check "env.json tells kernel and state" jq -e \
		--arg kernel "$(uname -r)" '.kernel == $kernel and
		(.state | length > 0) and .switches.vsw == "present"' \
		"$results/set/env.json"
}

absent()
{
	check_fails "an absent switch is named, the others are measured" 3 \
		'snabb is absent: no package' \
		vsw-perf testset -v "snabb vsw" -r 1k -p 64 -b 1 -t 1 -o "$results/absent"
	check "and are there" finished absent/1/vsw/64/1000
	check_fails "a wire is no switch" 3 'side by side wants more' \
		vsw-perf parallel -v veth-peer --forwarders 2 -t 1 -o "$results/wire"
	clean "nothing is left behind"
}

ktap_begin
vsw_load
perf_begin
before=$(state)
everything_goes
dies vsw
dies linux-bridge
interrupted
absent
check "kernel log" kmsg_clean
ktap_finish
