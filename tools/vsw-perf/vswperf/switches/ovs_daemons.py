# SPDX-License-Identifier: GPL-2.0
"""A database server and a switch daemon of Open vSwitch for one experiment."""
import os
import shutil
import subprocess
import tempfile
import time

from .. import command
from ..error import PerfError

SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"


class Daemons:
    """Both of them, in a directory of their own."""

    def __init__(self, stack, vswitchd="ovs-vswitchd"):
        self._stack = stack
        self._dir = tempfile.mkdtemp(prefix="vsw-perf-ovs.")
        self._env = {**os.environ, "OVS_RUNDIR": self._dir, "OVS_LOGDIR": self._dir,
                     "OVS_DBDIR": self._dir, "OVS_SYSCONFDIR": self._dir}
        self._socket = f"unix:{self._dir}/db.sock"
        self._vswitchd = vswitchd
        stack.callback(shutil.rmtree, self._dir, ignore_errors=True)

    def start(self, **config):
        """Start them; CONFIG is other_config of the switch daemon."""
        database = f"{self._dir}/conf.db"
        command.run("ovsdb-tool", "create", database, SCHEMA)
        self._spawn("ovsdb-server", database, f"--remote=p{self._socket}")
        self._wait(lambda: os.path.exists(f"{self._dir}/db.sock"), "ovsdb-server")
        self.vsctl("--no-wait", "init")
        for name, value in config.items():
            self.vsctl("--no-wait", "set", "Open_vSwitch", ".",
                       f"other_config:{name.replace('_', '-')}={value}")
        self._spawn(self._vswitchd, self._socket)
        self._wait(self._answers, self._vswitchd)

    def vsctl(self, *words):
        """Run ovs-vsctl; the switch daemon has done it when it returns."""
        return command.run("ovs-vsctl", f"--db={self._socket}", "--timeout=30", *words)

    def _spawn(self, name, *words):
        with open(self._log(name), "wb") as log:
            process = subprocess.Popen([command.find(name), *words], env=self._env,
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._stack.callback(self._end, process)

    @staticmethod
    def _end(process):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _answers(self):
        try:
            self.vsctl("--timeout=1", "show")
            return self.vsctl("get", "Open_vSwitch", ".", "cur_cfg").strip() != "[]"
        except PerfError:
            return False

    def _wait(self, condition, name):
        deadline = time.monotonic() + 30
        while not condition():
            if time.monotonic() > deadline:
                raise PerfError(f"{name} does not start: {self._output(name)}")
            time.sleep(0.05)

    def _log(self, name):
        return f"{self._dir}/{os.path.basename(name)}.out"

    def _output(self, name):
        with open(self._log(name), encoding="utf-8", errors="replace") as file:
            return file.read().strip()
