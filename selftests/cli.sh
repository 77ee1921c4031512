#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vswctl beside the module: exit codes, other namespaces, and the completion.
# What it does without one is tested by tools/vswctl/tests.

. "$(dirname "$0")/lib.sh"
. "$VSW_SELFTESTS/ctl.sh"

COMPLETION=$VSW_TOP/tools/vswctl/completion/vswctl
[ -e "$COMPLETION" ] ||
	COMPLETION=/usr/share/bash-completion/completions/vswctl
ns1=''

# What the completion offers for the last of the words
offers()
{
	bash -c '
		. "$1" || exit
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		COMP_LINE=$* COMP_POINT=${#COMP_LINE}
		func=$(complete -p vswctl | sed "s/.*-F \([^ ]*\).*/\1/")
		"$func" vswctl "${COMP_WORDS[COMP_CWORD]}" \
			"${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$COMPLETION" "$@" | sed 's/ *$//' | sort | paste -sd ' '
}

# Besides names there are words that may stand there.
offers_all()
{
	local wanted=$1 offered word

	shift
	offered=" $(offers "$@") "
	for word in $wanted; do
		[[ $offered == *" $word "* ]] || { echo "$offered"; return 1; }
	done
}

namespaces()
{
	check "a switch in another namespace, by its name" \
		vswctl -n "$ns1" switch add other
	check_eq "is there" "$(in_ns "$ns1" vswctl -j switch show |
		jq -c 'map(.name)')" '["other"]'
	check_eq "and not here" "$(vswctl -j switch show |
		jq -c 'map(.name)')" '["s0"]'
	check_eq "by its path" "$(vswctl -n "/run/netns/$ns1" -j switch show |
		jq -c 'map(.name)')" '["other"]'
	check_eq "by a process in it" \
		"$(in_ns "$ns1" bash -c "$(command -v vswctl) -n \$PPID -j switch show" |
			jq -c 'map(.name)')" '["s0"]'
	check_fails "an unknown namespace is no syntax error" 2 \
		'cannot open network namespace "nix": No such file' \
		vswctl -n nix switch show
	must vswctl -n "$ns1" switch del other
	must vswctl port add far switch s0 netns "$ns1"
	check "the text names the namespace of a port" \
		grep -q "^far .* netns $ns1 " <(vswctl port show)
	must vswctl port del far netns "$ns1"
}

completion()
{
	if [ ! -e "$COMPLETION" ]; then
		ktap_skip "the completion lists ports" "not installed"
		return
	fi
	must vswctl port add p2 switch s0
	check "the completion lists ports to delete" \
		offers_all "p1 p2" vswctl port del ''
	check_eq "and those that begin so" \
		"$(offers vswctl port show p2)" "p2"
	check "and switches" offers_all "s0" vswctl switch set ''
	check_eq "and commands" "$(offers vswctl port s)" "set show"
	must vswctl port del p2
	check "and lookups" offers_all "learn static" vswctl switch set s0 lookup ''
	check "and attributes of one" offers_all "ageing connect with" \
		vswctl switch set s0 lookup static ''
	check_eq "of another there are none" \
		"$(offers vswctl switch set s0 lookup learn c)" ""
	must vswctl switch set s0 lookup static
	check_eq "and those of the switch's own" \
		"$(offers vswctl switch set s0 c)" "connect"
	must vswctl switch set s0 lookup learn
}

ktap_begin
[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
ns_new ns1
if vsw_loaded; then
	ktap_skip "exit code 3 without the module" "vsw is loaded"
else
	check_fails "exit code 3 without the module" 3 \
		'^Error: the kernel knows no vsw: is vsw loaded\?$' \
		vswctl switch show
	check_fails "for a monitor, too" 3 'is vsw loaded' vswctl monitor
	check_fails "but a syntax error comes first" 1 'unknown command' \
		vswctl switch nix
fi
vsw_load
lookup_load static
make_switch s0 p1
check_fails "exit code 1 for what nobody understands" 1 'nix' \
	vswctl port add p2 switch s0 nix 1
check_fails "exit code 2 for what the kernel refuses" 2 'File exists' \
	vswctl port add p1 switch s0
check "exit code 0 otherwise" vswctl port show p1
namespaces
completion
check "kernel log" kmsg_clean
ktap_finish
