# SPDX-License-Identifier: GPL-2.0
"""Open vSwitch with a datapath of its own, DPDK, and veth pairs.

vsw-gen has no virtio ports, so the switch takes the ends of the pairs that are
here with DPDK's driver for raw sockets. That is not as DPDK is at its best.
"""
import glob

from . import hugepages
from .base import InterfaceSwitch
from .ovs_daemons import Daemons
from .ovs_kernel import PROGRAMS

_VSWITCHD = "/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk"
_DRIVER = "/usr/lib/*/dpdk/pmds-*/librte_net_af_packet.so*"
_PAGES = 256


def driver_missing():
    """DPDK has its drivers in packages of their own."""
    return None if glob.glob(_DRIVER) else "install librte-net-af-packet23"


class OvsDpdk(InterfaceSwitch):
    """A learning switch: the flow NORMAL."""
    name = "ovs"
    kernel = ("veth",)
    programs = (*InterfaceSwitch.programs, *PROGRAMS,
                (_VSWITCHD, "openvswitch-switch-dpdk"))

    def __init__(self, stack):
        super().__init__(stack)
        self._ovs = None

    @classmethod
    def missing(cls):
        return super().missing() or driver_missing()

    def prepare(self):
        super().prepare()
        hugepages.reserve(_PAGES, self.stack)
        self._ovs = Daemons(self.stack, _VSWITCHD)
        self._ovs.start(dpdk_init="true", dpdk_socket_mem="256", dpdk_extra="--no-pci")

    def segment(self, seg):
        bridge = f"vpo-{seg.name}"
        self._ovs.vsctl("add-br", bridge, "--", "set", "Bridge", bridge,
                        "datapath_type=netdev")
        self.stack.callback(self._ovs.vsctl, "--if-exists", "del-br", bridge)

    def join(self, seg, port, pid):
        here = self.veth(port, pid)
        self._ovs.vsctl("add-port", f"vpo-{seg.name}", here, "--", "set", "Interface",
                        here, "type=dpdk",
                        f"options:dpdk-devargs=net_af_packet_{here},iface={here}")

    def route(self, seg, mac, port):
        """It learns from the first frames."""
