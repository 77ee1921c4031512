#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The lookup "chain": each member sends to the next one, members come and go, and
# what is at no place or at the end is dropped and counted.
#
#   p1 --> p2 --> p3 --> p4     p5
#    |      |      |      |      |
#   -+------+- s0, chain -+------+-

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

# chain ATTRIBUTE VALUE...
chain()
{
	vswctl switch set s0 lookup chain "$@"
}

# option KEY: values of an attribute of the lookup, in order
option()
{
	vswctl -j switch show s0 | jq -r --arg key "$1" \
		'.[0].options[$key] // [] | [.] | flatten | join(" ")'
}

# dropped REASON
dropped()
{
	vswctl -j -s switch show s0 | jq --arg reason "$1" \
		'[.[0].reason[]? | select(.name == $reason).frames] | add // 0'
}

# goes FROM TO: the address does not matter
goes()
{
	heard_by "$1 sends to ${2:-nobody}" "$2" "$1" $BROADCAST $A
}

order()
{
	must chain port p1,p2,p3
	check_eq "the members are shown in order" "$(option port)" "p1 p2 p3"
	goes p1 p2
	goes p2 p3
	heard_by "a batch keeps its order" p2 p1 $B $A 300
	heard_by "the last member's frames are dropped" "" p3 $B $A 5
	check_eq "for the reason end" "$(dropped end)" 5
	heard_by "so are those of a port that is no member" "" p5 $B $A 7
	check_eq "for the reason not-in-chain" "$(dropped not-in-chain)" 7
	check_eq "each is one of the port's drops" \
		"$(port_stat p3 drops.lookup) $(port_stat p5 drops.lookup)" \
		"5 7"
	check_eq "frames are counted for each member" "$(option frames)" \
		"301 1 0"
	must chain port p3,p1
	check_eq "a whole chain is replaced" "$(option port)" "p3 p1"
	goes p3 p1
	goes p1 ""
	goes p2 ""
	check_eq "a member that stays keeps its counter" "$(option frames)" \
		"1 301"
}

loop()
{
	must chain port p1,p2,p3
	check_eq "by default there is no loop" "$(option loop)" 0
	must chain loop 1
	check_eq "loop alone leaves the members" \
		"$(option loop) $(option port)" "1 p1 p2 p3"
	goes p3 p1
	goes p1 p2
	must chain port p4
	goes p4 ""
	must chain loop 0
}

members()
{
	must chain port p1,p2
	must chain insert p3
	check_eq "a port is inserted at the end" "$(option port)" "p1 p2 p3"
	must chain insert p4 before p2
	check_eq "or before a member" "$(option port)" "p1 p4 p2 p3"
	goes p1 p4
	goes p4 p2
	must chain remove p4
	check_eq "a member is removed" "$(option port)" "p1 p2 p3"
	goes p1 p2
	goes p4 ""
	must chain remove p3 insert p3 before p1
	check_eq "a member is moved in one step" "$(option port)" "p3 p1 p2"
	goes p3 p1
	must vswctl port del p1
	check_eq "a member that is deleted drops out" "$(option port)" "p3 p2"
	goes p3 p2
	must vswctl port add p1 switch s0
	check_eq "a port of its name is no member" "$(option port)" "p3 p2"
	must chain remove p2 remove p3
	check_eq "a chain may be empty" "$(option port)" ""
	goes p3 ""
	attach p1
}

refusals()
{
	must chain port p1,p2
	must vswctl port add x1 switch s0
	check_fails "a port that is a member twice" 2 "port is in the chain" \
		chain port p1,p2,p1
	check_fails "a member that is inserted" 2 "port is in the chain" \
		chain insert p2
	check_fails "a port that is removed, and is no member" 2 \
		"port is not in the chain" chain remove x1
	check_fails "before a port that is no member" 2 \
		"port is not in the chain" chain insert p3 before x1
	check_fails "before itself" 2 "port is not in the chain" \
		chain insert p3 before p3
	check_fails "before without insert" 2 'needs an "insert"' \
		chain before p1
	check_fails "what is refused takes no effect in part" 2 \
		"port is not in the chain" chain loop 1 insert p3 remove x1
	check_fails "a counter cannot be set" 1 "cannot be set" chain frames 1
	check_eq "nothing has changed" "$(option loop) $(option port)" \
		"0 p1 p2"
	must vswctl port del x1
}

too_many()
{
	local i

	for ((i = 0; i < 65; i++)); do
		echo "port add m$i switch s0"
	done | must vswctl -b -
	must chain port "$(seq -s , -f m%g 0 63)"
	check_eq "64 members, and all are shown" \
		"$(option port)" "$(seq -s ' ' -f m%g 0 63)"
	check_fails "not one more" 2 "chain is full" chain insert m64
	for ((i = 0; i < 65; i++)); do
		echo "port del m$i switch s0"
	done | must vswctl -b -
	check_eq "all drop out" "$(option port)" ""
}

waiting()
{
	must vswctl port add k1 switch s0
	must vswctl port add k2 switch s0 slots 128 on-full block
	attach k1 k2
	must chain port k1,k2
	send k1 $B $A 300
	check_eq "frames that wait for room are not counted" \
		"$(option frames)" "127 0"
	must [ "$(frames sync k1)" = ok ]
	check_eq "nor if they still have to" "$(option frames)" "127 0"
	must [ "$(frames recv k2)" = 127 ]
	must [ "$(frames sync k1)" = ok ]
	check_eq "but when they are sent" "$(option frames)" "254 0"
	must [ "$(frames recv k2)" = 127 ]
	must [ "$(frames sync k1)" = ok ]
	check_eq "each once" "$(option frames) $(frames recv k2)" "300 0 46"
	must chain port p1
	must [ "$(frames close k1)" = ok ]
	must [ "$(frames close k2)" = ok ]
	must vswctl port del k1
	must vswctl port del k2
}

# churn FILE: members come and go until the file is there
churn()
{
	while [ ! -e "$1" ]; do
		echo "switch set s0 lookup chain insert p3 before p2"
		echo "switch set s0 lookup chain remove p3"
	done | vswctl -b -
}

# Every frame of p1 goes either to p2, or to p3, which are not told apart.
under_traffic()
{
	local dir i sum pid

	tmpdir dir
	must chain port p1,p2
	frames recv p2 > /dev/null
	frames recv p3 > /dev/null
	sum=$(option frames)
	bg pid "$dir/churn" churn "$dir/stop"
	for ((i = 0; i < 100; i++)); do
		send p1 $B $A 100
		frames recv p2 >> "$dir/received"
		frames recv p3 >> "$dir/received"
	done
	touch "$dir/stop"
	wait "$pid"
	check_eq "the chain changes all the time" "$?" 0
	check_eq "no frame is lost or doubled meanwhile" \
		"$(awk '{ n += $1 } END { print n }' "$dir/received")" 10000
	check_eq "each is counted once" \
		"$(($(option frames | cut -d ' ' -f 1) - ${sum%% *}))" 10000
}

swap()
{
	must chain port p1,p2
	must vswctl switch set s0 lookup learn
	heard_by "another lookup takes over" "p2 p3 p4 p5" p1 $BROADCAST $A
	must chain insert p1
	goes p2 ""
	check_eq "a chain begins anew" "$(option port) $(option frames)" "p1 0"
}

ktap_begin
vsw_load
lookup_load chain
make_switch s0 p1 p2 p3 p4 p5
frames_start
attach p1 p2 p3 p4 p5
must vswctl switch set s0 lookup chain
order
loop
members
refusals
too_many
waiting
under_traffic
swap
frames_stop
must vswctl switch set s0 lookup learn
check "the module can go" busywait 5 rmmod vsw_lookup_chain
must insmod "${VSW_KO%/*}/vsw-lookup-chain.ko"
check "kernel log" kmsg_clean
ktap_finish
