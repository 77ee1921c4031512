# SPDX-License-Identifier: GPL-2.0
"""The file that lists containers: bash arrays, the i-th value is the i-th's.

It is read, not run. An array that is not known is allowed, as are comments and
the backslashes that end lines.
"""
import ipaddress
import re
import shlex
from dataclasses import dataclass

from .error import UsageError

ROLES = {"send": "send", "recv": "recv", "client": "client",
         "clientst": "client", "server": "server"}
_MAC = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")
_ARRAY = re.compile(r"(\w+)=\((.*?)\)", re.DOTALL)
_NEEDED = "NAMES", "MACS", "IPS", "OTHER_IPS", "OTHER_MACS", "CMDNAMES"


@dataclass
class Container:
    """One container, its application, and where its peer is."""
    name: str
    mac: str
    ip: str
    prefix: str
    peer_mac: str
    peer_ip: str
    role: str
    port: str = "eth0"
    cpus: str = ""


def _strip_comments(text):
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)


def _arrays(text, path):
    text = _strip_comments(text).replace("\\\n", " \n")
    arrays = {}
    for match in _ARRAY.finditer(text):
        if not match[1].startswith("LXC_CONT_"):
            raise UsageError(f"{path}: '{match[1]}' does not begin with LXC_CONT_")
        arrays[match[1].removeprefix("LXC_CONT_")] = shlex.split(match[2], comments=True)
    rest = _ARRAY.sub("", text).split()
    if rest:
        raise UsageError(f"{path}: '{rest[0]}' is not in an array NAME=(...)")
    return arrays


def _check_lengths(arrays, path):
    for name in _NEEDED:
        if name not in arrays:
            raise UsageError(f"{path}: no array LXC_CONT_{name}")
    count = len(arrays["NAMES"])
    if not count:
        raise UsageError(f"{path}: LXC_CONT_NAMES is empty")
    for name, values in arrays.items():
        if len(values) != count:
            raise UsageError(f"{path}: LXC_CONT_{name} has {len(values)} values, "
                             f"LXC_CONT_NAMES has {count}")
    return count


def _check(box, path):
    where = f"{path}: {box.name}"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", box.name):
        raise UsageError(f"{path}: '{box.name}' is no name for a container")
    for mac in box.mac, box.peer_mac:
        if not _MAC.fullmatch(mac):
            raise UsageError(f"{where}: '{mac}' is not an Ethernet address")
    try:
        ipaddress.IPv4Interface(f"{box.ip}/{box.prefix}")
        ipaddress.IPv4Address(box.peer_ip)
    except ValueError as error:
        raise UsageError(f"{where}: {error}") from None
    if box.role not in ROLES:
        raise UsageError(f"{where}: '{box.role}' is none of {', '.join(ROLES)}")
    box.role = ROLES[box.role]


def parse(text, path):
    """Containers of a file with this text."""
    arrays = _arrays(text, path)
    count = _check_lengths(arrays, path)
    boxes = []
    for i in range(count):
        def value(name, default="", i=i):
            return arrays[name][i] if name in arrays else default

        box = Container(value("NAMES"), value("MACS"), value("IPS"),
                        value("NMASKS", "24"), value("OTHER_MACS"),
                        value("OTHER_IPS"), value("CMDNAMES"),
                        value("VSWPORTS", "eth0"), value("CPUS"))
        _check(box, path)
        if box.name in (other.name for other in boxes):
            raise UsageError(f"{path}: {box.name} is there twice")
        boxes.append(box)
    return boxes


def load(path):
    """Containers of a file."""
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read(), path)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        raise UsageError(f"container file {path}: {reason}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


def split_local(boxes):
    """Those that have their peer in the file, and those that have not."""
    macs = {box.mac.lower() for box in boxes}
    here = [box for box in boxes if box.peer_mac.lower() in macs]
    return here, [box for box in boxes if box not in here]
