#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Throughput between two containers: every switch carries frames; where vsw makes
# senders wait it loses none, at any rate; and it is far ahead of a Linux bridge in
# the same minute.
#
#   tx0 ---- switch ---- rx0

. "$(dirname "$0")/../lib.sh"
. "$VSW_SELFTESTS/perf_lib.sh"

# How many times more frames for the same processor time. It is 20 and more.
MARGIN=3

carries()
{
	holds "$1: frames arrive" "tput/64/$1/$2/max" \
		'.received > 0 and .received <= .sent'
}

# Frames for a second of processor time, of both programs
economy()
{
	leaf "tput/64/$1/64/max" '([.runs[].received] | add) /
		([.runs[].apps[] | .cpu_user + .cpu_system] | add)'
}

ahead()
{
	local vsw bridge

	vsw=$(economy vsw-block)
	bridge=$(economy linux-bridge)
	ktap_diag "frames for a second of processor time:" \
		"vsw ${vsw%.*}, linux-bridge ${bridge%.*}"
	check "vsw is ahead of a bridge by more than $MARGIN times" \
		jq -en --argjson vsw "$vsw" --argjson bridge "$bridge" \
		"\$vsw > $MARGIN * \$bridge"
}

ktap_begin
vsw_load
perf_begin
perf "as fast as possible" testset tput -v "vsw vsw-block linux-bridge" \
	-r max -b 64 -p "64 1500" -t 1 -RmB
perf "at a rate" testset paced -v vsw-block -r "1k 20k" -b 8 -p 64 -t 1
perf "proved" local proof -v vsw-block -r max -b 64 -p 64 -t 1 -i
figures .
for size in 64 1500; do
	for switch in vsw vsw-block linux-bridge; do
		carries $switch $size
	done
	holds "nothing is lost where senders wait, $size bytes" \
		tput/64/vsw-block/$size/max '.lost == 0'
done
for rate in 1000 20000; do
	holds "nor at $rate frames per second" paced/8/vsw-block/64/$rate \
		'.lost == 0 and .received > 0'
done
holds "in order, once and unchanged" proof/64/vsw-block/64/max \
	'[.runs[].apps[] | .integrity // empty |
	 .lost, .duplicate, .reordered, .corrupt] == [0, 0, 0, 0]'
holds "the runs and their sum agree" tput/64/vsw/64/max \
	'.received == ([.runs[].received] | add) and .lost == .sent - .received'
ahead
check "kernel log" kmsg_clean
ktap_finish
