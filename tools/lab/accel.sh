# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with run.sh
#
# Choosing QEMU's accelerator. A /dev/kvm that opens is no proof that a stock
# kernel starts on it (nested and restricted hosts), so KVM is used only where
# a probe boot reached init. Sourced by run.sh.

accel_limit=20

# accel_probe: boots to init, which says so over the verdict port and powers off.
accel_probe()
{
	local verdict=$work_dir/probe

	timeout -k 2 "$accel_limit" "${qemu[@]}" -accel kvm -cpu host -machine q35 \
		-nodefaults -no-user-config -display none -no-reboot -m 512 \
		-kernel "$kernel_image" -initrd "$initrd_file" \
		-append "quiet panic=-1 vsw_lab=probe" \
		-device virtio-serial-pci -chardev "file,id=verdict,path=$verdict" \
		-device virtserialport,chardev=verdict,name=vsw.verdict \
		< /dev/null > /dev/null 2>&1 || return 1
	grep -qs '^VSW-LAB: init$' "$verdict"
}

# accel_choose: sets accel to kvm or tcg.
accel_choose()
{
	local key file

	accel=${VSW_LAB_ACCEL:-}
	case $accel in
	kvm | tcg) return ;;
	'') ;;
	*) die "VSW_LAB_ACCEL=$accel: neither tcg nor kvm" ;;
	esac

	accel=tcg
	{ : <> /dev/kvm; } 2>/dev/null || return 0

	# A result holds for this boot of the host, this kernel and this QEMU.
	key=$({
		cat /proc/sys/kernel/random/boot_id
		echo "$kernel_version $(stat -c '%n %s %Y' "$kernel_image")"
		"${qemu[@]}" --version
	} | sha256sum | cut -c 1-16)
	file=$cache_dir/accel-$key
	if [ ! -e "$file" ]; then
		echo "vsw-lab: trying KVM (once per boot of this host, up to $accel_limit s)" >&2
		# QEMU may abort, and bash would tell.
		if accel_probe 2> /dev/null; then
			accel=kvm
		fi
		mkdir -p "$cache_dir"
		find "$cache_dir" -maxdepth 1 -name 'accel-*' -mtime +14 -delete
		echo "$accel" > "$work_dir/accel"
		mv "$work_dir/accel" "$file"
		echo "vsw-lab: using $accel" >&2
	fi
	accel=$(cat "$file")
}
