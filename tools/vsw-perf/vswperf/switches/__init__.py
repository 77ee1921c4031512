# SPDX-License-Identifier: GPL-2.0
"""The switches that are compared, by name."""
from ..error import AbsentError, UsageError
from .absent import Netmap, Snabb, Sriov, Vpp
from .afxdp import AfXdp
from .basicfwd import BasicFwd
from .linux_bridge import LinuxBridge
from .macvlan import Macvlan
from .ovs_dpdk import OvsDpdk
from .ovs_kernel import OvsKernel
from .veth_peer import VethPeer
from .vsw import Vsw, VswBlock
from .vsw_netdev import VswNetdev

ALL = {switch.name: switch for switch in (
    Vsw, VswBlock, VswNetdev, VethPeer, LinuxBridge, Macvlan, OvsKernel, AfXdp,
    OvsDpdk, BasicFwd, Vpp, Snabb, Netmap, Sriov)}


def get(name):
    """The class of a switch."""
    if name not in ALL:
        raise UsageError(f"switch '{name}' is none of {', '.join(ALL)}")
    return ALL[name]


def present(name):
    """The class of a switch that can be used here."""
    switch = get(name)
    reason = switch.missing()
    if reason:
        raise AbsentError(f"{name} is absent: {reason}")
    return switch


def split(names):
    """Those that are present, and why the others are not."""
    reasons = {name: get(name).missing() for name in names}
    return ([name for name in names if not reasons[name]],
            {name: reason for name, reason in reasons.items() if reason})
