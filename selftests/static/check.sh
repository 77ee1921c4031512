#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All that can be said about the source without running it: one test point for
# each tool or rule. A tool that is missing is a skipped point with the name of
# its package, so that "passed" never hides a check that did not run.
#
#   check.sh [REGEX]    only the checks whose names match

set -u

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=selftests/ktap.sh
. selftests/ktap.sh

ONLY=${1-}
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 1' INT TERM

# What git has, and what it would take: a file counts before it is committed.
# The directory may belong to another user than root, hence the option.
files()
{
	git -c safe.directory='*' ls-files -co --exclude-standard --deduplicate \
		-- "$@" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

# Not our style: the generator's.
by_hand()
{
	files "$@" | grep -vE -e '(netlink-gen\.[ch]|/vsw_netlink\.h)$'
}

# static NAME FUNC [CMD PACKAGE]...: FUNC makes a test point if the commands are
# there. It says what is wrong and returns 1, or 4 if there is nothing to look at.
static()
{
	local name=$1 func=$2 out status
	shift 2

	[[ $name =~ $ONLY ]] || return
	while [ $# -gt 0 ]; do
		if ! command -v "$1" > /dev/null; then
			ktap_skip "$name" "install $2"
			return
		fi
		shift 2
	done

	out=$($func 2>&1)
	status=$?
	case $status in
	0)	ktap_ok "$name" ;;
	4)	ktap_skip "$name" "nothing to check" ;;
	*)	ktap_not_ok "$name"
		ktap_diag "$out" ;;
	esac
}

# over CMD...: CMD on the files that are named on the standard input; 4 if none.
over()
{
	local -a list

	mapfile -t list
	[ ${#list[@]} -gt 0 ] || return 4
	"$@" "${list[@]}"
}

# none CMD...: succeeds if CMD prints nothing.
none()
{
	! "$@" | grep .
}

#
# Compilers
#

# The tree again: other flags than those of the real build must not make that
# begin anew, nor the other way round.
copy_tree()
{
	files Makefile kernel uapi tools selftests |
		xargs -d '\n' cp --parents -t "$TMP"
}

# Without our own make's settings, such as a job server that is not passed on.
scratch_make()
{
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$TMP" -j"$(nproc)" "$@"
}

module()
{
	scratch_make module test-modules W=1 KCFLAGS=-Werror
}

# Whatever sparse prints counts; it does not make the build fail.
sparse_module()
{
	scratch_make module test-modules C=2 CF=-D__CHECK_ENDIAN__ > "$TMP/sparse" 2>&1 || {
		cat "$TMP/sparse"
		return 1
	}
	none grep -E '^[^ ]+:[0-9]+:[0-9]+: ' "$TMP/sparse"
}

user_space()
{
	scratch_make tools selftests WERROR=1
}

# Each header alone: it includes what it needs.
uapi_alone()
{
	local header status=4

	for header in $(files 'uapi/linux/*.h'); do
		[ $status -ne 4 ] || status=0
		echo "#include <${header#uapi/}>" |
			"$@" -Wall -Wextra -Werror -Iuapi -fsyntax-only - || status=1
	done
	return $status
}

uapi_c()
{
	uapi_alone gcc -std=c11 -pedantic -x c
}

uapi_cxx()
{
	uapi_alone g++ -std=c++17 -x c++
}

#
# The kernel's own tools
#

# In the copy, for it leaves a file behind in a git tree. It wants to look into
# the tree's include directory although there is no tree.
checkpatch()
{
	mkdir -p "$TMP/include"
	over env -C "$TMP" perl "$KSRC/scripts/checkpatch.pl" --no-tree --strict \
		--root="$TMP" --quiet --terse --show-types --no-summary \
		--ignore "$1" -f
}

# LINUX_VERSION_CODE: the rule below knows better where it may be.
checkpatch_kernel()
{
	by_hand 'kernel/*.[ch]' |
		grep -vE '/((drop|lookup|trace)\.h|parse_kunit\.c)$' |
		checkpatch LINUX_VERSION_CODE
}

# Lists of names to be expanded (drop.h), a loop (lookup.h), pieces of frames
# (parse_kunit.c), and the layout that TRACE_EVENT() has in the whole kernel.
checkpatch_macros()
{
	local status=0

	files kernel/drop.h kernel/lookup.h kernel/tests/parse_kunit.c |
		checkpatch COMPLEX_MACRO,MACRO_ARG_REUSE || status=$?
	files kernel/trace.h |
		checkpatch OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,TRAILING_SEMICOLON ||
		status=$?
	return $status
}

# What it prefers does not exist outside of the kernel: u32, __printf(),
# fallthrough, BIT(), ARRAY_SIZE(), strscpy(). What it warns of is right there:
# volatile sig_atomic_t, PRIu64, __x86_64__, macros that take a member's name.
checkpatch_user()
{
	local ignore=PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO

	ignore+=,PREFER_FALLTHROUGH,BIT_MACRO,ARRAY_SIZE,STRCPY,STRNCPY
	ignore+=,VOLATILE,CAMELCASE,ARCH_DEFINES
	ignore+=,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE
	by_hand 'uapi/*.h' 'tools/*.[ch]' 'selftests/*.[ch]' | checkpatch $ignore
}

kernel_doc()
{
	by_hand 'kernel/*.[ch]' 'uapi/*.h' |
		over perl "$KSRC/scripts/kernel-doc" -none -Wall -Werror
}

#
# Netlink
#

SPEC=Documentation/netlink/specs/vsw.yaml

# Long lines are the kernel's habit, too.
spec_style()
{
	[ -e $SPEC ] || return 4
	yamllint --strict -d '{extends: relaxed, rules: {line-length: disable}}' $SPEC
}

# The generator validates the schema first.
spec_generated()
{
	[ -e $SPEC ] || return 4
	tools/ynl-gen.sh --check
}

#
# Text
#

# SC2154, a variable that nobody sets: those of tmpdir, ns_new and bg look so, and
# the scripts have set -u.
shell_scripts()
{
	files '*.sh' .ci/run | over shellcheck -x -S warning -e SC2154
}

# nd is a macro of manual pages, CoNEXT a conference, filp a struct file, parm a
# field of modinfo, "fo" the beginning of a word that is to be completed.
spelling()
{
	files | over codespell -L nd,conext,filp,fo,parm
}

manual()
{
	files 'Documentation/man/*.[1-9]' | over mandoc -T lint -W warning
}

rst()
{
	local file status=4

	for file in $(files '*.rst'); do
		[ $status -ne 4 ] || status=0
		rst2html --halt=2 "$file" /dev/null || status=1
	done
	return $status
}

blanks()
{
	files | over none grep -nIE '[[:blank:]]+$'
}

# In one of the first lines; a data file has no comments.
spdx()
{
	local file status=0

	while read -r file; do
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' && continue
		echo "$file: no SPDX line"
		status=1
	done < <(files | grep -vE '\.(json|txt|svg|png|md)$|^(COPYING|LICENSE|README)')
	return $status
}

executable()
{
	local file status=0

	while read -r file; do
		if head -n 1 "$file" | grep -q '^#!'; then
			[ -x "$file" ] && continue
			echo "$file: begins with #! but is not executable"
			status=1
		fi
	done < <(files ':(glob)selftests/*.sh' 'selftests/*.py' \
		 ':(glob)tools/*.sh' .ci/run)
	return $status
}

#
# Rules of this project
#

# strip FILE: its code without comments, and numbered by its lines. What
# follows the line "control path" is no hot code.
strip()
{
	sed '\@^/\* control path \*/@Q' "$1" |
		gcc -fpreprocessed -dD -E -x c - 2> /dev/null |
		awk -v file="$1" '/^# [0-9]+ /	{ nr = $2 - 1; next }
						{ print file ":" ++nr ": " $0 }'
}

# matches REGEX FILE...: lines of code that match.
matches()
{
	local regex=$1 file
	shift

	for file; do
		strip "$file" | grep -E -e "$regex"
	done
}

# Nothing that sleeps, but for the mutex of a ring that a sync holds, and nothing
# that a flood of frames could make a flood of log lines.
hot_code()
{
	local bad='\b(GFP_KERNEL|rtnl_(lock|unlock)|'

	bad+='ASSERT_RTNL|genl|might_sleep|synchronize_|msleep|printk\(|'
	bad+='(pr|dev|netdev)_(emerg|alert|crit|err|warn|notice|info)\()|'
	bad+='include <(linux|net)/(netlink|genetlink|rtnetlink)\.h'

	{
		sed -n 's/^vsw-hot-y.*= *//p' kernel/Makefile | tr ' ' '\n' |
			sed 's@\(.*\)\.o$@kernel/\1.c@'
		files kernel/ring.h kernel/pkt.h
	} | over none matches "$bad"
}

# The words that a program can change behind our back: only ring.h reads and
# writes them, and ring.c before anybody has mapped them. Tests are the program.
shared_words()
{
	by_hand 'kernel/*.[ch]' | grep -vE '/(ring\.[ch]$|tests/)' |
		over none matches '(->|\.)slot\[|->ring->(head|cur|tail|flags)\b'
}

kernel_version()
{
	by_hand 'kernel/*.[ch]' | grep -v '/compat\.h$' |
		over none matches 'LINUX_VERSION_CODE|KERNEL_VERSION|linux/version\.h'
}

if ! command -v git > /dev/null || ! files Makefile | grep -q .; then
	ktap_skip_all "install git, and use a git tree"
fi

# A path that is no command stands for a missing package, too.
KSRC=$(tools/ynl-gen.sh --ksrc 2> /dev/null) || KSRC=/nonexistent
checkpatch=$KSRC/scripts/checkpatch.pl
copy_tree

ktap_begin
static "module, W=1"		module		pahole pahole
static "module, sparse"		sparse_module	sparse sparse pahole pahole
static "checkpatch, kernel"	checkpatch_kernel	"$checkpatch" linux-source-6.12
static "checkpatch, macros"	checkpatch_macros	"$checkpatch" linux-source-6.12
static "checkpatch, user space"	checkpatch_user	"$checkpatch" linux-source-6.12
static "kernel-doc"		kernel_doc	"$checkpatch" linux-source-6.12
static "user space, warnings"	user_space
static "uapi headers, C"	uapi_c		gcc gcc
static "uapi headers, C++"	uapi_cxx	g++ g++
static "netlink, spec style"	spec_style	yamllint yamllint
static "netlink, generated"	spec_generated	"$checkpatch" linux-source-6.12
static "shellcheck"		shell_scripts	shellcheck shellcheck
static "codespell"		spelling	codespell codespell
static "manual pages"		manual		mandoc mandoc
static "reStructuredText"	rst		rst2html python3-docutils
static "SPDX lines"		spdx
static "scripts executable"	executable
static "blanks at line ends"	blanks
static "hot code"		hot_code	gcc gcc
static "shared words"		shared_words	gcc gcc
static "kernel version tests"	kernel_version	gcc gcc
ktap_finish
