# SPDX-License-Identifier: GPL-2.0
"""Kernel modules: loaded for an experiment, gone afterwards."""
import os
import time

from . import command
from .error import PerfError


def loaded(name):
    """It is there, as a module or built in."""
    return os.path.isdir(f"/sys/module/{name.replace('-', '_')}")


def exists(name):
    """It is there, or can be loaded."""
    if loaded(name) or (name == "vsw" and command.built("vsw.ko")):
        return True
    try:
        command.run("modprobe", "-n", "-q", name)
    except PerfError:
        return False
    return True


def _names():
    with open("/proc/modules", encoding="ascii") as file:
        return [line.split()[0] for line in file]


def load(name, stack):
    """Load one with what it needs; STACK takes it away again."""
    if loaded(name):
        return
    before = set(_names())
    file = command.built("vsw.ko") if name == "vsw" else None
    if file:
        command.run("insmod", file)
    else:
        command.run("modprobe", name)
    # The newest stands first, and it holds those behind it.
    for added in reversed([each for each in _names() if each not in before]):
        stack.callback(_unload, added)


def _unload(name):
    # The last reference may be that of somebody who is still dying.
    deadline = time.monotonic() + 5
    while loaded(name) and time.monotonic() < deadline:
        command.quiet("rmmod", name)
        if loaded(name):
            time.sleep(0.1)
