# SPDX-License-Identifier: GPL-2.0
"""vsw with network interfaces."""
from .. import command
from .base import InterfaceSwitch


class VswNetdev(InterfaceSwitch):
    """The ports are interfaces of the type vsw."""
    name = "vsw-netdev"
    kernel = ("vsw",)
    programs = (("vswctl", "vswctl (make tools)"), *InterfaceSwitch.programs)

    def segment(self, seg):
        command.run("vswctl", "switch", "add", f"vp-{seg.name}")
        self.undo("vswctl", "switch", "del", f"vp-{seg.name}")

    def join(self, seg, port, pid):
        command.run("vswctl", "port", "add", port.name, "switch", f"vp-{seg.name}",
                    "type", "netdev", "netns", pid)

    def route(self, seg, mac, port):
        command.run("vswctl", "fdb", "replace", mac, "switch", f"vp-{seg.name}",
                    "port-index", seg.ports.index(port))

    def uplink(self, seg, device):
        command.run("vswctl", "port", "add", "vp-uplink", "switch", f"vp-{seg.name}",
                    "type", "uplink", "dev", device)
