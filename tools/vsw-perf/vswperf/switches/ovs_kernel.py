# SPDX-License-Identifier: GPL-2.0
"""Open vSwitch with the datapath of the kernel, and veth pairs."""
from .base import InterfaceSwitch
from .ovs_daemons import Daemons

PROGRAMS = (("ovs-vswitchd", "openvswitch-switch"), ("ovsdb-tool", "openvswitch-common"))


class OvsKernel(InterfaceSwitch):
    """A learning switch: the flow NORMAL."""
    name = "ovs-kernel"
    kernel = "veth", "openvswitch"
    programs = (*InterfaceSwitch.programs, *PROGRAMS)

    def __init__(self, stack):
        super().__init__(stack)
        self._ovs = None

    def prepare(self):
        super().prepare()
        self._ovs = Daemons(self.stack)
        # It outlives its daemon.
        self.undo("ovs-dpctl", "del-dp", "system@ovs-system")
        self._ovs.start()

    def segment(self, seg):
        self._ovs.vsctl("add-br", f"vpo-{seg.name}")
        self.stack.callback(self._ovs.vsctl, "--if-exists", "del-br", f"vpo-{seg.name}")

    def join(self, seg, port, pid):
        here = self.veth(port, pid)
        self._ovs.vsctl("add-port", f"vpo-{seg.name}", here)

    def uplink(self, seg, device):
        self._ovs.vsctl("add-port", f"vpo-{seg.name}", device)

    def route(self, seg, mac, port):
        """It learns from the first frames."""
