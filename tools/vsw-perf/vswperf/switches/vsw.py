# SPDX-License-Identifier: GPL-2.0
"""vsw with ring ports: dropping, or making senders wait."""
from .. import command
from .base import Switch

# As many as there can be, to bridge the time in which a receiver does not run;
# the sockets of the others have a buffer of 16 MB for that.
SLOTS = 4096


class Vsw(Switch):
    """Frames for which a port has no room are dropped."""
    name = "vsw"
    backend = "ring"
    kernel = ("vsw",)
    programs = (("vswctl", "vswctl (make tools)"),)
    on_full = "drop"

    def segment(self, seg):
        command.run("vswctl", "switch", "add", f"vp-{seg.name}")
        self.undo("vswctl", "switch", "del", f"vp-{seg.name}")

    def attach(self, seg, port, pid):
        command.run("vswctl", "port", "add", port.name, "switch", f"vp-{seg.name}",
                    "rings", port.rings, "slots", SLOTS, "on-full", self.on_full,
                    "netns", pid)

    def route(self, seg, mac, port):
        index = seg.ports.index(port)
        command.run("vswctl", "fdb", "replace", mac, "switch", f"vp-{seg.name}",
                    "port-index", index)

    def uplink(self, seg, device):
        command.run("vswctl", "port", "add", "vp-uplink", "switch", f"vp-{seg.name}",
                    "type", "uplink", "dev", device)


class VswBlock(Vsw):
    """Their senders wait."""
    name = "vsw-block"
    on_full = "block"
