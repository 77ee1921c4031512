#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a hop through vsw's interfaces costs, next to other ways from one network
# namespace to another: a bare veth pair, veth and a Linux bridge, netkit. All of
# them in one boot of a guest in which time is the number of instructions, see
# instr.sh. The cases are in netdev-guest.sh.

set -euo pipefail

bench_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
top_dir=$(realpath "$bench_dir/../..")
lab_dir=$top_dir/tools/lab
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/vsw/bench

usage()
{
	cat <<USAGE
Usage: netdev.sh [OPTIONS]

Prints a line of JSON for each case and switch on standard output, and afterwards
tables on standard error.

  --case REGEX     only the cases that match: udp, udp-drop, udp-send,
                   ring-to-netdev, netdev-to-ring, tcp-default, tcp-nogso, http,
                   ports, container
  --rounds N       how often each case is measured, those of TCP twice as often;
                   the median counts (default 5)
  --module FILE    default: kernel/vsw.ko
  --kernel WHAT    as for tools/lab/run.sh
  --profile [N]    where the instructions go, by function: the N (default 25)
                   first ones of each case, on standard error
  --inlines        in the profile, show functions apart that the compiler has
                   inlined
  --log FILE       keep the kernel log
  --timeout SECS   default 1200
  --help           this text

Exit status: 0; 1 if a case failed, or costs more than it may, which is said in
the end; 125 if the guest did not do its work.
USAGE
}

die()
{
	echo "netdev.sh: $*" >&2
	exit 125
}

# shellcheck source-path=SCRIPTDIR source=../lab/kernel.sh
. "$lab_dir/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/judge.sh
. "$lab_dir/judge.sh"
# shellcheck source-path=SCRIPTDIR source=build.sh
. "$bench_dir/build.sh"
# shellcheck source-path=SCRIPTDIR source=plugin.sh
. "$bench_dir/plugin.sh"
# shellcheck source-path=SCRIPTDIR source=guest.sh
. "$bench_dir/guest.sh"

parse_options()
{
	kernel='' module=$top_dir/kernel/vsw.ko only=. rounds=5 profile=''
	log='' limit=1200 top=25 inlines=()
	while [ $# -gt 0 ]; do
		case $1 in
		--help) usage; exit 0 ;;
		--inlines) profile=1 inlines=(--module); shift; continue ;;
		--profile)
			profile=1
			shift
			[[ ! ${1-} =~ ^[0-9]+$ ]] || { top=$1; shift; }
			continue ;;
		esac
		[ $# -ge 2 ] || die "$1: unknown, or needs a value (see --help)"
		case $1 in
		--case) only=$2 ;;
		--rounds) rounds=$2 ;;
		--module) module=$2 ;;
		--kernel) kernel=$2 ;;
		--log) log=$2 ;;
		--timeout) limit=$2 ;;
		*) die "unknown option $1 (see --help)" ;;
		esac
		shift 2
	done
	[ -f "$module" ] || die "no $module: run make module"
	[[ $rounds =~ ^[1-9][0-9]*$ ]] || die "--rounds takes a number"
}

# kernel_module N NAME: unpacked, as the Nth that is loaded
kernel_module()
{
	local file

	file=$(find "$kernel_modules/kernel" -name "$2.ko*" | head -n 1)
	[ -n "$file" ] || return 0
	case $file in
	*.xz) xz -dc "$file" ;;
	*.zst) zstd -qdc "$file" ;;
	*) cat "$file" ;;
	esac > "$tree/modules/$1-$2.ko"
}

initramfs_build()
{
	local name n=10

	tree_begin "$bench_dir/netdev-init.sh"
	install -m 755 "$bench_dir/netdev-guest.sh" "$tree/guest.sh"
	tree_program "$program" /bin/netdev
	tree_program "$top_dir/tools/vswctl/vswctl" /bin/vswctl
	for name in bash chrt ip ethtool iperf3 nginx wrk lxc-start lxc-stop; do
		tree_program "$(PATH=$PATH:/usr/sbin:/sbin command -v "$name")" \
			"/usr/bin/$name" || die "no $name: run make packages"
	done
	ln -s /usr/bin/bash "$tree/bin/bash"
	mkdir -p "$tree"/{sbin,etc,lxc,modules,proc,sys,dev,tmp,run,www,usr/sbin,var/lib/nginx,var/run,usr/share}
	cp -r /usr/share/lxc "$tree/usr/share"
	# Where lxc-start mounts the root of a container.
	mkdir -p "$tree/$(dirname "$(find /usr/lib -path '*/lxc/rootfs/README' | head -n 1)")"
	for name in llc stp bridge veth dummy; do
		kernel_module $((n += 1)) $name
	done
	tree_module "$module" /modules/99-vsw.ko
	echo root:x:0:0:root:/:/bin/sh > "$tree/etc/passwd"
	echo root:x:0: > "$tree/etc/group"
	nginx_config > "$tree/nginx.conf"
	head -c 612 /dev/zero | tr '\0' x > "$tree/www/index.html"
	printf 'only=%q\nrounds=%q\n' "$only" "$rounds" > "$tree/job"
	[ -z "$profile" ] || : > "$tree/profile"
	tree_pack
}

nginx_config()
{
	cat <<-CONFIG
		user root;
		worker_processes 1;
		error_log /dev/null;
		events { }
		http {
			access_log off;
			keepalive_requests 1000000000;
			server {
				listen 80;
				root /www;
			}
		}
	CONFIG
}

print_table()
{
	jq -r 'select(.cost) | [.case, .switch, .cost, .unit,
		(if .ratio then "\(.ratio) of veth-peer, \(.min) to \(.max)"
		 elif .first then "first hundred \(.first), last \(.last)"
		 else "" end)] | @tsv' "$work_dir/json" |
		awk -F '\t' '{ printf "%-15s %-13s %12s %-26s %s\n", $1, $2, $3, $4, $5 }' >&2
}

# judge_costs: a line for each rule whose cases have run; fails if one is broken
judge_costs()
{
	jq -rs '
	def cost(c; s): map(select(.case == c and .switch == s))[0].cost;
	def rule(text; is; most): select(is != null and most != null) |
		"\(if is <= most then "ok" else "TOO MUCH" end): \(text): \(is), at most \(most)";
	(.[] | select(.switch == "vsw-netdev" and .ratio and
		      (.case | IN("udp", "tcp-default", "tcp-nogso", "http"))) |
	 rule("\(.case), times a bare veth pair"; .ratio; 1.03)),
	(cost("udp"; "vsw-netdev") as $udp | cost("udp-send"; "dummy") as $send |
	 cost("udp-drop"; "vsw-netdev") as $drop |
	 rule("ring to netdev, 1.3 times udp less the sending socket";
	      cost("ring-to-netdev"; "vsw-netdev");
	      if $udp and $send then 1.3 * ($udp - $send) else null end),
	 rule("netdev to ring, 1.3 times udp less the receiving socket";
	      cost("netdev-to-ring"; "vsw-netdev");
	      if $drop then 1.3 * $drop else null end)),
	(cost("container"; "vsw-netdev") as $with |
	 cost("container"; "no-network") as $without |
	 rule("container, the share of the network";
	      if $with then $with - $without else null end; 20e6)),
	(.[] | select(.first and .switch == "vsw-netdev") |
	 rule("\(.case), the last hundred next to the first";
	      .last; 1.1 * .first))' "$work_dir/json" | tee "$work_dir/rules" >&2
	! grep -q '^TOO MUCH' "$work_dir/rules"
}

parse_options "$@"
command -v jq > /dev/null || die "no jq: run make packages"
guest_tools
kernel_find "$kernel"
work_dir=$(mktemp -d -t vsw-bench.XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
program_build netdev netdev.c emit.c
[ -z "$profile" ] || plugin_build
initramfs_build
boot
examine
grep '^{' "$work_dir/results" | tee "$work_dir/json" || true
print_table
judge_costs || status=1
[ -z "$profile" ] || profile_show
exit "$status"
