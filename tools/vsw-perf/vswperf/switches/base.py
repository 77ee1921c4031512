# SPDX-License-Identifier: GPL-2.0
"""What the switches have in common."""
from .. import command, modules
from ..error import AbsentError


class Switch:
    """A virtual switch: where it is, and how containers get ports of it.

    Each experiment makes a new one, and gives it a stack on which everything
    that it sets up puts its own removal.
    """
    name = ""
    backend = "socket"          # of vsw-gen: ring, socket or xdp
    wire = False                # joins two ports only
    kernel = ()                 # modules
    programs = ()               # pairs of a command and its package

    def __init__(self, stack):
        self.stack = stack
        self._count = 0

    @classmethod
    def missing(cls):
        """What it needs and is not there, or None."""
        for program, package in cls.programs:
            if not command.find(program):
                return f"install {package}"
        for module in cls.kernel:
            if not modules.exists(module):
                return f"no module {module} for this kernel"
        return None

    def prepare(self):
        """What must be there before containers are."""
        for module in self.kernel:
            modules.load(module, self.stack)

    def segment(self, seg):
        """Make what joins the ports of a segment."""

    def attach(self, seg, port, pid):
        """Give the container of process PID a port of the segment."""
        raise NotImplementedError

    def route(self, seg, mac, port):
        """MAC is behind that port."""

    def uplink(self, seg, device):
        """Join a segment to an interface of the machine, which is up."""
        raise AbsentError(f"{self.name} takes no interface of the machine")

    def start(self):
        """All ports and routes are there."""

    def unique(self):
        """A name for an interface of the host."""
        self._count += 1
        return f"vp{self._count}"

    def undo(self, *words):
        """Run this in the end."""
        self.stack.callback(command.quiet, *words)


def address(port, pid, peers):
    """Set up an interface in a container: addresses, neighbours, up.

    It must not speak by itself.
    """
    command.in_netns(pid, "sysctl", "-qw",
                     f"net.ipv6.conf.{port.name}.disable_ipv6=1")
    command.in_netns(pid, "ip", "link", "set", "dev", port.name,
                     "address", port.mac, "up")
    command.in_netns(pid, "ip", "addr", "add", f"{port.ip}/{port.prefix}",
                     "dev", port.name)
    for ip, mac in peers:
        command.in_netns(pid, "ip", "neigh", "replace", ip, "lladdr", mac,
                         "dev", port.name)


class InterfaceSwitch(Switch):
    """Containers get a network interface each."""
    programs = (("ip", "iproute2"), ("nsenter", "util-linux"))

    def attach(self, seg, port, pid):
        self.join(seg, port, pid)
        peers = [(other.ip, other.mac) for other in seg.ports if other is not port]
        address(port, pid, peers)

    def join(self, seg, port, pid):
        """Put the interface of a port there."""
        raise NotImplementedError

    def veth(self, port, pid):
        """Make a veth pair into a container; the name of the end that is here."""
        here = self.unique()
        command.run("ip", "link", "add", here, "type", "veth",
                    "peer", "name", port.name, "netns", pid)
        self.undo("ip", "link", "del", here)
        command.run("sysctl", "-qw", f"net.ipv6.conf.{here}.disable_ipv6=1")
        command.run("ip", "link", "set", here, "up")
        return here


def redirect(pid, into, out, rewrite):
    """A forwarder in the kernel: what comes in at one interface leaves by another.

    There is no cheaper one, so chains of interfaces are shown at their best.
    """
    command.in_netns(pid, "tc", "qdisc", "add", "dev", into, "clsact")
    action = []
    if rewrite:
        action = ["action", "skbmod", "set", "dmac", rewrite[0],
                  "set", "smac", rewrite[1], "pipe"]
    command.in_netns(pid, "tc", "filter", "add", "dev", into, "ingress", "matchall",
                     *action, "action", "mirred", "egress", "redirect", "dev", out)


REDIRECT_MODULES = "sch_ingress", "cls_matchall", "act_mirred", "act_skbmod"
