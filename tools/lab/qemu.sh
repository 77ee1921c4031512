# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034 # variables are shared with run.sh
#
# Which QEMU. TCG before 8.1 does not lock a page of code while it translates it.
# What another processor writes there just then is missed, and the old code run
# ever after: where the kernel patches its own code (static keys), that is an
# int3 which nobody expects, an Oops. Flipping kernel.sched_schedstats under
# traffic does it within a minute. Debian 12 has 7.2, its backports 10.0, which
# runs without being installed. Sourced by run.sh and packages.sh.

qemu_installed="qemu-system-x86_64"
qemu_unpacked=${XDG_CACHE_HOME:-$HOME/.cache}/vsw/lab/qemu

qemu_is_old()
{
	local version

	version=$("$qemu_installed" --version |
		sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
	! printf '%s\n' 8.1 "$version" | sort -VC
}

# qemu_find: sets qemu, a command and its first arguments
qemu_find()
{
	local share=$qemu_unpacked/usr/share

	command -v "$qemu_installed" > /dev/null ||
		die "no $qemu_installed: apt-get install qemu-system-x86"
	qemu=("$qemu_installed")
	if qemu_is_old && [ -d "$qemu_unpacked" ]; then
		# The boot ROMs of network cards are those of the installed one.
		qemu=("$qemu_unpacked/usr/bin/$qemu_installed" -L "$share/qemu"
			-L "$share/seabios" -L /usr/share/qemu)
	fi
}

# qemu_unpack: gets the newer one, if it is needed
qemu_unpack()
{
	qemu_is_old || return 0
	# shellcheck disable=SC1091 # a file of the system
	"$(dirname "${BASH_SOURCE[0]}")/debs.sh" \
		"$(. /etc/os-release; echo "$VERSION_CODENAME-backports")" \
		"$qemu_unpacked" qemu-system-x86 qemu-system-data seabios
}
