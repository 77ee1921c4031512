# SPDX-License-Identifier: GPL-2.0
"""Huge pages, which switches with DPDK want."""
import os

from .. import command
from ..error import PerfError

_COUNT = "/proc/sys/vm/nr_hugepages"
_DIR = "/dev/hugepages"


def _read():
    with open(_COUNT, encoding="ascii") as file:
        return int(file.read())


def _write(count):
    with open(_COUNT, "w", encoding="ascii") as file:
        file.write(str(count))


def reserve(count, stack):
    """Have at least so many; STACK gives them back."""
    before = _read()
    if before < count:
        _write(count)
        stack.callback(_write, before)
        if _read() < count:
            raise PerfError(f"no memory for {count} huge pages, only for {_read()}")
    if not os.path.ismount(_DIR):
        os.makedirs(_DIR, exist_ok=True)
        command.run("mount", "-t", "hugetlbfs", "hugetlbfs", _DIR)
        stack.callback(command.quiet, "umount", _DIR)
