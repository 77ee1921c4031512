# SPDX-License-Identifier: GPL-2.0
"""AF_XDP on the two ends of a veth pair."""
from .. import command
from ..error import PerfError
from .veth_peer import VethPeer


class AfXdp(VethPeer):
    """There is no copy to the user's memory less: veth does not do that."""
    name = "afxdp"
    backend = "xdp"

    @classmethod
    def missing(cls):
        try:
            command.run("vsw-gen", "recv", "192.0.2.1", "02:00:00:00:00:01",
                        "192.0.2.2", "02:00:00:00:00:02", "--xdp", "vsw-perf-none")
        except PerfError as error:
            if "libxdp" in str(error) or "xdp" not in command.run("vsw-gen", "--help"):
                return "vsw-gen is built without it: install libxdp-dev and make"
        return super().missing()
