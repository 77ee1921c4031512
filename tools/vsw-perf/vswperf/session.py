# SPDX-License-Identifier: GPL-2.0
"""Containers that are running, and joined by a switch."""
import os
from contextlib import ExitStack

from . import command, containers, modules
from .error import PerfError
from .switches import base


class Session:
    """From its begin to its end everything is there that programs need."""

    def __init__(self, switch, topology):
        self.topology = topology
        self._stack = ExitStack()
        self.switch = switch(self._stack)
        self._boxes = None

    def __enter__(self):
        reason = containers.missing()
        if os.getuid():
            reason = "needs root"
        if reason:
            raise PerfError(reason)
        try:
            self._begin()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *what):
        self._stack.close()

    def _begin(self):
        self.switch.prepare()
        self._boxes = containers.Containers(self._stack)
        for node in self.topology.nodes:
            self._boxes.start(node)
        for seg in self.topology.segments:
            self.switch.segment(seg)
            for port in seg.ports:
                self.switch.attach(seg, port, self._boxes.pid(port.node))
            for mac, port in seg.routes:
                self.switch.route(seg, mac, port)
            if seg.uplink:
                self._uplink(seg)
        self.switch.start()
        self._redirect()

    def _uplink(self, seg):
        link = command.run_json("ip", "-j", "link", "show", "dev", seg.uplink)[0]
        if "UP" not in link["flags"]:
            command.run("ip", "link", "set", seg.uplink, "up")
            self._stack.callback(command.quiet, "ip", "link", "set", seg.uplink, "down")
        self.switch.uplink(seg, seg.uplink)

    def _redirect(self):
        """Forwarders between interfaces are the kernel's."""
        if self.switch.backend == "ring":
            return
        for app in self.topology.of("forward"):
            for module in base.REDIRECT_MODULES:
                modules.load(module, self._stack)
            base.redirect(self._boxes.pid(app.node), app.port.name, app.out.name,
                          app.rewrite)

    @property
    def apps(self):
        """What is a program of ours."""
        if self.switch.backend == "ring":
            return self.topology.apps
        return [app for app in self.topology.apps if app.kind != "forward"]

    def check(self):
        """Nobody has died."""
        for node in self.topology.nodes:
            if not self._boxes.alive(node):
                raise PerfError(f"container {node.name} has died")

    def popen(self, app, words, out, err):
        """Start an application."""
        return self._boxes.popen(app.node, words, out, err)

    def _show(self, port):
        return command.run_json("vswctl", "-j", "-s", "port", "show", port.name,
                                "netns", self._boxes.pid(port.node))[0]

    def taken(self, port):
        """Frames that the switch has taken from a ring port."""
        return self._show(port).get("stats", {}).get("tx-frames", 0)

    def is_open(self, app, load):
        """An application has opened what it receives from."""
        pid = self._boxes.pid(app.node)
        if self.switch.backend == "ring":
            return self._show(app.port).get("attached") == 1
        if self.switch.backend == "xdp":
            return "prog/xdp" in command.in_netns(pid, "ip", "-d", "link", "show",
                                                  "dev", app.port.name)
        kind = "packet" if load.raw else "udp"
        with open(f"/proc/{pid}/net/{kind}", encoding="ascii") as file:
            return len(file.readlines()) > 1
