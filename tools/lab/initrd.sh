# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with run.sh
#
# The initramfs: busybox, init.sh and the modules that mount the host's files.
# Sourced by run.sh, which provides die(), lab_dir, cache_dir and kernel_*.

initrd_wanted='virtio_pci virtio_console 9pnet_virtio 9p overlay'

# initrd_order DEPFILE BUILTIN: the files behind initrd_wanted, in load order.
# modules.dep names all dependencies of a module, what comes first at the end.
initrd_order()
{
	awk -v wanted="$initrd_wanted" '
	function stem(path) { sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path); return path }
	FILENAME ~ /builtin$/ { builtin[stem($1)] = 1; next }
	{ file = $1; sub(/:$/, "", file); $1 = ""; path[stem(file)] = file; deps[stem(file)] = $0 }
	END {
		n = split(wanted, names, " ")
		for (i = 1; i <= n; i++) {
			name = names[i]
			if (name in builtin)
				continue
			if (!(name in path)) {
				print "no module " name > "/dev/stderr"
				exit 1
			}
			m = split(path[name] " " deps[name], files, " ")
			for (j = m; j > 0; j--)
				if (!seen[files[j]]++)
					print files[j]
		}
	}' "$2" "$1"
}

initrd_unpack()
{
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -qdc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# initrd_archive DIR: its content as a cpio archive, not compressed: unpacking
# would cost more under TCG than copying.
initrd_archive()
{
	(cd "$1" && find . -print0 | sort -z |
		cpio --null --quiet --create --format=newc --owner=0:0)
}

# initrd_build: sets
#   initrd_file  the archive, from the cache if its ingredients are unchanged
#   initrd_deps  modules.dep and friends, when the kernel came without them
initrd_build()
{
	local busybox key dir tree file n=100 dep="$kernel_modules/modules.dep"

	busybox=$(command -v busybox) || die "no busybox: apt-get install busybox-static"
	key=$({
		cat "$lab_dir/initrd.sh" "$lab_dir/init.sh" "$busybox"
		echo "$kernel_version $kernel_modules"
		if [ -n "$kernel_modules" ]; then
			stat -c '%n %s %Y' "$kernel_modules" "$kernel_modules"/modules.*
		fi
	} | sha256sum | cut -c 1-16)
	dir=$cache_dir/initrd-$key
	initrd_file=$dir/initrd.cpio
	initrd_deps=
	[ -z "$kernel_modules" ] || [ -e "$dep" ] ||
		initrd_deps=$dir/lib/modules/$kernel_version
	if [ -e "$initrd_file" ]; then
		touch "$dir"
		return
	fi

	tree=$work_dir/initrd
	mkdir -p "$tree/bin" "$tree/modules" "$work_dir/cache"
	cp "$busybox" "$tree/bin/busybox"
	ln -s busybox "$tree/bin/sh"
	install -m 755 "$lab_dir/init.sh" "$tree/init"
	if [ -n "$initrd_deps" ]; then
		# The package's own postinst would have run depmod. It writes
		# beside the modules, so it is shown them through a link.
		file=$work_dir/cache/lib/modules/$kernel_version
		mkdir -p "$file"
		cp "$kernel_modules"/modules.{builtin*,order} "$file"
		ln -s "$kernel_modules/kernel" "$file/kernel"
		PATH=$PATH:/sbin:/usr/sbin depmod -b "$work_dir/cache" "$kernel_version" ||
			die "depmod failed for $kernel_modules"
		rm "$file/kernel"
		dep=$work_dir/cache/lib/modules/$kernel_version/modules.dep
	fi
	if [ -n "$kernel_modules" ]; then
		initrd_order "$dep" "$kernel_modules/modules.builtin" > "$work_dir/order" ||
			die "kernel $kernel_version cannot mount the host's files"
		while read -r file; do
			n=$((n + 1))
			initrd_unpack "$kernel_modules/$file" > "$tree/modules/$n.ko"
		done < "$work_dir/order"
	fi
	initrd_archive "$tree" > "$work_dir/cache/initrd.cpio"

	# Another run may have been faster; either result will do.
	mkdir -p "$cache_dir"
	find "$cache_dir" -mindepth 1 -maxdepth 1 -name 'initrd-*' -mtime +14 \
		-exec rm -rf {} +
	mv -T "$work_dir/cache" "$dir" 2>/dev/null || [ -e "$initrd_file" ] ||
		die "cannot write $dir"
}
