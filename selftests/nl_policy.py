#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# What the netlink policy refuses: each attribute of each request, with values
# below and above its range, of a wrong length, where it is not allowed, and
# absent where it is needed. Everything is derived from the specification, or from
# what the kernel tells of the attributes of lookups. The
# errno, the extack text and the offending attribute are asserted, and that
# nothing has changed in the end.

import errno
import socket
import struct

import vswtest
from vswtest import check_eq

HEADER = 20     # netlink and generic netlink
REPLY_OF_KERNEL = 128 * 1024

VALID = {"name": b"zz\0", "switch": b"zz\0", "lookup": b"learn\0",
         "port": b"zz\0", "address": b"\2\0\0\0\0\1", "static": b"",
         "dynamic": b""}
FAILED = "Attribute failed policy validation"
LENGTH = "invalid attribute length"
RANGE = "integer out of range"
LEFTOVER = "bytes leftover after parsing attributes"


def attr(number, payload):
    pad = b"\0" * (-len(payload) % 4)
    return struct.pack("=HH", len(payload) + 4, number) + payload + pad


class Raw:
    """Requests that no library would send, and what comes back."""

    def __init__(self, family, ynl):
        self.family, self.ynl = family, ynl

    def message(self, command, body, flags=5, reserved=0):
        return struct.pack("=IHHIIBBH", HEADER + len(body),
                           self.family.nlproto.family_id, flags, 1, 0, command,
                           1, reserved) + body

    def answers(self, *messages):
        """Send, in one datagram; (errno, text, bad offset, missing)."""
        answers = []
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16) as sock:
            for option in (10, 11, 12):     # CAP_ACK, EXT_ACK, STRICT_CHK
                sock.setsockopt(270, option, 1)
            # A request without an answer must not hang the test.
            sock.settimeout(30)
            sock.send(b"".join(messages))
            while not answers:
                for msg in self.ynl.NlMsgs(sock.recv(REPLY_OF_KERNEL)):
                    if msg.done:
                        extack = msg.extack or {}
                        answers.append((-msg.error, extack.get("msg"),
                                        extack.get("bad-attr-offs"),
                                        extack.get("miss-type")))
        return answers[0]

    def refusal(self, command, attrs, dump=False):
        """Attributes as (number, payload); the last one is on trial."""
        body = b"".join(attr(*a) for a in attrs)
        last = HEADER + len(body) - len(attr(*attrs[-1]))
        error, text, offset, _ = self.answers(
            self.message(command, body, 0x301 if dump else 5))
        return (errno.errorcode.get(error, error), text,
                "it" if offset == last else offset)


def bad_values(spec, enums):
    """(what, payload, errno, text) for an attribute that is allowed."""
    kind, checks = spec["type"], spec.get("checks", {})
    if kind in ("u32", "s32"):
        if "enum" in spec:
            checks = {"max": len(enums[spec["enum"]]) - 1}
        if checks.get("min", 0) > 0:
            yield ("below its range", struct.pack("=I", checks["min"] - 1),
                   "ERANGE", RANGE)
        if "max" in checks:
            yield ("above its range", struct.pack("=I", checks["max"] + 1),
                   "ERANGE", RANGE)
        yield "too short", b"\1\0", "EINVAL", LENGTH
        yield "too long", b"\1\0\0\0\0\0\0\0", "EINVAL", LENGTH
    elif kind == "string":
        yield "empty", b"", "EINVAL", FAILED
        yield "unterminated", b"zz", "EINVAL", FAILED
        yield ("too long", b"z" * (checks["max-len"] + 1) + b"\0", "EINVAL",
               FAILED)
    elif kind == "binary" and checks:
        size = checks["exact-len"]
        for what, length in (("too short", size - 1), ("too long", size + 1)):
            yield (what, bytes(length), "ERANGE",
                   "binary attribute size out of range")
    elif kind == "flag":
        yield "not empty", b"\1\0\0\0", "ERANGE", FAILED


def try_request(raw, op, mode, enums):
    """All attributes of one request."""
    request = op.yaml[mode].get("request") or {}
    allowed = request.get("attributes", [])
    specs = op.attr_set.attrs
    highest = max((specs[name].value for name in allowed), default=1)
    where = op.name + (" dump" if mode == "dump" else "")
    dump = mode == "dump"

    for name, spec in specs.items():
        if name in allowed:
            for what, payload, error, text in bad_values(spec.yaml, enums):
                check_eq(f"{where}: {name} {what}",
                         raw.refusal(op.req_value, [(spec.value, payload)],
                                     dump), (error, text, "it"))
            continue
        text = ("Unknown attribute type" if spec.value > highest else
                "Unsupported attribute")
        if not allowed:
            continue
        check_eq(f"{where}: {name} is not for it",
                 raw.refusal(op.req_value,
                             [(spec.value, VALID.get(name, bytes(4)))], dump),
                 ("EINVAL", text, "it"))
    if not allowed:
        # There is no policy that could have words for it.
        check_eq(f"{where}: no attribute is for it",
                 raw.refusal(op.req_value, [(1, bytes(4))], dump)[0], "EINVAL")
        return
    check_eq(f"{where}: an unknown attribute",
             raw.refusal(op.req_value, [(200, bytes(4))], dump),
             ("EINVAL", "Unknown attribute type", "it"))


NEEDED = {
    "switch-get": ["name"], "switch-new": ["name"], "switch-set": ["name"],
    "switch-del": ["name"], "port-get": ["name"],
    "port-new": ["name", "switch"], "port-set": ["name"],
    "port-del": ["name"], "region-get": ["id"],
    "fdb-get": ["switch", "address"], "fdb-new": ["switch", "address", "port"],
    "fdb-del": ["switch", "address"], "fdb-flush": ["switch"],
    "lookup-get": ["name"],
}


def missing(raw, ops):
    """Without each attribute that a request needs, but with those before."""
    for op_name, needed in NEEDED.items():
        op = ops[op_name]
        for name in needed:
            body = b""
            for other in needed[:needed.index(name)]:
                value = b"s0\0" if other == "switch" else VALID[other]
                body += attr(op.attr_set[other].value, value)
            error, _, _, miss = raw.answers(raw.message(op.req_value, body))
            check_eq(f"{op_name}: {name} is missing",
                     (errno.errorcode.get(error), miss),
                     ("EINVAL", op.attr_set[name].value))


def bad_option_values(kind):
    """(what, payload, errno, text) for an attribute of a lookup."""
    if kind in ("u32", "port"):
        yield "too short", b"\1\0", "EINVAL", LENGTH
        yield "too long", bytes(8), "EINVAL", LENGTH
    elif kind == "address":
        for size in 5, 7:
            yield f"of {size} bytes", bytes(size), "EINVAL", FAILED
    else:
        yield "unterminated", b"zz", "EINVAL", FAILED
        yield "empty", b"", "EINVAL", FAILED


def options(raw, family):
    """The attributes of lookups, which are no part of the specification."""
    command = family.ops["switch-set"].req_value
    number = {name: attr.value for name, attr in
              family.attr_sets["switch"].attrs.items()}

    def refusal(lookup, *attrs):
        body = b"".join(attr(*a) for a in attrs)
        before = attr(number["name"], b"s0\0") + attr(
            number["lookup"], lookup.encode() + b"\0")
        error, text, offset, _ = raw.answers(raw.message(
            command, before + attr(number["options"], body)))
        last = HEADER + len(before) + 4 + len(body) - len(attr(*attrs[-1]))
        return (errno.errorcode.get(error, error), text,
                "it" if offset == last else offset)

    for lookup in family.dump("lookup-get", {}):
        name, attrs = lookup["name"], lookup.get("attr", [])
        if not attrs:
            check_eq(f"{name}: options, but it has none",
                     refusal(name, (1, bytes(4)))[0], "EINVAL")
            continue
        for one in attrs:
            for what, payload, error, text in bad_option_values(one["type"]):
                check_eq(f"{name}: {one['name']} {what}",
                         refusal(name, (one["id"], payload)),
                         (error, text, "it"))
        check_eq(f"{name}: an unknown attribute",
                 refusal(name, (len(attrs) + 1, bytes(4))),
                 ("EINVAL", "Unknown attribute type", "it"))
        check_eq(f"{name}: attribute 0", refusal(name, (0, bytes(4)))[0],
                 "EINVAL")


def malformed(raw, ops):
    get = ops["switch-get"].req_value
    port_get = ops["port-get"]
    name = attr(1, b"s0\0")
    good = raw.message(get, name)

    def check(what, message, error, text=None):
        check_eq(what, raw.answers(message)[:2], (error, text))

    check("an unknown command", raw.message(200, b""), errno.EOPNOTSUPP)
    check("a dump of what cannot be dumped",
          raw.message(ops["switch-new"].req_value, name, 0x301),
          errno.EOPNOTSUPP)
    check("a message without a generic netlink header",
          struct.pack("=IHHII", 16, raw.family.nlproto.family_id, 5, 1, 0),
          errno.EINVAL)
    check("the reserved word of the header", raw.message(get, name, 5, 7),
          errno.EINVAL, "genlmsghdr.reserved field is not 0")
    check("an attribute shorter than its header",
          raw.message(get, struct.pack("=HH", 2, 1) + b"s0\0\0"),
          errno.EINVAL, LEFTOVER)
    check("an attribute longer than the message",
          raw.message(get, struct.pack("=HH", 200, 1) + b"s0\0\0"),
          errno.EINVAL, LEFTOVER)
    check("bytes behind the last attribute", raw.message(get, name + b"\0\0"),
          errno.EINVAL, LEFTOVER)
    check("a dump of an unknown switch",
          raw.message(port_get.req_value,
                      attr(port_get.attr_set["switch"].value, b"nix\0"),
                      0x301), errno.ENODEV, "no such switch")
    # The kernel passes over it in silence; the socket works nevertheless.
    truncated = struct.pack("=I", 4096) + good[4:]
    check_eq("a truncated message behind a good one changes nothing",
             raw.answers(good, truncated)[0], 0)


def main():
    family = vswtest.begin("hub", "static")
    raw = Raw(family, vswtest.ynl())
    enums = {name: [entry for entry in const.entries]
             for name, const in family.consts.items()}
    family.do("switch-new", {"name": "s0"})
    before = family.dump("switch-get", {}), family.dump("port-get", {})

    for op in family.ops.values():
        for mode in ("do", "dump"):
            if mode in op.yaml:
                try_request(raw, op, mode, enums)
    missing(raw, family.ops)
    options(raw, family)
    malformed(raw, family.ops)

    check_eq("nothing has changed", (family.dump("switch-get", {}),
                                     family.dump("port-get", {})), before)
    family.do("switch-del", {"name": "s0"})
    family.sock.close()
    vswtest.finish()


if __name__ == "__main__":
    main()
