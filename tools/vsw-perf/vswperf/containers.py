# SPDX-License-Identifier: GPL-2.0
"""LXC containers on one root file system of busybox, and programs in them.

They share the root file system, which is in a temporary directory, and have the
libraries and vsw-gen of the host in it. None has a network interface until a
switch gives it one.
"""
import os
import shutil
import subprocess
import tempfile

from . import command
from .error import PerfError

_COMMON = "/usr/share/lxc/config/common.conf"
_DIRS = "bin", "dev", "proc", "sys", "tmp", "usr/bin", "usr/lib", "usr/lib64"
_DEVICE = "/dev/vsw"


def missing():
    """What is not installed for containers, or None."""
    for program, package in (("lxc-start", "lxc"), ("busybox", "busybox-static"),
                             ("vsw-gen", "vsw-gen (make tools)")):
        if not command.find(program):
            return f"install {package}"
    if not os.path.exists("/sys/fs/cgroup/cgroup.controllers"):
        return "needs cgroup v2"
    return None


def _rootfs(root):
    for name in _DIRS:
        os.makedirs(os.path.join(root, name))
    os.symlink("usr/lib", os.path.join(root, "lib"))
    os.symlink("usr/lib64", os.path.join(root, "lib64"))
    shutil.copy(command.find("busybox"), os.path.join(root, "bin/busybox"))
    os.symlink("busybox", os.path.join(root, "bin/sh"))


def _config(node, root):
    lines = [f"lxc.include = {_COMMON}",
             f"lxc.uts.name = {node.name}",
             f"lxc.rootfs.path = dir:{root}",
             "lxc.net.0.type = empty",
             f"lxc.cgroup2.cpuset.cpus = {node.cpu}",
             "lxc.init.cmd = /bin/busybox sleep 1000000000",
             "lxc.mount.entry = /usr/lib usr/lib none ro,bind 0 0",
             "lxc.mount.entry = /usr/lib64 usr/lib64 none ro,bind 0 0",
             f"lxc.mount.entry = {command.find('vsw-gen')} usr/bin/vsw-gen none "
             "ro,bind,create=file 0 0"]
    if os.path.exists(_DEVICE):
        number = os.stat(_DEVICE).st_rdev
        lines += [f"lxc.mount.entry = {_DEVICE} dev/vsw none bind,create=file 0 0",
                  "lxc.cgroup2.devices.allow = c "
                  f"{os.major(number)}:{os.minor(number)} rw"]
    return "\n".join(lines) + "\n"


class Containers:
    """Those of one experiment."""

    def __init__(self, stack):
        self._stack = stack
        self._pids = {}
        self._path = tempfile.mkdtemp(prefix="vsw-perf.")
        stack.callback(shutil.rmtree, self._path, ignore_errors=True)
        self._root = os.path.join(self._path, "rootfs")
        _rootfs(self._root)

    def start(self, node):
        """Start one."""
        where = os.path.join(self._path, node.name)
        os.makedirs(where)
        with open(os.path.join(where, "config"), "w", encoding="ascii") as file:
            file.write(_config(node, self._root))
        log = os.path.join(where, "log")
        self._stack.callback(self._stop, node)
        try:
            command.run("lxc-start", "-P", self._path, "-n", node.name, "-o", log)
        except PerfError as error:
            raise PerfError(f"container {node.name} does not start: {error}\n"
                            + _tail(log)) from None
        self._pids[node.name] = int(command.run(
            "lxc-info", "-P", self._path, "-n", node.name, "-pH"))

    def _stop(self, node):
        command.quiet("lxc-stop", "-P", self._path, "-n", node.name, "-k")

    def pid(self, node):
        """Its first process."""
        return self._pids[node.name]

    def alive(self, node):
        """It is still there."""
        try:
            with open(f"/proc/{self.pid(node)}/stat", encoding="ascii") as file:
                return file.read().rpartition(")")[2].split()[0] not in "ZX"
        except OSError:
            return False

    def popen(self, node, words, out, err):
        """Start a program in it."""
        return subprocess.Popen(
            [command.find("lxc-attach"), "-P", self._path, "-n", node.name,
             "--clear-env", "--set-var", "PATH=/usr/bin:/bin", "--", *words],
            stdin=subprocess.PIPE, stdout=out, stderr=err)


def _tail(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-5:]).strip()
    except OSError:
        return ""
