# SPDX-License-Identifier: GPL-2.0
"""Command lines for vsw-gen, and what it prints."""
import json
import re
from dataclasses import dataclass

from .error import PerfError
from .ranges import MAX

# What a line of each second begins with, and the rate in it.
_LINE = re.compile(r"^(?:received|returned|attempted) .*?([0-9]+) pps", re.MULTILINE)


@dataclass
class Load:
    """What is sent, and how."""
    rate: object = MAX
    burst: int = 32
    size: int = 64
    seconds: float = 60
    raw: bool = False
    blocking: bool = False
    mmsg: bool = False
    touch: bool = False
    integrity: bool = False


def _backend(app, switch, load):
    if switch.backend == "ring":
        words = ["--port", app.port.name]
        return words + (["--ring", str(app.ring)] if app.ring is not None else [])
    if switch.backend == "xdp":
        return ["--xdp", app.port.name]
    words = ["-R", app.port.name] if load.raw else []
    return words + ["-m"] * load.mmsg + ["-B"] * load.blocking


def _traffic(load):
    words = ["-p", str(load.size)]
    return words + ([] if load.rate == MAX else ["-r", str(load.rate)])


def _bounds(app, load, idle, late):
    """Who sends ends after the time; the others when nothing comes for IDLE
    seconds, or has not come LATE seconds after it should have."""
    if app.kind in ("send", "client"):
        return ["-t", f"{load.seconds:g}", *_traffic(load)]
    return ["--wait", f"{idle:g}", "-t", f"{load.seconds + late:g}"]


def words(app, switch, load, idle, late):
    """The command for an application."""
    options = ["-j", "-b", str(load.burst), *_bounds(app, load, idle, late)]
    if app.kind == "forward":
        rewrite = ["--dst", app.rewrite[0], "--src", app.rewrite[1]] if app.rewrite else []
        return ["vsw-gen", "forward", "--in", app.port.name, "--out", app.out.name,
                *rewrite, *["-i"] * bool(load.integrity and rewrite), *options]
    if app.kind == "recv" and load.integrity:
        options += ["--sources", str(app.sources)]
    return ["vsw-gen", app.kind, app.port.ip, app.port.mac, app.peer_ip, app.peer_mac,
            *_backend(app, switch, load), *["-c"] * load.touch,
            *["-i"] * load.integrity, *options]


def samples(text):
    """Rates of each second, from the lines on standard error."""
    return [int(rate) for rate in _LINE.findall(text)]


def result(text, who):
    """The summary."""
    try:
        return json.loads(text)
    except ValueError:
        raise PerfError(f"{who}: vsw-gen has printed no JSON: {text!r}") from None
