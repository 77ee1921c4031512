# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Single frames, for tests that ask where each one goes. Sourced after lib.sh.
#
#   frames_start                start vswframe.py, which does it
#   frames_stop                 end it, which closes all ports
#   frames COMMAND...           one of its commands; prints the answer
#   attach PORT...              attach ports, or bail out
#   listen PORT...              the same for interfaces; see ns_quiet of ctl.sh
#   heard PORT DST SRC [N]      who received what PORT sent, in alphabetic order
#   send PORT DST SRC [N]       let PORT send, and do not look
#   heard_by NAME EARS PORT DST SRC [N]
#                               test point: EARS received it, nobody else
#
# PORT is the name of a port, or NAME@NETNS.

# shellcheck disable=SC2034 # for the tests
A=02:00:00:00:00:0a B=02:00:00:00:00:0b C=02:00:00:00:00:0c
# shellcheck disable=SC2034
BROADCAST=ff:ff:ff:ff:ff:ff GROUP=01:00:5e:00:00:01 UNKNOWN=02:00:00:00:00:ee

# Where PYTHON has no choice: the one of the system, which tests may rely on.
PYTHON=/usr/bin/python3

frames_start()
{
	local dir

	[ -x $PYTHON ] || ktap_skip_all "install python3"
	tmpdir dir
	must mkfifo "$dir/in" "$dir/out"
	$PYTHON "$VSW_SELFTESTS/vswframe.py" < "$dir/in" > "$dir/out" &
	frames_pid=$!
	exec {frames_in}> "$dir/in" {frames_out}< "$dir/out"
	defer frames_stop
}

frames_stop()
{
	[ -n "$frames_pid" ] || return 0
	# Others may hold the pipe open.
	echo quit >&"$frames_in"
	exec {frames_in}>&- {frames_out}<&-
	wait "$frames_pid"
	frames_pid=
}

# No answer within a minute: the program is stuck, and so would be the test.
frames()
{
	local answer

	echo "$*" >&"$frames_in"
	read -r -t 60 answer <&"$frames_out" || answer="no answer"
	echo "$answer"
}

attach()
{
	local port

	for port; do
		must [ "$(frames attach "$port")" = ok ]
	done
}

listen()
{
	local port

	for port; do
		must [ "$(frames socket "$port")" = ok ]
	done
}

heard()
{
	frames heard "$@"
}

send()
{
	must [ "$(frames send "$@")" = ok ]
}

heard_by()
{
	check_eq "$1" "$(heard "${@:3}")" "$2"
}
