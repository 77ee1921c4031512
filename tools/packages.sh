#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The one list of Debian packages that vsw needs.
#
#   tools/packages.sh --list        print it
#   tools/packages.sh --missing     print what is not installed
#   tools/packages.sh --install     install what is missing
#
# A|B stands for B where the release has no A: Debian 12 has 6.12 under its
# version's name, in Debian 13 it is the default kernel. The headers pull in
# the kernel image, which is the one that the lab boots; it needs no boot loader.
# The lab's QEMU may be a newer one, which is unpacked and not installed.

set -u

# shellcheck source-path=SCRIPTDIR source=lab/qemu.sh
. "$(dirname "$0")/lab/qemu.sh"

PACKAGES='
# build
gcc					compiler
libc6-dev				headers
make					make
pkg-config				libraries
linux-headers-6.12-amd64|linux-headers-amd64	kernel
pahole					BTF
kmod					depmod
libmnl-dev				netlink
libjson-c-dev				JSON
libxdp-dev				AF_XDP
libbpf-dev				AF_XDP

# lab
qemu-system-x86				guest
busybox-static				initramfs
cpio					initramfs
gzip					initramfs
xz-utils				modules
zstd					modules

# tests
curl					traffic
iproute2				interfaces
iperf3					traffic
iputils-ping				traffic
ethtool					offloads
tcpdump					packets
jq					JSON
nginx-light				traffic
procps					processes
python3					tests
python3-yaml				specs
wrk					traffic

# demo
lxc					containers
uidmap					unprivileged

# bench-netdev
iperf3					TCP
nginx-light				HTTP
wrk					HTTP

# bench, tests of vsw-perf
gnuplot-nox				plots
openvswitch-switch			switch

# bench-native
bc					kernel
bison					kernel
flex					kernel

# static checks
linux-source-6.12			checkpatch
git					files
perl					checkpatch
g++					C++
sparse					types
codespell				spelling
shellcheck				shell
yamllint				YAML
python3-jsonschema			schema
mandoc					manual
python3-docutils			reStructuredText
'

# One line for each package: its name, or its alternatives.
list()
{
	sed -e 's/#.*//' -e '/^$/d' -e 's/[[:space:]].*//' <<< "$PACKAGES"
}

# Those of the list that have no alternative installed. One dpkg-query for all,
# because make asks before each demo and each check.
missing()
{
	local entry name status

	status=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
		 sed -n 's/^installed / /p' | tr ',\n' '  ')
	for entry in $(list); do
		for name in ${entry//|/ }; do
			[[ $status == *" $name "* ]] && continue 2
		done
		echo "$entry"
	done
}

# The first alternative that the release has.
choose()
{
	local name

	for name in ${1//|/ }; do
		apt-cache show "$name" > /dev/null 2>&1 && break
	done
	echo "$name"
}

install()
{
	local entries

	mapfile -t entries < <(missing)
	if [ ${#entries[@]} -gt 0 ]; then
		install_debs "${entries[@]}" || return
	fi
	qemu_unpack || echo "packages.sh: the lab has to do with an old QEMU" >&2
}

install_debs()
{
	local entry names=()

	if [ "$(id -u)" -ne 0 ]; then
		echo "packages.sh: need root to install: $*" >&2
		return 1
	fi

	apt-get update || return 1
	for entry; do
		names+=("$(choose "$entry")")
	done
	DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "${names[@]}"
}

if ! command -v dpkg-query > /dev/null; then
	echo "packages.sh: not a Debian system; install what --list says by hand" >&2
	[ "${1-}" = --install ] && exit 0
fi

case ${1-} in
--list)		list ;;
--missing)	missing ;;
--install)	install ;;
*)		echo "usage: packages.sh --list | --missing | --install" >&2
		exit 1 ;;
esac
