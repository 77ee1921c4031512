# SPDX-License-Identifier: GPL-2.0
"""Interfaces of the type macvlan on one that leads nowhere."""
from .. import command
from .base import InterfaceSwitch


class Macvlan(InterfaceSwitch):
    """In the mode in which they talk to each other."""
    name = "macvlan"
    kernel = "dummy", "macvlan"

    def segment(self, seg):
        parent = f"vpd-{seg.name}"
        command.run("ip", "link", "add", parent, "type", "dummy")
        self.undo("ip", "link", "del", parent)
        command.run("sysctl", "-qw", f"net.ipv6.conf.{parent}.disable_ipv6=1")
        command.run("ip", "link", "set", parent, "up")

    def join(self, seg, port, pid):
        here = self.unique()
        command.run("ip", "link", "add", "link", f"vpd-{seg.name}", here,
                    "type", "macvlan", "mode", "bridge")
        self.undo("ip", "link", "del", here)
        command.run("ip", "link", "set", here, "netns", pid, "name", port.name)
