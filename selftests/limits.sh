#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How many switches a namespace and how many ports a switch can have: so many,
# not one more, and with all the others there a port takes as many bytes as the
# first one did alone. How long it takes is for tools/bench: "attach-4096".
#
#   m1 m2 ... m4096
#   +--+-- s0 --+

# Switches of others would count.
if [ -z "${VSW_LIMITS_NS-}" ] && [ "$(id -u)" -eq 0 ]; then
	VSW_LIMITS_NS=1 exec unshare --net "$0"
fi

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

SWITCHES=1000 PORTS=4096
SWITCHES_TEXT="a network namespace has at most $SWITCHES switches"
PORTS_TEXT="a switch has at most $PORTS ports (attribute \"switch\")"
FULL="No space left on device"

# tmpdir and ns_new set them.
dir='' ns1=''

# batch FORMAT FIRST LAST: a command for each number
batch()
{
	seq -f "$1" "$2" "$3" > "$dir/batch"
	vswctl -b "$dir/batch"
}

switches()
{
	check "a namespace has room for $SWITCHES switches" \
		batch 'switch add t%g' 1 $SWITCHES
	check_eq "and has them" "$(vswctl -j switch show |
		jq -c '[length, (map(.name) | unique | length)]')" \
		"[$SWITCHES,$SWITCHES]"
	check_eq "a switch tells how many there can be" \
		"$(switch_value t1 switches-max)" $SWITCHES
	check_eq "in text, if asked for details" \
		"$(vswctl -d switch show t1 | grep -o 'ports-max.*')" \
		"ports-max $PORTS switches-max $SWITCHES"
	refused "one more is refused" "$SWITCHES_TEXT" "$FULL" \
		vswctl switch add more
	check "another namespace has room of its own" \
		vswctl -n "$ns1" switch add more
	must vswctl switch del t17
	check "the place of a deleted one can be taken" vswctl switch add more
	refused "but by one only" "$SWITCHES_TEXT" "$FULL" \
		vswctl switch add t17
	must vswctl switch del more
	must batch 'switch del t%g' 1 16
	must batch 'switch del t%g' 18 $SWITCHES
}

# As small as can be: there shall be memory for all of them.
ports()
{
	check "a switch has room for $PORTS ports" \
		batch 'port add m%g switch s0 slots 2 buf-size 256' 2 $PORTS
	check_eq "and counts them" "$(switch_value s0 ports)" $PORTS
	check_eq "a switch tells how many there can be" \
		"$(switch_value s0 ports-max)" $PORTS
	check_eq "all are shown" "$(vswctl -j port show switch s0 |
		jq -c '[length, (map(.name) | unique | length)]')" \
		"[$PORTS,$PORTS]"
	refused "one more is refused" "$PORTS_TEXT" "$FULL" \
		vswctl port add more switch s0
	must vswctl port del m17
	check "the place of a deleted one can be taken" busywait 10 \
		vswctl port add m17 switch s0 slots 2 buf-size 256
	refused "but by one only" "$PORTS_TEXT" "$FULL" \
		vswctl port add more switch s0
}

# attach for many: a subshell for each takes its time.
attach_all()
{
	local i answer

	for ((i = $1; i <= $2; i++)); do
		echo "attach m$i" >&"$frames_in"
		read -r -t 60 answer <&"$frames_out" && [ "$answer" = ok ] ||
			return
	done
}

# Bytes that the kernel has mapped for regions, without the guard pages
mapped()
{
	awk -v page="$(getconf PAGESIZE)" '
		/vsw_region_create.* vmap/ { sum += $2 - page }
		END { print sum + 0 }' /proc/vmallocinfo
}

bytes()
{
	local alone mapped

	mapped=$(mapped)
	must vswctl port add m1 switch s0 slots 2 buf-size 256
	attach m1
	alone=$(region_bytes)
	check_eq "the only port takes the bytes that vswctl shows" \
		$(($(mapped) - mapped)) "$alone"
	ports
	check "all ports of a full switch can be attached" attach_all 2 $PORTS
	check_eq "each takes as many bytes as the first one alone" \
		"$(vswctl -j region show | jq -c '[length, (map(.size) | unique)]')" \
		"[$PORTS,[$alone]]"
	check_eq "and all together as many as vswctl shows" \
		$(($(mapped) - mapped)) "$(region_bytes)"
	check_eq "what one of them floods reaches all others" \
		"$(heard m$PORTS $BROADCAST $A | wc -w)" $((PORTS - 1))
	check_eq "the first and the last can talk" "$(heard m1 $A $B)" m$PORTS
	frames_stop
	check "all memory is given back" busywait 20 regions_freed
}

ktap_begin
vsw_load
tmpdir dir
ns_new ns1
# Python's mmap has a descriptor of its own.
must ulimit -n $((2 * PORTS + 100))
switches
make_switch s0
frames_start
bytes
check "kernel log" kmsg_clean
ktap_finish
