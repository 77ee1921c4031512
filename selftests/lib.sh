# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the vsw tests share. A test is a bash script that begins
#
#   #!/bin/bash
#   # SPDX-License-Identifier: GPL-2.0
#   #
#   # What is shown, in a line or two.
#   #
#   #   +--------- ns1 ---------+        +--------- ns2 ---------+
#   #   | p1, ring              |        | p2, netdev 10.0.0.2   |
#   #   +-----------+-----------+        +-----------+-----------+
#   #               |            sw0, learn          |
#   #               +--------------------------------+
#
#   . "$(dirname "$0")/lib.sh"
#   need jq jq
#   ktap_begin
#   vsw_load
#   ns_new ns1
#   must ip -n "$ns1" link add ...
#   check "a port has the name that it was given" ...
#   check "kernel log" kmsg_clean
#   ktap_finish
#
# so the drawing comes first, each resource registers its own removal when it is
# made, and nothing sleeps: it polls (busywait). Write only below tmpdir or /tmp:
# in the lab the tree is read-only.
#
#   defer CMD...                run CMD when the test ends, last one first
#   defer_scope FUNC ARGS...    run FUNC, then what it deferred
#   must CMD...                 run CMD for set-up; the test fails at once with it
#   need CMD PACKAGE            skip the test if CMD is missing
#   busywait SECONDS CMD...     poll until CMD succeeds; 1 if it never does
#   tmpdir VAR                  new directory
#   bg VAR FILE CMD...          start CMD, its output to FILE; VAR is its pid
#   ns_new VAR [HINT]           new netns with lo up; VAR is its name
#   in_ns NS CMD...             run CMD in it
#   vsw_load [PARAM=VALUE...]   insert vsw.ko unless it is there
#   vsw_unload                  remove it
#   lookup_load NAME...         insert vsw-lookup-NAME.ko, after vsw_load
#   region_bytes                memory of the regions, as vswctl says
#   regions_freed               0 if that is what it was after vsw_load
#   kmsg_clean                  1 if the kernel complained since the test began
#
# VAR is the name of a variable: $(...) would be a subshell, and its defer lost.

set -u

VSW_SELFTESTS=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
VSW_TOP=${VSW_TOP:-$(realpath "$VSW_SELFTESTS/..")}
VSW_KO=${VSW_KO:-$VSW_TOP/kernel/vsw.ko}
VSW_TEST=$(basename "$0" .sh)

# The tree's tools before installed ones.
PATH=$VSW_TOP/tools/vswctl:$VSW_TOP/tools/vsw-gen:$VSW_TOP/tools/vsw-perf:$PATH:/usr/sbin:/sbin
LD_LIBRARY_PATH=$VSW_TOP/tools/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH LD_LIBRARY_PATH

# shellcheck source=selftests/ktap.sh
. "$VSW_SELFTESTS/ktap.sh"

#
# Cleanup
#

defer_stack=()

defer()
{
	# Quoted here, so that it is the arguments of now that count.
	defer_stack+=("$(printf '%q ' "$@")")
}

# Run the deferred commands above LEVEL, the last one first. One that fails does
# not keep the others from running.
defer_unwind()
{
	local level=$1 cmd

	while [ ${#defer_stack[@]} -gt "$level" ]; do
		cmd=${defer_stack[-1]}
		unset 'defer_stack[-1]'
		eval "$cmd" > /dev/null || ktap_diag "cleanup failed: $cmd"
	done
}

defer_scope()
{
	local level=${#defer_stack[@]} status=0

	"$@" || status=$?
	defer_unwind "$level"
	return $status
}

# Not in a child that is killed before it has left the shell's traps behind.
trap '[ $BASHPID -ne $$ ] || defer_unwind 0' EXIT
trap 'exit 1' INT TERM

#
# Small things
#

must()
{
	# Not in a subshell: CMD may defer, or set a variable.
	"$@" && return
	echo "Bail out! set-up failed: $*"
	exit $KSFT_FAIL
}

need()
{
	command -v "$1" > /dev/null || ktap_skip_all "install $2"
}

busywait()
{
	local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift

	until "$@" > /dev/null 2>&1; do
		[ "${EPOCHREALTIME/./}" -lt $deadline ] || return 1
		sleep 0.05
	done
}

tmpdir()
{
	local -n _ret=$1

	_ret=$(mktemp -d "/tmp/vsw-$VSW_TEST.XXXXXX") || exit $KSFT_FAIL
	defer rm -rf "$_ret"
}

stop()
{
	kill "$1" 2> /dev/null
	wait "$1" 2> /dev/null
	return 0
}

bg()
{
	local -n _ret=$1
	local file=$2
	shift 2

	"$@" > "$file" 2>&1 < /dev/null &
	_ret=$!
	defer stop "$_ret"
}

#
# Network namespaces
#

ns_del()
{
	ip netns pids "$1" | xargs -r kill -KILL
	ip netns del "$1"
}

ns_new()
{
	local -n _ret=$1
	local name

	name=$(printf 'vsw-%s-%06x' "${2:-$1}" $((SRANDOM & 0xffffff)))
	must ip netns add "$name"
	defer ns_del "$name"
	must ip -n "$name" link set lo up
	# shellcheck disable=SC2034 # the caller's
	_ret=$name
}

in_ns()
{
	ip netns exec "$@"
}

#
# The module
#

vsw_loaded()
{
	[ -d /sys/module/vsw ]
}

vsw_insert()
{
	if [ -e "$VSW_KO" ]; then
		insmod "$VSW_KO" "$@"
	else
		modprobe vsw "$@"
	fi
}

# Memory of all regions that this namespace sees.
region_bytes()
{
	vswctl -j region show | jq 'map(.size) | add // 0'
}

# A module that was there before the test stays, and so do its regions.
vsw_load()
{
	[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
	if ! vsw_loaded; then
		must vsw_insert "$@"
		defer vsw_unload
	fi
	region_bytes_before=$(region_bytes 2> /dev/null) || region_bytes_before=0
}

lookup_load()
{
	local name

	for name; do
		must insmod "${VSW_KO%/*}/vsw-lookup-$name.ko"
		defer lookup_unload "$name"
	done
}

# A switch lets go of its lookup a grace period after it has got another one.
lookup_unload()
{
	busywait 5 rmmod "vsw_lookup_$1"
}

# For busywait: a region outlives its port until the last mapping goes.
regions_freed()
{
	[ "$(region_bytes)" = "$region_bytes_before" ]
}

# The last reference may be that of a process which is still dying.
vsw_unload()
{
	! vsw_loaded || busywait 5 rmmod vsw
}

#
# The kernel log
#

KMSG_BAD='WARNING: |BUG: |Oops|general protection|Unable to handle kernel|ODEBUG|'
KMSG_BAD+='KASAN|KCSAN|UBSAN|kmemleak: [1-9]|unreferenced object|Call Trace|'
KMSG_BAD+='possible (circular|recursive) locking|suspicious RCU|refcount_t|'
KMSG_BAD+='rcu: INFO|blocked for more than|waiting for .* to become free'

kmsg_mark="vsw selftest $VSW_TEST $$ begins"
{ echo "$kmsg_mark" > /dev/kmsg; } 2> /dev/null

kmsg_clean()
{
	local log

	log=$(dmesg) || return
	# All of it, if the log is so long that the beginning is lost.
	if grep -qF "$kmsg_mark" <<< "$log"; then
		log=${log##*"$kmsg_mark"}
	fi
	! grep -E -e "$KMSG_BAD" <<< "$log"
}
