# SPDX-License-Identifier: GPL-2.0
"""The bridge of the kernel, with veth pairs."""
from .. import command
from .base import InterfaceSwitch


class LinuxBridge(InterfaceSwitch):
    """It learns, and knows the addresses from the beginning."""
    name = "linux-bridge"
    kernel = "veth", "bridge"

    def __init__(self, stack):
        super().__init__(stack)
        self._ends = {}

    def segment(self, seg):
        bridge = f"vpb-{seg.name}"
        command.run("ip", "link", "add", bridge, "type", "bridge",
                    "mcast_snooping", 0)
        self.undo("ip", "link", "del", bridge)
        command.run("sysctl", "-qw", f"net.ipv6.conf.{bridge}.disable_ipv6=1")
        command.run("ip", "link", "set", bridge, "up")

    def join(self, seg, port, pid):
        here = self.veth(port, pid)
        command.run("ip", "link", "set", here, "master", f"vpb-{seg.name}")
        self._ends[id(port)] = here

    def route(self, seg, mac, port):
        command.run("bridge", "fdb", "replace", mac, "dev", self._ends[id(port)],
                    "master", "static")

    def uplink(self, seg, device):
        command.run("ip", "link", "set", device, "master", f"vpb-{seg.name}")
