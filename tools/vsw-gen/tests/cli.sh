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
	*send | *client) "$GEN" "$app" $A $B "$@" ;;
	*recv | *server) "$GEN" "$app" $B $A "$@" ;;
	esac
}

in_ns()
{
	local ns=$NS-$1 app=$2
	shift 2
	# shellcheck disable=SC2086 # two words each
	case $app in
	send | client) exec ip netns exec $ns timeout 60 "$GEN" "$app" $A $B "$@" ;;
	recv | server) exec ip netns exec $ns timeout 60 "$GEN" "$app" $B $A "$@" ;;
	esac
}

# until_ok CMD...: until it succeeds, or for a minute
until_ok()
{
	local i

	for ((i = 0; i < 1200; i++)); do
		"$@" > /dev/null 2>&1 && return
		sleep 0.05
	done
	ktap_diag "never: $*"
	return 1
}

# listens NAMESPACE OPTION...: a receiver with these options is there
listens()
{
	local ns=$NS-$1
	shift

	case $* in
	*--xdp*) ip -n "$ns" link show | grep -q 'xdp' ;;
	*-R*)	ip netns exec "$ns" cat /proc/net/packet | grep -q ' 0800 ' ;;
	*)	ip netns exec "$ns" cat /proc/net/udp | grep -q ':4E20 ' ;;
	esac
}

fake_listens()
{
	grep -q "@$NS-$1\$" /proc/net/unix
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

# What stands behind "--" says how frames are moved, and no more.
test_dashes()
{
	local ports="--in none --out none"

	# shellcheck disable=SC2086 # two words each
	check_fails "options before and behind --" 2 "interface none: No such" \
		"$GEN" send $A -r 1M -b 32 $B -- -R none
	check_fails "a ring port behind --" 2 "port none|/dev/vsw" \
		gen recv -s -- --port none --ring 1 --direct
	check_fails "nothing behind --" 2 "interface none" gen send -R none --
	check_fails "a rate behind --" 1 "may stand behind --" gen send -- -r 1
	check_fails "an unknown option behind --" 1 "unrecognized option" \
		gen send -- --vdev=net_pcap0
	check_fails "a word behind --" 1 "no such word: port" gen send -- port
	# shellcheck disable=SC2086
	check_fails "addresses behind --" 1 "no such word: 192.0.2.1" "$GEN" send -- $A $B
	# shellcheck disable=SC2086
	check_fails "forward: a word behind --" 1 "no such word: x" "$GEN" fwd $ports -- x
}

# As a link, and as the first word
test_names()
{
	local app

	for app in send recv client server; do
		ln -sf "$GEN" "$TMP/bin/$app"
		ln -sf "$GEN" "$TMP/bin/vsw-$app"
		# shellcheck disable=SC2086 # two words each
		check_fails "a link named $app" 2 "^vsw-gen $app: interface none" \
			"$TMP/bin/$app" $A $B -R none
		# shellcheck disable=SC2086
		check_fails "a link named vsw-$app" 1 "^vsw-gen $app: want a ring port" \
			"$TMP/bin/vsw-$app" $A $B -R none
		check_fails "vsw-$app" 1 "^vsw-gen $app: want a ring port" \
			gen vsw-$app -R none
		check_fails "vsw-$app ignores -R, -B, -m" 2 "port none|/dev/vsw" \
			gen vsw-$app --port none -R none -B -m
	done
	check_fails "vsw-gen is no name of an app" 1 "^Usage:" "$GEN" vsw-gen
	check_fails "fwd is forward" 1 "^vsw-gen forward: want two ports" "$GEN" fwd
}

# Each app knows each flag, also those that it ignores
test_flags()
{
	local app flags="-r 1M -p 128 -b 32 -R none -B -c -m -s"

	for app in send recv client server; do
		# shellcheck disable=SC2086 # options and values
		check_fails "$app $flags" 2 "interface none: No such" gen $app $flags
	done
	for app in client server; do
		check_fails "$app -i" 1 "send and recv only" gen $app -i -R none
	done
}

test_backend_usage()
{
	check_fails "--mmap alone" 1 "wants an interface" gen send --mmap
	check_fails "--xdp and -R" 1 "not together" gen send --xdp none -R none
	check_fails "--xdp and --port" 1 "not together" gen send --xdp none --port none
	check_fails "--mmap: no such interface" 2 "interface none: No such" \
		gen recv -R none --mmap
	check_fails "--xdp: no such interface" 2 "interface none: No such|libxdp-dev" \
		gen recv --xdp none
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
		   "--threads 0" "--threads 3" "--port a234567890123456" \
		   "-R a234567890123456" "--xdp a234567890123456"; do
		# shellcheck disable=SC2086 # option and value
		check_fails "refused: $arg" 1 ": not acceptable" gen send $arg
	done
	# What is accepted gets as far as to the interface, which is not there.
	for arg in "-r 1" "-r 1k" "-r 1M" "-r 1G" "-p 60" "-p 65535" "-b 4096" \
		   "-n 18446744073709551615" "-n 18446744073709551k" "-t .5" \
		   "-t 1e3" "-B -c -m -s -i -j" "--count 1k --time 2 --rate=3" \
		   "--threads 2"; do
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
	until_ok listens b "$@"
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

# No more frames than the buffers or the ring of a receiver hold, for it may not run
# for a while.
test_backends()
{
	local count opts

	while read -r count opts; do
		# shellcheck disable=SC2086
		transfer $count $opts
		check_eq "transfer ${opts:-udp}" \
			"$status $(field send frames) $(field recv frames) $(numbers)" \
			"0 $count $count lost=0 duplicate=0 reordered=0 corrupt=0" ||
			ktap_diag "$(cat "$TMP/err")"
	done <<-CASES
		10000 -R eth0
		10000 -R eth0 -m
		10000 -R eth0 -B
		10000 -R eth0 -B -m -p 60 -b 7
		10000 -R eth0 -m -p 1514 -c
		2000 -R eth0 --mmap
		2000 -R eth0 --mmap -p 60 -b 7
		2000 -R eth0 --mmap -p 1514 -b 3000 -c
		10000
		10000 -m
		10000 -B
		10000 -B -m -p 60
		10000 -m -p 1500
		1000 -p 9000 -b 1
		$([ -z "$no_xdp" ] && printf '%s\n' "2000 --xdp eth0" \
			"2000 --xdp eth0 -p 60 -b 7" "2000 --xdp eth0 -p 1514 -b 3000 -c")
	CASES
	check_eq "JSON" "$(jq -r .backend "$TMP/send")" \
		"$([ -z "$no_xdp" ] && echo xdp || echo udp)"
}

# answered OPTION...: what a client and a server have counted; 2000 requests
answered()
{
	local pid

	in_ns b server -s -j "$@" > "$TMP/server" 2> "$TMP/err" &
	pid=$!
	until_ok listens b "$@"
	in_ns a client -s -j -r 10k -n 2000 --wait 30 "$@" > "$TMP/client" 2>> "$TMP/err" &
	wait $!
	echo "exit $?"
	kill $pid
	wait $pid
	echo "exit $?"
	jq -c '[.app, .attempted, .dropped, .frames, .returned, .lost, .duplicate,
		.reordered]' "$TMP/client"
	jq -c '[.app, .attempted, .dropped, .frames]' "$TMP/server"
}

# Whatever the latency is: there is one of each answer, and percentiles grow.
latency_is_sound()
{
	jq -e '.returned as $n | .latency_ns | .count == $n and .min > 0 and
		(.mean >= .min and .mean <= .max) and
		([.min, .p50, .p90, .p99, ."p99.9", .max] | . == sort)' "$TMP/client"
}

test_round_trips()
{
	local opts

	while read -r opts; do
		# shellcheck disable=SC2086
		check_eq "round trips ${opts:-udp}" "$(answered $opts | paste -s -d ' ')" \
			'exit 0 exit 0 ["client",2000,0,2000,2000,0,0,0] ["server",2000,0,2000]' ||
			ktap_diag "$(cat "$TMP/err")"
		check "latency" latency_is_sound
	done <<-CASES

		-m
		-B --threads 2
		-B -m -p 1500 -b 16 -c
		-R eth0
		-R eth0 -m --threads 2
		-R eth0 -B -m -p 60 -b 7
		-R eth0 --mmap
		-R eth0 --mmap --threads 2 -p 1514 -c
		$([ -z "$no_xdp" ] && printf '%s\n' "--xdp eth0" \
			"--xdp eth0 --threads 2 -p 1514 -c")
	CASES
}

test_no_answers()
{
	in_ns a client -s -j -R eth0 -n 100 --wait 0.5 > "$TMP/client" &
	wait $!
	check_eq "nobody answers" "$? $(jq -c '[.frames, .returned, .lost, .latency_ns.count,
		.latency_ns.max]' "$TMP/client")" "0 [100,0,100,0,0]"
}

# Numbers of processor time, and their bounds: no more than there are processors
test_cpu()
{
	in_ns a send -s -j -R eth0 -n 20k -b 8 > "$TMP/send" &
	wait $!
	check "processor time" jq -e --argjson cpus "$(nproc)" \
		'.cpu_seconds > 0 and .cpu_user + .cpu_system > 0 and
		 .cpu_user + .cpu_system <= .cpu_seconds * $cpus + 0.1' "$TMP/send"
}

# vanishes APP OPTION...: its interface is deleted while it runs
vanishes()
{
	local app=$1 pid
	shift

	rm -f "$TMP/err"
	ip -n $NS-a link add gone0 type veth peer name gone1
	ip -n $NS-a link set gone1 up
	ip -n $NS-a link set gone0 up
	in_ns a "$app" -j -r 1k "$@" > "$TMP/out" 2> "$TMP/err" &
	pid=$!
	# It has printed its first line, or is there.
	case $app in
	server)	until_ok listens a "$@" ;;
	*)	until_ok test -s "$TMP/err" ;;
	esac
	ip -n $NS-a link del gone0
	wait $pid
	echo "exit $?"
	grep -o 'cannot .* through interface gone0: .*' "$TMP/err" | cut -d : -f 1 | uniq
	jq -r '.app' "$TMP/out"
}

test_vanishing()
{
	local app verb opts

	while read -r app verb opts; do
		# shellcheck disable=SC2086
		check "$app $opts: the interface vanishes" grep -Ex \
			"exit 2 cannot $verb through interface gone0 $app" \
			<<< "$(vanishes $app $opts | paste -s -d ' ')" ||
			ktap_diag "$(cat "$TMP/err")"
	done <<-CASES
		send send -R gone0
		recv receive -R gone0 -B
		client (send|receive) -R gone0 -m
		server (answer|receive) -R gone0
		recv receive -R gone0 --mmap
		client (send|receive) -R gone0 --mmap --threads 2
		$([ -z "$no_xdp" ] && printf '%s\n' "send send --xdp gone0" \
			"recv receive --xdp gone0")
	CASES
}

test_refused()
{
	check_fails "no CAP_NET_RAW" 2 "CAP_NET_RAW is needed" \
		ip netns exec $NS-a setpriv --bounding-set -net_raw \
		"$GEN" send 192.0.2.1 02:00:00:00:00:01 192.0.2.2 02:00:00:00:00:02 -R eth0
	check_fails "a frame longer than the MTU" 2 "eth0 has MTU 1500" \
		ip netns exec $NS-a "$GEN" send 192.0.2.1 02:00:00:00:00:01 \
		192.0.2.2 02:00:00:00:00:02 -R eth0 --mmap -p 1519
	check_fails "nowhere to write the summary" 2 "cannot write the summary" \
		ip netns exec $NS-a sh -c "$GEN send 192.0.2.1 02:00:00:00:00:01 \
		192.0.2.2 02:00:00:00:00:02 -R eth0 -n 1 -s -j > /dev/full"
}

test_filter()
{
	local pid

	# To another MAC address, then to us, without integrity.
	in_ns b recv -s -j -R eth0 -n 500 > "$TMP/recv" &
	pid=$!
	until_ok listens b -R eth0
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

# What it has got, and how long that took
client_line()
{
	in_ns a client -R eth0 -r 1k --wait 0.1 > "$TMP/out" &
	PIDS+=($!)
	until_ok grep -Ex 'returned 0  0 pps  mean 0.0 us' "$TMP/out"
	kill -INT $!
	wait $!
	grep '^answers: returned 0 lost [1-9]' "$TMP/out"
}

test_endings()
{
	local pid

	in_ns b recv -s -j -R eth0 > "$TMP/recv" &
	pid=$!
	in_ns a send -R eth0 -r 1k > "$TMP/out" &
	PIDS+=($!)
	until_ok eval '[ "$(grep -c "^attempted .* pps .* Mb/s" "$TMP/out")" -ge 2 ]'
	kill -INT $! 2> /dev/null
	wait $!
	check_eq "SIGINT: exit" $? 0
	check_eq "SIGINT: the summary, once" "$(grep -c '^total: attempted' "$TMP/out")" 1
	check "a line of a client" client_line
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
	check "-t and -r: no more than that" awk -v n="$(field send frames)" 'BEGIN { exit !(n > 0 && n <= 10010) }'
}

test_faults()
{
	local fault expected opts="-R eth1 -r 5k"

	while read -r fault expected; do
		rm -f "$TMP/relay"
		ip netns exec $NS-r "$HERE/relay.py" in out ${fault//,/ } > "$TMP/relay" &
		PIDS+=($!)
		until_ok test -s "$TMP/relay"
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
			until_ok fake_listens 1
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

# A client and a server, on two fake ports
test_fake_round_trips()
{
	local fake=$TMP/fake size opts server

	[ -x "$fake" ] || { ktap_skip "fake round trips" "not built"; return; }
	while read -r size opts; do
		# shellcheck disable=SC2086
		FAKE_BUF_SIZE=$size timeout 60 "$fake" server $B $A -s -j \
			--port $NS-1 $opts > "$TMP/server" 2> "$TMP/err" &
		server=$!
		until_ok fake_listens 1
		# shellcheck disable=SC2086
		FAKE_BUF_SIZE=$size timeout 60 "$fake" client $A $B -s -j --wait 30 \
			--port $NS-0 -n 5000 $opts > "$TMP/client" 2>> "$TMP/err"
		check_eq "ring: round trips, buffers of $size $opts" "$? \
$(jq -c '[.returned, .lost, .duplicate, .reordered]' "$TMP/client")" "0 [5000,0,0,0]" ||
			ktap_diag "$(cat "$TMP/err")"
		check "ring: latency" latency_is_sound
		kill $server
		wait $server
		check_eq "ring: the server" "$? $(jq -c '[.frames, .dropped]' "$TMP/server")" \
			"0 [5000,0]"
	done <<-CASES
		2048 -b 13
		2048 -b 13 -p 60 --threads 2
		256 -b 5 -p 1500 -c
		256 -b 64 -p 5000 --threads 2
	CASES
}

# Built without its packages, it says which ones.
test_no_xdp()
{
	local bare=$TMP/bare

	if ! make -s -C "$HERE/.." fake FAKE="$bare" XDP=no_xdp > "$TMP/make" 2>&1; then
		ktap_not_ok "without AF_XDP: $(tail -n 1 "$TMP/make")"
		return
	fi
	# shellcheck disable=SC2086 # two words each
	check_fails "built without AF_XDP" 2 "libxdp-dev and libbpf-dev" \
		"$bare" send $A $B --xdp lo
	check_eq "and without its libraries" "$(ldd "$bare" | grep -cE 'libxdp|libbpf')" 0
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
		until_ok fake_listens 3
		until_ok fake_listens 2
		until_ok fake_listens 1
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

# Whether it cannot be tried, and why
xdp_refused()
{
	gen send --xdp none 2>&1 | grep -o 'AF_XDP: built without.*'
}

ktap_begin
[ -x "$GEN" ] || ktap_skip_all "vsw-gen is not built"
command -v jq > /dev/null || ktap_skip_all "install jq"
no_xdp=$(xdp_refused)
[ -z "$no_xdp" ] || ktap_skip "AF_XDP" "$no_xdp"
test_usage
test_names
test_dashes
test_flags
test_backend_usage
test_forward_usage
test_values
if setup_netns; then
	test_backends
	test_round_trips
	test_no_answers
	test_cpu
	test_vanishing
	test_refused
	test_filter
	test_endings
	test_faults
else
	ktap_skip "socket backends" "$why"
fi
test_fake_ring
test_fake_round_trips
test_fake_forward
test_no_xdp
ktap_finish
