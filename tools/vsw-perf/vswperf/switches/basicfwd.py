# SPDX-License-Identifier: GPL-2.0
"""DPDK without a switch: testpmd forwards between pairs of ports, with veth."""
import subprocess
import tempfile
import time

from .. import command
from ..error import PerfError
from . import hugepages
from .base import InterfaceSwitch
from .ovs_dpdk import driver_missing

_PAGES = 256
_PATIENCE = 60


class BasicFwd(InterfaceSwitch):
    """Ports 0 and 1, 2 and 3, ... are joined; there is no lookup."""
    name = "basicfwd"
    wire = True
    kernel = ("veth",)
    programs = (*InterfaceSwitch.programs, ("dpdk-testpmd", "dpdk-dev"))

    def __init__(self, stack):
        super().__init__(stack)
        self._ends = []

    @classmethod
    def missing(cls):
        return super().missing() or driver_missing()

    def prepare(self):
        super().prepare()
        hugepages.reserve(_PAGES, self.stack)

    def join(self, seg, port, pid):
        self._ends.append(self.veth(port, pid))

    def start(self):
        words = [command.find("dpdk-testpmd"), "-l", "0,1", "--no-pci", "--in-memory",
                 "-m", "256"]
        for i, end in enumerate(self._ends):
            words += ["--vdev", f"net_af_packet{i},iface={end}"]
        words += ["--", "--forward-mode=io", "--auto-start", "--stats-period=1"]
        log = self.stack.enter_context(tempfile.TemporaryFile("w+"))
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        deadline = time.monotonic() + _PATIENCE
        while "Port statistics" not in self._text(log):
            if process.poll() is not None or time.monotonic() > deadline:
                raise PerfError(f"dpdk-testpmd does not start: {self._text(log)[-400:]}")
            time.sleep(0.1)

    @staticmethod
    def _text(log):
        log.seek(0)
        return log.read()
