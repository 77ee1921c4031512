# SPDX-License-Identifier: GPL-2.0
"""No switch: the two ends of a veth pair."""
from .. import command
from .base import InterfaceSwitch, address


class VethPeer(InterfaceSwitch):
    """Each end is in a container."""
    name = "veth-peer"
    wire = True
    kernel = ("veth",)

    def __init__(self, stack):
        super().__init__(stack)
        self._ends = {}

    def attach(self, seg, port, pid):
        ends = self._ends.setdefault(seg.name, [])
        ends.append((port, pid))
        if len(ends) == 2:
            self._join(*ends)

    def _join(self, one, other):
        command.in_netns(one[1], "ip", "link", "add", one[0].name, "type", "veth",
                         "peer", "name", other[0].name, "netns", other[1])
        for (port, pid), (peer, _) in (one, other), (other, one):
            address(port, pid, [(peer.ip, peer.mac)])
