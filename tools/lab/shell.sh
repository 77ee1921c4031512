#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A root shell in the lab, with vsw.ko loaded if it has been built.
# Usage: shell.sh [OPTIONS of run.sh]; leave it with exit or Ctrl-D.
#
# The same file runs on both sides: on the host it boots the lab with itself as
# the script.

set -euo pipefail

lab_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
module=$(realpath -m "$lab_dir/../../kernel/vsw.ko")

load_module()
{
	local name

	if [ ! -e "$module" ]; then
		echo "vsw is not loaded: $module is not built (run make first)"
		return
	fi
	for name in $(modinfo -F depends "$module" | tr , ' '); do
		modprobe "$name" || return
	done
	insmod "$module" && echo "vsw is loaded"
}

if [ -z "${VSW_LAB:-}" ]; then
	# No limit: a person decides how long it takes.
	exec "$lab_dir/run.sh" --interactive --timeout 0 "$@" -- "$lab_dir/shell.sh"
fi

load_module || echo "vsw is not loaded: is $module built for kernel $(uname -r)?"
top=$(dirname "$module")/..
export PATH=$top/tools/vswctl:$top/tools/vsw-gen:$PATH
export PS1='vsw-lab:\w# '
exec bash --norc -i
