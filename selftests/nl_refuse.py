#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# What netlink requests are refused for beyond the policy: objects that exist
# or do not, contradictions, and rights. The errno, the extack text and the
# offending attribute are asserted.

import ctypes
import errno
import json
import os
import sys

import vswtest
from vswtest import check_eq

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
NOBODY = 65534
PR_SET_DUMPABLE = 4
MAC1, MAC2, GROUP = "020000000001", "020000000002", "010000000001"
NAME_TEXT = ("a name must not be empty, '.' or '..', nor contain '/', ':' "
             "or spaces")
RIGHTS_TEXT = "CAP_NET_ADMIN over the namespace is needed"

# operation, attributes, errno, text, offending attribute
REFUSED = [
    ("switch-new", {"name": "s0"}, "EEXIST", "a switch of this name exists",
     "name"),
    ("switch-new", {"name": "a/b"}, "EINVAL", NAME_TEXT, "name"),
    ("switch-new", {"name": ".."}, "EINVAL", NAME_TEXT, "name"),
    ("switch-new", {"name": "s9", "lookup": "nix"}, "ENOENT",
     "no such lookup", "lookup"),
    ("switch-set", {"name": "s0", "lookup": "nix"}, "ENOENT",
     "no such lookup", "lookup"),
    ("switch-set", {"name": "s0", "ageing": 7, "options": bytes(8)}, "EINVAL",
     "this lookup has no attributes to set", "options"),
    ("switch-new", {"name": "s9", "lookup": "hub", "options": b""}, "EINVAL",
     "this lookup has no attributes to set", "options"),
    ("lookup-get", {"name": "nix"}, "ENOENT", "no such lookup", "name"),
    ("switch-get", {"name": "nix"}, "ENODEV", "no such switch", "name"),
    ("switch-set", {"name": "nix"}, "ENODEV", "no such switch", "name"),
    ("switch-del", {"name": "nix"}, "ENODEV", "no such switch", "name"),
    ("port-new", {"name": "p1", "switch": "s0"}, "EEXIST",
     "a port of this name exists", "name"),
    ("port-new", {"name": "p9", "switch": "nix"}, "ENODEV",
     "no such switch", "switch"),
    ("port-new", {"name": "a:b", "switch": "s0"}, "EINVAL", NAME_TEXT, "name"),
    ("port-new", {"name": "p9", "switch": "s0", "buf-size": 300}, "EINVAL",
     "the buffer size must be a multiple of 64", "buf-size"),
    ("port-new", {"name": "p9", "switch": "s0", "rings": 64, "slots": 4096,
                  "buf-size": 16384}, "E2BIG",
     "rings, slots and buffer size make a region of more than 4 GiB", None),
    ("port-new", {"name": "p9", "switch": "s0", "netns-fd": 999}, "EBADF",
     "no such network namespace", "netns-fd"),
    ("port-new", {"name": "p9", "switch": "s0", "netns-fd": 0}, "EINVAL",
     "no such network namespace", "netns-fd"),
    ("port-new", {"name": "p9", "switch": "s0", "netns-pid": 4194304},
     "ESRCH", "no such network namespace", "netns-pid"),
    ("port-new", {"name": "p9", "switch": "s0", "netns-id": 12345}, "EINVAL",
     "no such network namespace", "netns-id"),
    ("port-new", {"name": "p9", "switch": "s0", "netns-pid": 1,
                  "netns-id": 0}, "EINVAL",
     "only one of netns-id, netns-fd and netns-pid may be given", None),
    ("port-get", {"name": "nix"}, "ENODEV", "no such port", "name"),
    ("port-set", {"name": "nix", "rings": 2}, "ENODEV", "no such port",
     "name"),
    ("port-set", {"name": "p1", "buf-size": 300}, "EINVAL",
     "the buffer size must be a multiple of 64", "buf-size"),
    ("port-del", {"name": "nix"}, "ENODEV", "no such port", "name"),
    ("port-del", {"switch": "s0", "index": 7}, "ENODEV", "no such port",
     "index"),
    ("port-del", {"switch": "s0", "index": 0, "name": "p2"}, "ENODEV",
     "no such port", "name"),
    ("region-get", {"id": 999}, "ENOENT", "no such region", "id"),
    ("fdb-new", {"switch": "s0", "address": MAC1, "port": "p1"}, "EEXIST",
     "the address is there", "address"),
    ("fdb-new", {"switch": "s0", "address": GROUP, "port": "p1"},
     "EADDRNOTAVAIL", "not a unicast address", "address"),
    ("fdb-new", {"switch": "s0", "address": MAC2, "port": "nix"}, "ENODEV",
     "no such port", "port"),
    ("fdb-new", {"switch": "s0", "address": MAC2, "port-index": 7}, "ENODEV",
     "no such port", "port-index"),
    ("fdb-new", {"switch": "s0", "address": MAC2, "port": "p1",
                 "port-index": 1}, "ENODEV", "no such port", "port"),
    ("fdb-get", {"switch": "s0", "address": MAC2}, "ENOENT",
     "no such address", "address"),
    ("fdb-get", {"switch": "s0", "address": GROUP}, "EADDRNOTAVAIL",
     "not a unicast address", "address"),
    ("fdb-del", {"switch": "s0", "address": MAC2}, "ENOENT",
     "no such address", "address"),
    ("fdb-flush", {"switch": "s0", "port": "nix"}, "ENODEV", "no such port",
     "port"),
    ("fdb-flush", {"switch": "nix"}, "ENODEV", "no such switch", "switch"),
    ("port-set", {"name": "p1", "trunk": b"\1" + bytes(511)}, "EINVAL",
     "a VLAN is a number from 1 to 4094", "trunk"),
    ("port-new", {"name": "p9", "switch": "s0", "trunk": bytes(511) + b"\x80"},
     "EINVAL", "a VLAN is a number from 1 to 4094", "trunk"),
    ("fdb-new", {"switch": "s0", "address": MAC2, "port": "p1", "vlan": 5},
     "EINVAL", "the port does not carry this VLAN", "vlan"),
]

# A valid request of each operation that changes something
CHANGES = [
    ("switch-new", {"name": "s9"}), ("switch-set", {"name": "s0"}),
    ("switch-del", {"name": "s0"}), ("port-new", {"name": "p9",
                                                  "switch": "s0"}),
    ("port-set", {"name": "p1"}), ("port-del", {"name": "p1"}),
    ("fdb-new", {"switch": "s0", "address": MAC2, "port": "p1"}),
    ("fdb-del", {"switch": "s0", "address": MAC1}),
    ("fdb-flush", {"switch": "s0"}),
]


def refusal(family, ynl, name, attrs):
    """[errno, text, offending attribute]; [] if it was not refused."""
    try:
        family.do(name, attrs)
    except ynl.NlError as error:
        extack = error.nl_msg.extack or {}
        bad = extack.get("bad-attr")
        return [errno.errorcode[error.error], extack.get("msg"),
                bad and bad.lstrip(".")]
    return []


def in_child(function):
    """What a function returns in a process of its own, or the exception."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            result = function()
        except Exception as error:  # pylint: disable=broad-exception-caught
            result = repr(error)
        os.write(writer, json.dumps(result).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        result = json.load(pipe)
    os.waitpid(pid, 0)
    return result


def become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def unshare(flags):
    """Root of a user namespace that nobody has made."""
    become_nobody()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags):
        raise OSError(ctypes.get_errno(), "unshare")
    libc.prctl(PR_SET_DUMPABLE, 1)      # or /proc/self is root's
    with open("/proc/self/uid_map", "w", encoding="ascii") as mapping:
        mapping.write(f"0 {NOBODY} 1")


def tries(ynl, prepare):
    """Refusals of all changes, by a process that prepares itself."""
    def work():
        prepare()
        socket = ynl.YnlFamily(vswtest.SPEC, schema="")
        return [[name] + refusal(socket, ynl, name, attrs)
                for name, attrs in CHANGES]
    return in_child(work)


def foreign_port(ynl):
    """Give a port of an own switch to the namespace of process 1."""
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    family = ynl.YnlFamily(vswtest.SPEC, schema="")
    family.do("switch-new", {"name": "mine"})
    given = refusal(family, ynl, "port-new", {
        "name": "p9", "switch": "mine", "netns-fd": HERE})
    own = refusal(family, ynl, "port-new", {"name": "p9", "switch": "mine"})
    return [given, own]


def main():
    global HERE
    vswtest.publish_spec()
    family = vswtest.begin("hub")
    ynl = vswtest.ynl()
    HERE = os.open("/proc/self/ns/net", os.O_RDONLY)
    # What descriptor 0 is must not depend on who started us.
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    family.do("switch-new", {"name": "s0"})
    for port in ("p1", "p2"):
        family.do("port-new", {"name": port, "switch": "s0"})
    family.do("fdb-new", {"switch": "s0", "address": MAC1, "port": "p1"})

    def state():
        return [family.dump(f"{what}-get", {})
                for what in ("switch", "port", "fdb", "region")]

    before = state()
    for name, attrs, error, text, attr in REFUSED:
        words = " ".join(f"{key} {value}" for key, value in attrs.items())
        check_eq(f"{name} {words}", refusal(family, ynl, name, attrs),
                 [error, text, attr])

    expected = [[name, "EPERM", RIGHTS_TEXT, None] for name, _ in CHANGES]
    check_eq("nobody may change anything", tries(ynl, become_nobody), expected)
    check_eq("nor may root of a user namespace, in the netns of others",
             tries(ynl, lambda: unshare(CLONE_NEWUSER)), expected)
    check_eq("who owns both may have a switch, and no port in a foreign netns",
             in_child(lambda: foreign_port(ynl)),
             [["EPERM", "CAP_NET_ADMIN over the port's namespace is needed",
               "netns-fd"], []])
    check_eq("nothing has changed", state(), before)
    check_eq("nobody may read", in_child(
        lambda: [become_nobody(), len(family.dump("port-get", {}))][1]), 2)

    family.do("switch-del", {"name": "s0"})
    family.sock.close()
    vswtest.finish()


HERE = -1
if __name__ == "__main__":
    sys.exit(main())
