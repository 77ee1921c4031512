#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw-gen without the module: the command line, the socket backends over veth,
# planted faults, and the ring backend on a fake port. SAN=1 in the environment
# if vsw-gen was built with it.

HERE=$(realpath "$(dirname "$0")")
GEN=$(realpath "${VSW_GEN:-$HERE/../vsw-gen}")
TOP=$HERE/../../..

# shellcheck source=selftests/ktap.sh
. "$TOP/selftests/ktap.sh"

A="192.0.2.1 02:00:00:00:00:01"
B="192.0.2.2 02:00:00:00:00:02"
NS=vsw-gen-$$
TMP=$(mktemp -d)
PIDS=()

cleanup()
{
	[ ${#PIDS[@]} -eq 0 ] || kill "${PIDS[@]}" 2> /dev/null
	for ns in $NS-a $NS-r $NS-b; do
		ip netns del $ns 2> /dev/null
	done
	rm -rf "$TMP"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

gen()
{
	local app=$1
	shift
	# shellcheck disable=SC2086 # two words each
	case $app in
	send) "$GEN" send $A $B "$@" ;;
	recv) "$GEN" recv $B $A "$@" ;;
	esac
}

in_ns()
{
	local ns=$NS-$1 app=$2
	shift 2
	# shellcheck disable=SC2086 # two words each
	case $app in
	send) exec ip netns exec $ns "$GEN" send $A $B "$@" ;;
	recv) exec ip netns exec $ns timeout 30 "$GEN" recv $B $A "$@" ;;
	esac
}

# The command line

test_usage()
{
	local arg

	check_fails "no arguments" 1 "^Usage:" "$GEN"
	check_fails "unknown app" 1 "^Usage:" "$GEN" transmit
	check_fails "--help" 0 "--no-announce" "$GEN" --help
	check_fails "help of an app" 0 "^Usage:" "$GEN" recv -h
	mkdir "$TMP/bin"
	ln -s "$GEN" "$TMP/bin/send"
	check_fails "link named after an app" 1 "^vsw-gen send: want four" "$TMP/bin/send"
	check_fails "three addresses" 1 "want four" "$GEN" send 192.0.2.1 02::1 192.0.2.2
	# shellcheck disable=SC2086 # two words each
	check_fails "five addresses" 1 "want four" "$GEN" send $A $B 192.0.2.3
	# shellcheck disable=SC2086
	check_fails "words behind --" 1 "want four" "$GEN" send $A $B -- -r
	check_fails "unknown option" 1 "invalid option" gen send -x
	check_fails "missing value" 1 "requires an argument" gen send -r
	check_fails "IP address" 1 "not an IPv4" "$GEN" send 192.0.2 02:00:00:00:00:01 $B
	for arg in 02:00:00:00:00 02:00:00:00:00:0g 2:00:00:00:00:001 \
		   02:00:00:00:00:01: 00:00:00:00:00:00; do
		# shellcheck disable=SC2086
		check_fails "MAC address $arg" 1 "not an Ethernet" "$GEN" send 192.0.2.1 $arg $B
	done
	# shellcheck disable=SC2086
	check_fails "own MAC address is multicast" 1 "not a unicast" \
		"$GEN" recv 192.0.2.1 01:00:00:00:00:01 $B
}

test_forward_usage()
{
	local ports="--in none --out none" mac=02:00:00:00:00:09

	check_fails "forward: no ports" 1 "want two ports" "$GEN" forward
	check_fails "forward: one port" 1 "want two ports" "$GEN" forward --in a
	# shellcheck disable=SC2086 # two words each
	check_fails "forward: addresses" 1 "no such word.*192.0.2.1" "$GEN" forward $ports $A
	# shellcheck disable=SC2086
	check_fails "forward: --dst alone" 1 "want both" "$GEN" forward $ports --dst $mac
	# shellcheck disable=SC2086
	check_fails "forward: --src alone" 1 "want both" "$GEN" forward $ports --src $mac
	# shellcheck disable=SC2086
	check_fails "forward: --src is multicast" 1 "not acceptable" \
		"$GEN" forward $ports --dst $mac --src 01:00:00:00:00:01
	# shellcheck disable=SC2086
	check_fails "forward: a long name" 1 "not acceptable" \
		"$GEN" forward $ports --in a234567890123456
	# shellcheck disable=SC2086
	check_fails "forward: ports that are not there" 2 "no such port none|/dev/vsw" \
		"$GEN" forward $ports --dst $mac --src $mac --direct -i -s -j -b 7 --wait 1
}

test_values()
{
	local arg

	for arg in "-r 0" "-r -1" "-r 1x" "-r 1kk" "-r 1.5k" "-r 0x10" "-r 2G" \
		   "-r 18446744073709551617" "-r k" "-p 59" "-p 65536" "-p 66k" \
		   "-b 0" "-b 4097" "-n 0" "-n 18446744073709551615k" "-n +1" \
		   "-t 0" "-t 1s" "-t -1" "-t nan" "-t 1e10" "--wait 0" \
		   "--ring -1" "--ring 64" "--sources 0" "--sources 65" \
		   "--port a234567890123456" "-R a234567890123456"; do
		# shellcheck disable=SC2086 # option and value
		check_fails "refused: $arg" 1 ": not acceptable" gen send $arg
	done
	# What is accepted gets as far as to the interface, which is not there.
	for arg in "-r 1" "-r 1k" "-r 1M" "-r 1G" "-p 60" "-p 65535" "-b 4096" \
		   "-n 18446744073709551615" "-n 18446744073709551k" "-t .5" \
		   "-t 1e3" "-B -c -m -s -i -j" "--count 1k --time 2 --rate=3"; do
		# shellcheck disable=SC2086
		check_fails "accepted: $arg" 2 "interface none: No such" gen send -R none $arg
	done
	check_fails "recv ignores -r" 2 "interface none" gen recv -r 5 -R none
}

# The socket backends, between two network namespaces and a relay

setup_netns()
{
	local ns

	[ "$(id -u)" -eq 0 ] || { why="not root"; return 1; }
	for ns in a r b; do
		ip netns add $NS-$ns 2> /dev/null || { why="no ip netns"; return 1; }
		ip netns exec $NS-$ns sh -c \
			'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6' 2> /dev/null
	done
	ip -n $NS-a link add eth0 address 02:00:00:00:00:01 type veth \
		peer name eth0 netns $NS-b address 02:00:00:00:00:02 2> /dev/null &&
	ip -n $NS-a link add eth1 address 02:00:00:00:00:01 type veth \
		peer name in netns $NS-r 2> /dev/null &&
	ip -n $NS-b link add eth1 address 02:00:00:00:00:02 type veth \
		peer name out netns $NS-r 2> /dev/null || { why="no veth"; return 1; }
	ip -n $NS-a addr add 192.0.2.1/24 dev eth0
	ip -n $NS-b addr add 192.0.2.2/24 dev eth0
	ip -n $NS-a neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev eth0
	for ns in "a eth0" "a eth1" "b eth0" "b eth1" "r in" "r out"; do
		ip -n $NS-${ns% *} link set ${ns#* } up
	done
}

# transfer COUNT OPTIONS: COUNT frames from a to b, at a rate that leaves time
# for others on the machine. Leaves JSON in $TMP/send and $TMP/recv, and the
# receiver's exit status in $status.
transfer()
{
	local count=$1 pid
	shift

	in_ns b recv -i -s -j --wait 5 "$@" > "$TMP/recv" 2> "$TMP/err" &
	pid=$!
	sleep 0.3
	in_ns a send -i -s -j -r 20k -n "$count" "$@" > "$TMP/send" 2>> "$TMP/err" &
	wait $!
	wait $pid
	status=$?
}

# field FILE NAME: a number or word of a JSON object
field()
{
	grep -o "\"$2\":[a-z0-9.]*" "$TMP/$1" | head -n 1 | cut -d : -f 2
}

numbers()
{
	local name

	for name in lost duplicate reordered corrupt; do
		echo "$name=$(field recv $name)"
	done | paste -s -d ' '
}

test_backends()
{
	local opts

	for opts in "-R eth0" "-R eth0 -m" "-R eth0 -B" "-R eth0 -B -m -p 60 -b 7" \
		    "-R eth0 -m -p 1514 -c" "" "-m" "-B" "-B -m -p 60" \
		    "-m -p 1500" "-p 9000 -b 1"; do
		# shellcheck disable=SC2086
		transfer 10000 $opts
		check_eq "transfer ${opts:-udp}" \
			"$status $(field send frames) $(field recv frames) $(numbers)" \
			"0 10000 10000 lost=0 duplicate=0 reordered=0 corrupt=0" ||
			ktap_diag "$(cat "$TMP/err")"
	done
	check_eq "JSON" "$(tr '\n' , < "$TMP/send" | sed 's/,$//' |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["backend"])')" udp
}

test_filter()
{
	local pid

	# To another MAC address, then to us, without integrity.
	in_ns b recv -s -j -R eth0 -n 500 > "$TMP/recv" &
	pid=$!
	sleep 0.3
	# shellcheck disable=SC2086
	ip netns exec $NS-a "$GEN" send $A 192.0.2.2 02:00:00:00:00:03 \
		-R eth0 -n 100 -r 10k -s > /dev/null
	# shellcheck disable=SC2086
	ip netns exec $NS-a "$GEN" send $A 192.0.2.3 02:00:00:00:00:02 \
		-R eth0 -n 30 -r 10k -s > /dev/null
	in_ns a send -R eth0 -n 500 -r 10k -s > /dev/null &
	wait $! $pid
	check_eq "frames for others" "$(field recv frames) $(field recv other)" "500 130"
}

test_endings()
{
	local pid

	in_ns b recv -s -j -R eth0 > "$TMP/recv" &
	pid=$!
	in_ns a send -R eth0 -r 1k > "$TMP/out" &
	PIDS+=($!)
	sleep 2.5
	kill -INT $! 2> /dev/null
	wait $!
	check_eq "SIGINT: exit" $? 0
	check_eq "SIGINT: lines" "$(grep -c '^attempted .* pps .* Mb/s' "$TMP/out") \
$(grep -c '^total: attempted' "$TMP/out")" "2 1"
	# Not timeout's process, but its child.
	kill -TERM $pid
	wait $pid
	check "SIGTERM: summary" grep -q '"app":"recv".*"frames":[1-9]' "$TMP/recv"

	in_ns b recv -i -s -R eth0 -t 0.2 > "$TMP/recv" &
	wait $!
	check_eq "nothing came" "$?" 3
	check "nothing came: says so" grep -q incomplete "$TMP/recv"
	in_ns a send -s -j -R eth0 -r 10k -b 10 -t 1 > "$TMP/send" &
	wait $!
	check "-t and -r" awk -v n="$(field send frames)" 'BEGIN { exit !(n > 9000 && n <= 10010) }'
}

test_faults()
{
	local fault expected opts="-R eth1 -r 5k"

	while read -r fault expected; do
		ip netns exec $NS-r "$HERE/relay.py" in out ${fault//,/ } > "$TMP/relay" &
		PIDS+=($!)
		for _ in {1..50}; do
			[ -s "$TMP/relay" ] && break
			sleep 0.1
		done
		# shellcheck disable=SC2086
		transfer 5000 $opts
		kill $! "${PIDS[-1]}" 2> /dev/null
		wait "${PIDS[-1]}" 2> /dev/null
		check_eq "faults found: $fault" "$status $(numbers)" "$expected"
	done <<-FAULTS
		none 0 lost=0 duplicate=0 reordered=0 corrupt=0
		drop 3 lost=50 duplicate=0 reordered=0 corrupt=0
		duplicate 3 lost=0 duplicate=50 reordered=0 corrupt=0
		reorder 3 lost=0 duplicate=0 reordered=50 corrupt=0
		corrupt 3 lost=50 duplicate=0 reordered=0 corrupt=50
		drop,duplicate,reorder,corrupt 3 lost=100 duplicate=50 reordered=50 corrupt=50
	FAULTS
}

# The ring backend, linked to a library that pretends

test_fake_ring()
{
	local fake=$TMP/fake size frame pid

	if ! make -s -C "$HERE/.." fake FAKE="$fake" > "$TMP/make" 2>&1; then
		ktap_not_ok "fake port: $(tail -n 1 "$TMP/make")"
		return
	fi
	for size in 2048 256; do
		for frame in 60 64 256 257 1500 5000 9000; do
			# More slots than the fake ring has.
			[ $((frame / size)) -lt 36 ] || continue
			# shellcheck disable=SC2086
			FAKE_BUF_SIZE=$size timeout 30 "$fake" recv $B $A -i -s -j \
				--port $NS-1 > "$TMP/recv" 2> "$TMP/err" &
			pid=$!
			sleep 0.3
			# shellcheck disable=SC2086
			FAKE_BUF_SIZE=$size timeout 30 "$fake" send $A $B -i -s -j \
				--port $NS-0 -p $frame -n 5000 -b 13 > "$TMP/send" 2>> "$TMP/err"
			wait $pid
			check_eq "ring: frames of $frame, buffers of $size" "$? \
$(field recv frames) $(field recv bytes) $(numbers)" "0 \
5000 $((5000 * frame)) lost=0 duplicate=0 reordered=0 corrupt=0" ||
				ktap_diag "$(cat "$TMP/err")"
		done
	done
}

# From fake port 0 by 1, then 2, to 3. Its numbers are what the fake knows: 0
# talks to 1, and 2 to 3.
test_fake_forward()
{
	local fake=$TMP/fake frame sizes opts recv fwd

	[ -x "$fake" ] || { ktap_skip "fake forward" "not built"; return; }
	while read -r sizes frame opts; do
		# shellcheck disable=SC2086
		FAKE_BUF_SIZE=2048 timeout 30 "$fake" recv $B $A -i -s -j \
			--port $NS-3 > "$TMP/recv" 2> "$TMP/err" &
		recv=$!
		# shellcheck disable=SC2086
		FAKE_BUF_SIZE=$sizes timeout 30 "$fake" forward --in $NS-1 --out $NS-2 \
			-s -j -b 9 --wait 1 $opts > "$TMP/fwd" 2>> "$TMP/err" &
		fwd=$!
		sleep 0.3
		# shellcheck disable=SC2086
		FAKE_BUF_SIZE=512 timeout 30 "$fake" send $A $B -i -s -j \
			--port $NS-0 -p $frame -n 5000 -b 13 > "$TMP/send" 2>> "$TMP/err"
		wait $fwd
		check_eq "forward: frames of $frame, buffers of $sizes${opts:+, $opts}" "$? \
$(field fwd frames) $(field fwd dropped) $(field fwd bytes)" "0 5005 0 $((5005 * frame))" ||
			ktap_diag "$(cat "$TMP/err")"
		wait $recv
		check_eq "forward: they arrive" "$? $(field recv frames) $(numbers)" "0 \
5000 lost=0 duplicate=0 reordered=0 corrupt=0"
	done <<-CASES
		2048 60
		256 60
		256 1500
		2048 5000
		256 5000
		512 64 -i --dst 02:00:00:00:00:02 --src 02:00:00:00:00:07
		256 3000 -i --dst 02:00:00:00:00:02 --src 02:00:00:00:00:07
	CASES
}

ktap_begin
[ -x "$GEN" ] || ktap_skip_all "vsw-gen is not built"
test_usage
test_forward_usage
test_values
if setup_netns; then
	test_backends
	test_filter
	test_endings
	test_faults
else
	ktap_skip "socket backends" "$why"
fi
test_fake_ring
test_fake_forward
ktap_finish
