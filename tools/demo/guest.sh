#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo: two LXC containers with a ring port of a vsw switch each, and two
# with a veth on a Linux bridge each. The same generator sends frames from the
# one to the other as fast as it can, and the receiver's rate is what counts.
#
# Run by demo.sh, as root, in a virtual machine that is thrown away afterwards.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$(realpath "$0")")/../.."
PATH=$PWD/tools/vswctl:$PATH

SIZES="64 1500"

# The two take turns, and the best round of each counts: what else the machine
# has to do can only take away from a rate. A receiver that has to wait for its
# processor loses what its ring or socket has no room for.
ROUNDS=3
SECONDS_EACH=1

# Frames of a burst: what suits each side best. A ring takes 256 frames with one
# system call; sendmmsg gains nothing from more than 64.
VSW_OPTIONS="--port eth0 -b 256"
BRIDGE_OPTIONS="-R eth0 -m -b 64"

# Containers, in memory.
LXC=/tmp/vsw-demo
mkdir -p $LXC

mac()
{
	echo "02:00:00:00:00:0${1#c}"
}

# "IP MAC" of a container, as vsw-gen wants it
addresses()
{
	echo "192.0.2.${1#c} $(mac "$1")"
}

# A root file system with busybox, and the host's libraries for vsw-gen.
make_rootfs()
{
	local root=$1

	mkdir -p "$root"/{bin,dev,proc,sys,tmp,usr/bin,usr/lib,usr/lib64}
	ln -s usr/lib "$root/lib"
	ln -s usr/lib64 "$root/lib64"
	cp "$(command -v busybox)" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
}

# start_container NAME CPU, with what is specific to it on standard input. Each
# has a processor: a sender that never sleeps and its receiver on the same one
# would measure the scheduler.
start_container()
{
	local name=$1 cpu=$2 dir=$LXC/$1

	make_rootfs "$dir/rootfs"
	cat > "$dir/config" <<-CONFIG
		lxc.include = /usr/share/lxc/config/common.conf
		lxc.uts.name = $name
		lxc.rootfs.path = dir:$dir/rootfs
		lxc.cgroup2.cpuset.cpus = $cpu
		lxc.init.cmd = /bin/busybox sleep 1000000
		lxc.mount.entry = /usr/lib usr/lib none ro,bind 0 0
		lxc.mount.entry = /usr/lib64 usr/lib64 none ro,bind 0 0
		lxc.mount.entry = $PWD/tools/vsw-gen/vsw-gen usr/bin/vsw-gen none ro,bind,create=file 0 0
	CONFIG
	# Behind the include, which forbids all devices but the usual ones.
	cat >> "$dir/config"
	lxc-start -P $LXC -n "$name" -o "$dir/log" || { cat "$dir/log"; return 1; }
	lxc-wait -P $LXC -n "$name" -s RUNNING -t 10
}

# A container without any interface, which may use /dev/vsw. Its port appears
# in its network namespace, under a name that the namespace owns. Its rings are as
# long as rings may be, to bridge the time in which a receiver does not run; the
# sockets of the others have a buffer of 16 MB for that. When they are full all
# the same, the sender waits; a bridge cannot do that, and drops.
start_vsw_container()
{
	local name=$1 cpu=$2 pid

	start_container "$name" "$cpu" <<-CONFIG
		lxc.net.0.type = empty
		lxc.mount.entry = /dev/vsw dev/vsw none bind,create=file 0 0
		lxc.cgroup2.devices.allow = c $(stat -c '%Hr:%Lr' /dev/vsw) rw
	CONFIG
	pid=$(lxc-info -P $LXC -n "$name" -pH)
	vswctl port add eth0 switch s0 slots 4096 on-full block netns "$pid"
}

# A container with one end of a veth; lxc puts the other one into the bridge.
start_bridge_container()
{
	local name=$1 cpu=$2

	start_container "$name" "$cpu" <<-CONFIG
		lxc.net.0.type = veth
		lxc.net.0.link = br0
		lxc.net.0.name = eth0
		lxc.net.0.hwaddr = $(mac "$name")
		lxc.net.0.flags = up
	CONFIG
}

# receive TO FROM OPTIONS: vsw-gen recv in a container
receive()
{
	local to=$1 from=$2
	shift 2

	# shellcheck disable=SC2046 # two words each
	lxc-attach -P $LXC -n "$to" -- vsw-gen recv $(addresses "$to") \
		$(addresses "$from") "$@"
}

# transmit FROM TO OPTIONS: vsw-gen send in a container
transmit()
{
	local from=$1 to=$2
	shift 2

	# shellcheck disable=SC2046 # two words each
	lxc-attach -P $LXC -n "$from" -- vsw-gen send $(addresses "$from") \
		$(addresses "$to") "$@"
}

# measure FROM TO SIZE OPTIONS: send for some seconds; prints frames per second
# at the receiver.
measure()
{
	local from=$1 to=$2 size=$3 out=$LXC/$2/result receiver pps
	shift 3

	receive "$to" "$from" "$@" -s -j --wait 1 > "$out" &
	receiver=$!
	sleep 1
	transmit "$from" "$to" "$@" -s -j -p "$size" -t $SECONDS_EACH > "$out.send"
	wait $receiver
	pps=$(jq .pps "$out")
	if [ "$pps" -eq 0 ]; then
		echo "nothing arrived from $from at $to" >&2
		return 1
	fi
	echo "$pps"
}

compare()
{
	local size=$1 vsw=0 bridge=0 pps round

	for ((round = 0; round < ROUNDS; round++)); do
		# shellcheck disable=SC2086 # options
		pps=$(measure c1 c2 "$size" $VSW_OPTIONS)
		vsw=$((pps > vsw ? pps : vsw))
		# shellcheck disable=SC2086
		pps=$(measure c3 c4 "$size" $BRIDGE_OPTIONS)
		bridge=$((pps > bridge ? pps : bridge))
	done
	awk -v size="$size" -v vsw="$vsw" -v bridge="$bridge" 'BEGIN {
		printf "%d B: vsw %d pps, veth+bridge %d pps, ratio %.1f\n",
			size, vsw, bridge, vsw / bridge
	}'
}

show()
{
	echo
	echo "# $*"
	"$@"
}

insmod kernel/vsw.ko
vswctl switch add s0
start_vsw_container c1 0
start_vsw_container c2 1

modprobe bridge
ip link add br0 type bridge
ip link set br0 up
start_bridge_container c3 0
start_bridge_container c4 1

echo "c1 -> c2 through vsw:         vsw-gen $VSW_OPTIONS"
echo "c3 -> c4 through veth+bridge: vsw-gen $BRIDGE_OPTIONS (sendmmsg, recvmmsg)"
echo "frames per second at the receiver, best of $ROUNDS rounds of $SECONDS_EACH s each:"
for size in $SIZES; do
	compare "$size"
done

# While traffic runs, and each frame of it is proved to arrive once, in order and
# unchanged.
receive c2 c1 --port eth0 -s -i > $LXC/proof &
receiver=$!
sleep 0.5
transmit c1 c2 --port eth0 -s -i -r 5k -t 2 > /dev/null &
sender=$!
sleep 1
show vswctl -s port show
show vswctl fdb show
wait $sender
status=0
wait $receiver || status=$?
show cat $LXC/proof
exit $status
