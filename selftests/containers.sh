# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Real LXC containers, in memory: busybox, the host's libraries and vsw's tools.
# Sourced after lib.sh.
#
#   lxc_start NAME [unprivileged]   start one, ended when the test ends; with
#                                   /dev/vsw, without any network interface
#   lxc_stop NAME                   end it
#   lxc_begin NAME                  start it again
#   lxc_bring NAME CMD...           copy programs of the host into it
#   lxc_pid NAME                    its first process
#   lxc_run NAME CMD...             run CMD in it, as its root
#   lxc_bg VAR FILE NAME CMD...     start CMD in it, as bg does
#   lxc_kill NAME                   end all but its first process
#   lxc_cgroup NAME                 its cgroup
#
# The names of containers are those that LXC sees: call them vsw-... Which network
# interfaces one has when it starts say the lines of lxc_net: none.

need lxc-start lxc
need busybox busybox-static

# Of the unprivileged ones; run.sh of the lab allows these.
LXC_FIRST_ID=100000

lxc_dir=
lxc_net="lxc.net.0.type = empty"

lxc_prepare()
{
	[ -z "$lxc_dir" ] || return 0
	[ -e /sys/fs/cgroup/cgroup.controllers ] ||
		ktap_skip_all "needs cgroup v2"
	tmpdir lxc_dir
	# Root of a container goes through it.
	must chmod 755 "$lxc_dir"
}

lxc_rootfs()
{
	local root=$1

	mkdir -p "$root"/{bin,dev,proc,sys,tmp,usr/bin,usr/lib,usr/lib64,vsw} &&
		ln -s usr/lib "$root/lib" &&
		ln -s usr/lib64 "$root/lib64" &&
		cp "$(command -v busybox)" "$root/bin/busybox" &&
		ln -s busybox "$root/bin/sh" &&
		cp "$(command -v vsw-gen)" "$(command -v vswctl)" "$root/usr/bin"
}

lxc_config()
{
	local name=$1 kind=$2

	cat <<-CONFIG
		lxc.include = /usr/share/lxc/config/common.conf
		lxc.uts.name = $name
		lxc.rootfs.path = dir:$lxc_dir/$name/rootfs
		lxc.init.cmd = /bin/busybox sleep 1000000
		lxc.mount.entry = /usr/lib usr/lib none ro,bind 0 0
		lxc.mount.entry = /usr/lib64 usr/lib64 none ro,bind 0 0
		lxc.mount.entry = /dev/vsw dev/vsw none bind,create=file 0 0
		lxc.cgroup2.devices.allow = c $(stat -c '%Hr:%Lr' /dev/vsw) rw
	CONFIG
	[ "$kind" = privileged ] || cat <<-CONFIG
		lxc.include = /usr/share/lxc/config/userns.conf
		lxc.idmap = u 0 $LXC_FIRST_ID 65536
		lxc.idmap = g 0 $LXC_FIRST_ID 65536
	CONFIG
	echo "$lxc_net"
}

lxc_stop()
{
	[ "$(lxc-info -P "$lxc_dir" -n "$1" -sH)" != STOPPED ] || return 0
	lxc-stop -P "$lxc_dir" -n "$1" -k
}

lxc_start()
{
	local name=$1 kind=${2:-privileged} dir

	lxc_prepare
	dir=$lxc_dir/$name
	must mkdir "$dir"
	must lxc_rootfs "$dir/rootfs"
	lxc_config "$name" "$kind" > "$dir/config"
	if [ "$kind" = unprivileged ]; then
		must chown -R $LXC_FIRST_ID:$LXC_FIRST_ID "$dir"
	fi
	defer lxc_stop "$name"
	must lxc_begin "$name"
}

lxc_begin()
{
	if ! lxc-start -P "$lxc_dir" -n "$1" -o "$lxc_dir/$1/log" 2> /dev/null; then
		ktap_diag "$(cat "$lxc_dir/$1/log")"
		return 1
	fi
	lxc-wait -P "$lxc_dir" -n "$1" -s RUNNING -t 60
}

lxc_bring()
{
	local name=$1 cmd

	shift
	for cmd; do
		must cp "$(command -v "$cmd")" "$lxc_dir/$name/rootfs/usr/bin"
	done
}

lxc_pid()
{
	lxc-info -P "$lxc_dir" -n "$1" -pH
}

lxc_run()
{
	local name=$1

	shift
	lxc-attach -P "$lxc_dir" -n "$name" --clear-env \
		--set-var PATH=/usr/bin:/bin -- "$@"
}

lxc_bg()
{
	local var=$1 file=$2 name=$3

	shift 3
	bg "$var" "$file" lxc-attach -P "$lxc_dir" -n "$name" --clear-env \
		--set-var PATH=/usr/bin:/bin -- "$@"
}

lxc_cgroup()
{
	echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(lxc_pid "$1")/cgroup")"
}

# To end lxc-attach would leave behind what it has started.
lxc_kill()
{
	local first

	first=$(lxc_pid "$1")
	find "$(lxc_cgroup "$1")" -name cgroup.procs -exec cat {} + |
		grep -vx "$first" | xargs -r kill -KILL
}
