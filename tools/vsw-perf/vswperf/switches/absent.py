# SPDX-License-Identifier: GPL-2.0
"""Switches that Debian does not have: they are named, not skipped in silence."""
from .base import Switch


class _Absent(Switch):
    why = ""

    @classmethod
    def missing(cls):
        return cls.why


class Vpp(_Absent):
    """Vector packet processing."""
    name = "vpp"
    why = "no package vpp in Debian"


class Snabb(_Absent):
    """A switch in Lua."""
    name = "snabb"
    why = "no package snabb in Debian"


class Netmap(_Absent):
    """VALE."""
    name = "netmap"
    why = "no package netmap in Debian"


class Sriov(_Absent):
    """The switch in a network card."""
    name = "sriov"
    why = "needs a network card with virtual functions"
