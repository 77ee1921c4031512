# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with instr.sh, netdev.sh
#
# The guest in which time is the number of instructions. Sourced by instr.sh and
# netdev.sh, which provide die(), bench_dir, work_dir, limit, log, kernel_*,
# initramfs, module, program, and of the profile: profile, plugin, top, inlines.

qemu="qemu-system-x86_64"

guest_tools()
{
	command -v "$qemu" > /dev/null || die "no $qemu: apt-get install qemu-system-x86"
	command -v cpio > /dev/null || die "no cpio: apt-get install cpio"
}

# environment: what else than the module has a say in the figures
environment()
{
	local libc

	libc=$(ldd --version | sed -n '1s/.* //p')
	printf '{"kernel":"%s","qemu":"%s","gcc":"%s","libc":"%s"}\n' \
		"$kernel_version" \
		"$("$qemu" --version | sed -n 's/^QEMU emulator version \([^ ]*\).*/\1/p')" \
		"$(gcc -dumpfullversion)" "$libc"
}

cleanup()
{
	trap - EXIT INT TERM HUP
	if [ -n "${qemu_pid:-}" ]; then
		kill "$qemu_pid" 2> /dev/null || true
		wait "$qemu_pid" 2> /dev/null || true
	fi
	rm -rf "$work_dir"
}

# boot: the guest writes its results, then the kernel's symbols, to debugcon.
# -erms, -fsrm: TCG counts each byte of rep movsb as one instruction; without
# these the kernel copies as on processors that have them not. A machine with a
# version stays what it is in later versions of QEMU. Not apparmor=0: SELinux
# would take its place, and look at each ioctl.
boot()
{
	local args

	args=(-accel tcg -icount "shift=0,sleep=off"
		-rtc "base=2026-01-01T00:00:00,clock=vm" -seed 1
		-cpu "max,-erms,-fsrm,-rdrand,-rdseed" -smp 1 -m 2048
		-machine pc-q35-7.2 -nodefaults -no-user-config -display none -no-reboot
		-kernel "$kernel_image" -initrd "$initramfs"
		-append "console=ttyS0 loglevel=5 panic=-1 oops=panic nokaslr norandmaps
			mitigations=off cryptomgr.notests"
		-serial "file:$work_dir/serial"
		-chardev "file,id=results,path=$work_dir/results"
		-device "isa-debugcon,iobase=0xe9,chardev=results")
	[ -z "$profile" ] || args+=(-plugin "$plugin,out=$work_dir/counts")
	: > "$work_dir/results"
	timeout --foreground -k 5 "$limit" "$qemu" "${args[@]}" < /dev/null >&2 &
	qemu_pid=$!
	qemu_status=0
	wait "$qemu_pid" || qemu_status=$?
	qemu_pid=
}

# examine: sets status from what the guest said. The kernel log counts from init
# on.
examine()
{
	local found

	[ -e "$work_dir/serial" ] || die "QEMU did not start"
	tr -d '\r' < "$work_dir/serial" > "$work_dir/log"
	[ -z "$log" ] || cp "$work_dir/log" "$log"
	status=$(sed -n 's/^# exit //p' "$work_dir/results")
	if [ "$qemu_status" -ne 0 ] || [ -z "$status" ]; then
		tail -n 40 "$work_dir/log" >&2
		grep -v '^[{#]' "$work_dir/results" | tail -n 20 >&2 || true
		die "the guest did not do its work (QEMU status $qemu_status)"
	fi
	found=$(sed '1,/vsw-bench: init$/d' "$work_dir/log" |
		grep -E -A 30 "$complaint" || true)
	[ -z "$found" ] || die "the kernel complained: $found"
	sed '/^# exit /q' "$work_dir/results" | grep -v '^[{#]' >&2 || true
}

# profile_show: the table of each window, on standard error
profile_show()
{
	[ ${#inlines[@]} -eq 0 ] || inlines+=("$module")
	"$bench_dir/profile.py" --top "$top" --program "$program" "${inlines[@]}" \
		"$work_dir/results" "$work_dir/counts" >&2
}
