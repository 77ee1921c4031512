#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loading and unloading: refused while somebody uses the module, and nothing is
# left behind.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"
. "$VSW_SELFTESTS/frames.sh"

no_family()
{
	local status=0

	vswctl switch show || status=$?
	[ $status -eq 3 ]
}

# What a module could leave behind
traces_left()
{
	ls -d /dev/vsw /sys/class/misc/vsw /sys/kernel/tracing/events/vsw \
		/sys/module/vsw 2> /dev/null
	grep -w vsw /proc/misc
}

load_and_unload()
{
	for _ in {1..10}; do
		vsw_insert || return
		vswctl switch add s0 && vswctl port add p1 switch s0 &&
			vswctl switch del s0 || return
		vsw_unload || return
	done
}

refused_while()
{
	check_fails "rmmod is refused while $1" 1 'in use' rmmod vsw
}

ktap_begin
[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
! vsw_loaded || ktap_skip_all "vsw is loaded and may be in use"
vsw_load
check_eq "the device is for everyone" \
	"$(stat -c '%A %F' /dev/vsw)" "crw-rw-rw- character special file"
check_not "the module has no parameters" [ -e /sys/module/vsw/parameters ]
check_eq "nor says modinfo so" "$(modinfo -F parm "$VSW_KO" 2> /dev/null)" ""
check "nothing uses it at first" grep -q '^vsw [0-9]* 0 ' /proc/modules

must vswctl switch add s0
refused_while "a switch exists"
must vswctl port add p1 switch s0
frames_start
attach p1
must vswctl switch del s0
refused_while "a file is open, though its switch is gone"
must [ "$(frames close p1)" = ok ]
must [ "$(frames open bare)" = ok ]
refused_while "a file is open that never attached a port"
frames_stop
other=
ns_new other
must in_ns "$other" vswctl switch add s0
refused_while "a switch exists in another namespace"
must in_ns "$other" vswctl switch del s0

check "rmmod succeeds when nobody uses it" rmmod vsw
check_eq "nothing is left behind" "$(traces_left)" ""
check "vswctl says so by its exit status" no_family
check "ten times loading, using and unloading" load_and_unload
check_eq "nothing is left behind then" "$(traces_left)" ""
check "kernel log" kmsg_clean
ktap_finish
