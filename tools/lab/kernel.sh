# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with run.sh
#
# Finding a kernel: an installed one, an unpacked Debian package, or a bzImage.
# Sourced by run.sh, which provides die().

kernel_package=linux-image-6.12-amd64

# kernel_newest: the newest installed version that vsw supports (6.12 or later).
kernel_newest()
{
	local image version newest=

	for image in /boot/vmlinuz-*; do
		version=${image#/boot/vmlinuz-}
		[ -d "/lib/modules/$version" ] || continue
		printf '%s\n' 6.12 "$version" | sort -VC || continue
		newest+="$version"$'\n'
	done
	printf '%s' "$newest" | sort -V | tail -n 1
}

# kernel_unpacked DIR: packages differ in where they keep the image: boot/ up
# to 6.12, beside the modules (and unsigned) from 7.x on.
kernel_unpacked()
{
	local dir=$1 path image

	for path in "$dir"/lib/modules/* "$dir"/usr/lib/modules/*; do
		[ -d "$path/kernel" ] || continue
		for image in "$dir/boot/vmlinuz-${path##*/}" "$path"/vmlinuz*; do
			[ -f "$image" ] || continue
			kernel_version=${path##*/}
			kernel_image=$image
			kernel_modules=$path
			return
		done
	done
	die "no kernel with modules in $dir (expected boot/vmlinuz-* and lib/modules/*)"
}

# kernel_find WHAT: sets
#   kernel_version  name of the module directory, or of a bzImage
#   kernel_image    what QEMU boots
#   kernel_modules  the module directory, empty when everything is built in
kernel_find()
{
	local what=$1

	if [ -z "$what" ]; then
		what=$(kernel_newest)
		[ -n "$what" ] || die "no kernel 6.12 or later in /boot:" \
			"apt-get install $kernel_package (or use --kernel)"
	fi
	if [ -d "$what" ]; then
		kernel_unpacked "$(realpath "$what")"
	elif [ -f "$what" ]; then
		kernel_image=$(realpath "$what")
		kernel_version=${kernel_image##*/}
		kernel_modules=
	else
		kernel_version=$what
		kernel_image=/boot/vmlinuz-$what
		kernel_modules=/lib/modules/$what
		[ -f "$kernel_image" ] && [ -d "$kernel_modules" ] ||
			die "kernel $what is not installed:" \
			    "apt-get install linux-image-$what (or $kernel_package)"
	fi
	[ -r "$kernel_image" ] || die "cannot read $kernel_image"
}
