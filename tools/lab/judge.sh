# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables are shared with run.sh
#
# What a run is worth: by the guest's verdict and the kernel log, not by QEMU's
# exit status. Sourced by run.sh, which provides die().

exit_complaint=121
exit_died=122
exit_timeout=124

# Some kernels announce or test these checkers while they boot, in words that
# are no complaint: until init only what a report looks like counts.
complaint_boot='BUG: |WARNING: (.* at |possible|inconsistent|suspicious)|UBSAN: |INFO: (task|rcu)|Oops|general protection'
complaint='BUG:|WARNING:|KASAN|KCSAN|UBSAN|ODEBUG|INFO: (possible|task|rcu)|unreferenced object|Oops|suspicious RCU|kernel BUG|general protection|Call Trace:'

# judge: returns the exit status of run.sh.
judge()
{
	local status found

	[ -e "$work_dir/serial" ] || die "QEMU did not start"
	tr -d '\r' < "$work_dir/serial" > "$work_dir/log"
	[ -z "$log" ] || cp "$work_dir/log" "$log"
	status=$(sed -n 's/^VSW-LAB: exit \([0-9]*\)$/\1/p' "$work_dir/verdict" 2>/dev/null || true)
	found=$(awk -v boot="$complaint_boot" -v later="$complaint" '
		/vsw-lab: init$/ { boot = later }
		$0 ~ boot { more = 30 }
		more-- > 0 && ++printed <= 200' "$work_dir/log")
	if [ -n "$found" ]; then
		printf 'vsw-lab: the kernel complained:\n%s\n' "$found" >&2
	fi
	if [ "$qemu_status" -eq 124 ] || [ "$qemu_status" -eq 137 ]; then
		echo "vsw-lab: timeout after $limit s; end of the kernel log:" >&2
		tail -n 20 "$work_dir/log" >&2
		return "$exit_timeout"
	elif [ -z "$status" ]; then
		echo "vsw-lab: the guest died (QEMU status $qemu_status); end of its log:" >&2
		tail -n 100 "$work_dir/log" >&2
		if grep -q 'Oops: int3' "$work_dir/log"; then
			echo "vsw-lab: int3 may be a fault of TCG before QEMU 8.1: make packages gets a newer one" >&2
		fi
		return "$exit_died"
	elif [ -n "$found" ]; then
		echo "vsw-lab: kernel complaint (script status $status)" >&2
		return "$exit_complaint"
	fi
	return "$status"
}
