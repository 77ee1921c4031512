#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make demo": containers that talk through a switch, beside containers that
# talk through veth and a Linux bridge, in one virtual machine. What happens
# there is in demo/guest.sh.

set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."

for file in kernel/vsw.ko tools/vswctl/vswctl tools/vsw-gen/vsw-gen; do
	if [ ! -e "$file" ]; then
		echo "demo.sh: no $file; run make first" >&2
		exit 1
	fi
done

exec tools/lab/run.sh --cpus 2 --memory 3072 --timeout 300 tools/demo/guest.sh
