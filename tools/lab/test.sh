#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Self test of the lab, in KTAP. Usage: test.sh [OPTIONS of run.sh]

set -euo pipefail

lab_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
options=("$@")
number=0
failed=0

scratch=$(mktemp -d -t vsw-labtest.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
# run.sh's temporary files go where leftovers will be seen.
mkdir "$scratch/tmp" "$scratch/share dir"
export TMPDIR=$scratch/tmp

# lab ARG...: runs run.sh, sets status; its output is in $scratch/{out,err}
lab()
{
	status=0
	"$lab_dir/run.sh" "${options[@]}" "$@" \
		> "$scratch/out" 2> "$scratch/err" || status=$?
}

# guest: writes standard input to the script that the next lab call runs
guest()
{
	cat > "$scratch/script"
}

# check NAME COMMAND...: one result
check()
{
	local name=$1

	shift
	number=$((number + 1))
	if "$@"; then
		echo "ok $number $name"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $number $name"
	echo "# failed: $* (status ${status:-none})"
	tail -n 20 "$scratch/out" "$scratch/err" | sed 's/^/# /'
}

said()
{
	grep -qxF -- "$1" "$scratch/out"
}

test_status_and_arguments()
{
	guest <<< 'printf "<%s>\n" "$#" "$@"; exit 37'
	lab "$scratch/script" one 'two  words' '' "it's \$HOME *"
	check "exit status comes back" [ "$status" -eq 37 ]
	printf '<%s>\n' 4 one 'two  words' '' "it's \$HOME *" > "$scratch/want"
	check "arguments arrive intact" cmp -s "$scratch/want" "$scratch/out"
}

test_environment()
{
	guest <<-'SCRIPT'
		share=$1 scratch=$2
		echo changed > /etc/vsw-lab-test && echo "overlay takes writes"
		echo shared > "$share/file"
		modprobe veth && ip link add v0 type veth && echo "veth works"
		control=$(cat /sys/fs/cgroup/cgroup.subtree_control)
		for c in cpu memory pids; do
			[[ " $control " = *" $c "* ]] && echo "controller $c"
		done
		unshare -Urn true && echo "user namespaces work"
		echo "in $PWD as $(id -u) on $(hostname)"
	SCRIPT
	cd "$scratch/share dir"
	lab --share "$scratch/share dir" "$scratch/script" "$scratch/share dir" "$scratch"
	cd /
	check "script runs as root in the caller's directory" \
		said "in $scratch/share dir as 0 on vsw-lab"
	check "root accepts writes" said "overlay takes writes"
	check "the host is read-only" [ ! -e /etc/vsw-lab-test ]
	check "a shared directory is writable" grep -qx shared "$scratch/share dir/file"
	check "modprobe works" said "veth works"
	check "cgroup2 has cpu" said "controller cpu"
	check "cgroup2 has memory" said "controller memory"
	check "cgroup2 has pids" said "controller pids"
	check "user namespaces" said "user namespaces work"
}

test_output()
{
	local line early='' late=''

	guest <<< 'echo early; sleep 2; echo late; (sleep 1000 &); seq 500000'
	while read -r line; do
		case $line in
		early) early=${EPOCHREALTIME/./} ;;
		late) late=${EPOCHREALTIME/./} ;;
		*) cat > /dev/null ;;
		esac
	done < <("$lab_dir/run.sh" "${options[@]}" "$scratch/script" 2>&1 |
		tee "$scratch/out")
	check "output is streamed" [ $((late - early)) -gt 1500000 ]
	printf 'early\nlate\n' | cat - <(seq 500000) > "$scratch/want"
	check "output is complete, with a daemon left behind" \
		cmp -s "$scratch/want" "$scratch/out"
}

test_failures()
{
	guest <<< 'echo "WARNING: planted" > /dev/kmsg'
	lab --log "$scratch/log" "$scratch/script"
	check "a kernel complaint is detected" [ "$status" -eq 121 ]
	check "and printed" grep -q 'WARNING: planted' "$scratch/err"
	check "and in the log" grep -q 'WARNING: planted' "$scratch/log"

	guest <<< 'echo c > /proc/sysrq-trigger'
	lab "$scratch/script"
	check "a crash is detected" [ "$status" -eq 122 ]
	check "and the log printed" grep -q 'sysrq triggered crash' "$scratch/err"

	guest <<< 'sleep 1000'
	lab --timeout 10 "$scratch/script"
	check "the timeout fires" [ "$status" -eq 124 ]

	lab --kernel 1.2.3-none "$scratch/script"
	check "an absent kernel is an error" [ "$status" -eq 125 ]
	check "that names the package" grep -q linux-image-6.12-amd64 "$scratch/err"
}

test_interrupt()
{
	local pid

	guest <<< 'echo started; sleep 1000'
	# A process in the background would ignore SIGINT; SIGTERM it cannot.
	"$lab_dir/run.sh" "${options[@]}" "$scratch/script" > "$scratch/out" 2>&1 &
	pid=$!
	for _ in {1..100}; do
		! said started || break
		sleep 0.2
	done
	status=0
	kill "$pid"
	wait "$pid" || status=$?
	check "a signal ends it" [ "$status" -eq 143 ]
	check "no temporary files are left" [ -z "$(ls -A "$TMPDIR")" ]
}

test_terminal()
{
	guest <<< '[ -t 0 ] && stty size && read -r word && echo "read $word"'
	script -qec "stty rows 33 cols 99
		$(printf '%q ' "$lab_dir/run.sh" "${options[@]}" --interactive "$scratch/script")" \
		/dev/null < <(sleep 8; echo hello; sleep 3) | tr -d '\r' > "$scratch/out"
	check "a terminal reaches the script" said "33 99"
	check "and its input" said "read hello"

	# script(1) without a terminal of its own makes one that has no size.
	guest <<< 'stty size'
	script -qec "$(printf '%q ' "$lab_dir/run.sh" "${options[@]}" \
		--interactive "$scratch/script")" /dev/null < /dev/null |
		tr -d '\r' > "$scratch/out"
	check "a terminal without a size gets one" grep -q "24 80$" "$scratch/out"
}

echo "TAP version 13"
echo "1..26"
test_status_and_arguments
test_environment
test_output
test_failures
test_interrupt
test_terminal
[ "$failed" -eq 0 ]
