# SPDX-License-Identifier: GPL-2.0
"""Who is joined to whom: containers, their ports, and the segments between.

A segment is what one switch joins. A wire, such as a veth pair, joins two ports
only, so where switches have one segment for all, wires have several.
"""
import os
from dataclasses import dataclass, field

from .error import AbsentError


@dataclass
class Port:
    """A port of a container."""
    node: "Node"
    name: str
    mac: str
    ip: str
    rings: int = 1
    prefix: int = 15


@dataclass
class Node:
    """A container."""
    name: str
    cpu: str
    ports: list = field(default_factory=list)

    def port(self, mac, ip, rings=1):
        """Give it one more port."""
        port = Port(self, f"eth{len(self.ports)}", mac, ip, rings)
        self.ports.append(port)
        return port


@dataclass
class Segment:
    """Ports that are joined, and which addresses are behind which of them."""
    name: str
    ports: list
    routes: list
    uplink: str = ""


@dataclass
class App:
    """A program in a container: one port and its peer, or two ports."""
    kind: str
    port: Port
    peer_mac: str = ""
    peer_ip: str = ""
    out: Port = None
    rewrite: tuple = None
    ring: int = None
    sources: int = 1

    @property
    def node(self):
        """The container that it is in."""
        return self.port.node


@dataclass
class Topology:
    """All of it; the applications are in the order of their start."""
    nodes: list
    segments: list
    apps: list
    participants: str = "1vs1"

    def of(self, *kinds):
        """The applications of some kinds."""
        return [app for app in self.apps if app.kind in kinds]


def cpus():
    """Processors that may be used."""
    return sorted(os.sched_getaffinity(0))


def _cpu(i):
    here = cpus()
    return str(here[i % len(here)])


def _mac(i):
    return f"02:00:00:00:{i >> 8:02x}:{i & 255:02x}"


def _ip(i):
    return f"198.18.{i >> 8}.{i & 255}"


def _segment(number, ports):
    return Segment(f"s{number}", ports, [(port.mac, port) for port in ports])


def _pair_apps(sender, receiver, latency):
    first, second = ("client", "server") if latency else ("send", "recv")
    return [App(second, receiver, sender.mac, sender.ip),
            App(first, sender, receiver.mac, receiver.ip)]


def pairs(count, wire=False, latency=False):
    """NvsN: each sender has a receiver, and all share a switch."""
    nodes, ports, apps = [], [], []
    for i in range(count):
        ends = []
        for j, kind in enumerate(("tx", "rx")):
            node = Node(f"{kind}{i}", _cpu(j))
            nodes.append(node)
            ends.append(node.port(_mac(2 * i + j + 1), _ip(2 * i + j + 1)))
        ports += ends
        apps += _pair_apps(*ends, latency)
    segments = ([_segment(i, ports[2 * i:2 * i + 2]) for i in range(count)]
                if wire else [_segment(0, ports)])
    apps.sort(key=lambda app: app.kind in ("send", "client"))
    return Topology(nodes, segments, apps, f"{count}vs{count}")


def serial(forwarders):
    """A sender, a row of forwarders, and a receiver; a segment between each two."""
    nodes = [Node(name, _cpu(i)) for i, name in enumerate(
        ["tx", *(f"f{i}" for i in range(forwarders)), "rx"])]
    links = [(left.port(_mac(2 * i + 1), _ip(2 * i + 1)),
              right.port(_mac(2 * i + 2), _ip(2 * i + 2)))
             for i, (left, right) in enumerate(zip(nodes, nodes[1:]))]
    sender, receiver = links[0][0], links[-1][1]
    segments = [Segment(f"s{i}", [left, right],
                        [(sender.mac, left), (receiver.mac, right)])
                for i, (left, right) in enumerate(links)]
    apps = [App("recv", receiver, sender.mac, sender.ip)]
    apps += [App("forward", node.ports[0], out=node.ports[1])
             for node in nodes[-2:0:-1]]
    apps.append(App("send", sender, receiver.mac, receiver.ip))
    return Topology(nodes, segments, apps)


def parallel(forwarders, wire=False):
    """A sender that sprays over forwarders side by side, and one receiver.

    The sender has a program for each of them, on a ring pair of its own.
    """
    if wire:
        raise AbsentError("it joins two ports, side by side wants more")
    sender, receiver = Node("tx", _cpu(0)), Node("rx", _cpu(1))
    source = sender.port(_mac(1), _ip(1), rings=forwarders)
    sink = receiver.port(_mac(2), _ip(2))
    nodes, left, right = [sender], [source], [sink]
    apps = [App("recv", sink, source.mac, source.ip, sources=forwarders)]
    senders = []
    for i in range(forwarders):
        node = Node(f"f{i}", _cpu(i))
        nodes.append(node)
        into = node.port(_mac(2 * i + 3), _ip(2 * i + 3))
        out = node.port(_mac(2 * i + 4), _ip(2 * i + 4))
        left.append(into)
        right.append(out)
        apps.append(App("forward", into, out=out, rewrite=(sink.mac, out.mac)))
        senders.append(App("send", source, into.mac, sink.ip, ring=i))
    nodes.append(receiver)
    return Topology(nodes, [_segment(0, left), _segment(1, right)], apps + senders)


def from_containers(boxes, wire=False):
    """What a file of containers says."""
    ports, apps = {}, []
    for i, box in enumerate(boxes):
        node = Node(box.name, box.cpus or _cpu(i))
        port = Port(node, box.port, box.mac.lower(), box.ip, prefix=box.prefix)
        node.ports.append(port)
        ports[port.mac] = port
        apps.append(App(box.role, port, box.peer_mac.lower(), box.peer_ip))
    if wire:
        mates = {frozenset((app.port.mac, app.peer_mac)) for app in apps}
        if sorted(mac for mate in mates for mac in mate) != sorted(ports):
            raise AbsentError("it joins two ports, and the containers are no pairs")
        segments = [_segment(i, [ports[mac] for mac in sorted(mate)])
                    for i, mate in enumerate(sorted(mates, key=sorted))]
    else:
        segments = [_segment(0, list(ports.values()))]
    apps.sort(key=lambda app: app.kind in ("send", "client"))
    count = sum(app.kind in ("send", "client") for app in apps)
    return Topology([port.node for port in ports.values()], segments, apps,
                    f"{count}vs{len(apps) - count}")
