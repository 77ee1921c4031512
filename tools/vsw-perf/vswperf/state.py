# SPDX-License-Identifier: GPL-2.0
"""The state of the machine: what it is, what is set for an experiment and put
back afterwards, and what could not be set.
"""
import glob
import os
import platform
import re
import shlex
import time

from . import command
from .error import PerfError

_CPU = "/sys/devices/system/cpu"
_WANTED = {
    "governor performance": (f"{_CPU}/cpufreq/policy*/scaling_governor", "performance"),
    "turbo off, intel_pstate": (f"{_CPU}/intel_pstate/no_turbo", "1"),
    "turbo off, cpufreq": (f"{_CPU}/cpufreq/boost", "0"),
}


def _read(path, default=""):
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return default


def _write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(value)


def _restore(path, value):
    try:
        _write(path, value)
    except OSError:
        pass


def _set(path, value, stack):
    before = _read(path)
    if before == value:
        return
    _write(path, value)
    stack.callback(_restore, path, before)


def prepare(stack):
    """Set what there is; STACK puts it back. Says for each what became of it."""
    became = {}
    for name, (pattern, value) in _WANTED.items():
        paths = glob.glob(pattern)
        became[name] = "set" if paths else "not set: the machine does not have it"
        try:
            for path in paths:
                _set(path, value, stack)
        except OSError as error:
            became[name] = f"not set: {error.strerror}"
    siblings = _read(f"{_CPU}/smt/active", "0")
    became["no hyperthread siblings"] = ("left as it is: they are active"
                                         if siblings == "1" else "none is active")
    return became


def _cpu_model():
    match = re.search(r"^model name\s*: (.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return match[1] if match else platform.machine()


def accelerator(model):
    """What runs the instructions."""
    if "TCG" in model:
        return "TCG (emulated)"
    if re.search(r"^flags.*\bhypervisor\b", _read("/proc/cpuinfo"), re.MULTILINE):
        return "virtual machine"
    return "none (the machine itself)"


def _version(*words):
    try:
        return command.run(*words).splitlines()[0]
    except (PerfError, IndexError):
        return None


def _command(words):
    """Files and directories without where they are."""
    return shlex.join(["vsw-perf", *(os.path.basename(word.rstrip("/")) if "/" in word
                                     else word for word in words)])


def describe(became, switches, words):
    """What env.json says."""
    model = _cpu_model()
    versions = {"lxc": _version("lxc-start", "--version"),
                "ovs-vswitchd": _version("ovs-vswitchd", "--version"),
                "ip": _version("ip", "-V")}
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "kernel": platform.release(),
        "cpu": model,
        "cpus": len(os.sched_getaffinity(0)),
        "accelerator": accelerator(model),
        "memory-mib": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20,
        "versions": {name: text for name, text in versions.items() if text},
        "state": became,
        "switches": switches,
        "command": _command(words),
    }
