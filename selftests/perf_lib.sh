# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# vsw-perf in tests. Sourced after lib.sh; what it has measured is below $results.
#
#   perf_begin               skip the test if something is missing; makes $results
#   perf NAME COMMAND DIR OPTIONS...
#                            test point: vsw-perf does that, to $results/DIR
#   leaf PATH FILTER         what jq says about $results/PATH/result.json
#   figures DIR              diagnostics: what was measured
#   holds NAME PATH FILTER   test point: FILTER is true for that result
#
# Only facts are tested that do not depend on how fast the machine is.

need jq jq
need lxc-start lxc
need busybox busybox-static
need python3 python3

results=

perf_begin()
{
	[ -e /sys/fs/cgroup/cgroup.controllers ] ||
		ktap_skip_all "needs cgroup v2"
	tmpdir results
}

perf()
{
	local name=$1 command=$2 where=$3

	shift 3
	check "$name" vsw-perf "$command" -o "$results/$where" "$@"
}

leaf()
{
	jq -c "$2" "$results/$1/result.json"
}

figures()
{
	local file

	while read -r file; do
		ktap_diag "$(jq -r '(.name // "\(.experiment) \(.switch) \(.forwarders)") +
			if ."rx-pps" then ": sent \(."tx-pps".median | floor)" +
				" received \(."rx-pps".median | floor) pps" +
				" lost \(.lost)" else "" end +
			if ."latency-ns" then " p50 \(."latency-ns".p50.median)" +
				" p99 \(."latency-ns".p99.median) ns" else "" end +
			if .best then ": loss-free \(.best."tx-pps" | floor) pps" else "" end' \
			"$file")"
	done < <(find "$results/$1" -name result.json | sort)
}

holds()
{
	local name=$1 path=$2 filter=$3

	check_eq "$name" "$(leaf "$path" "$filter")" true
}
