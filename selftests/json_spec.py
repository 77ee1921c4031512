#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# vswctl -j and the specification: keys are its attribute names, and values are
# those that pyynl reads from the kernel, for objects of each kind, in dumps,
# single and in notifications.
#
#   here: s0, p1 attached, p2      a namespace: p3; and the interface of n0, on s1
#           +---------+-------------------+

import json
import os
import select
import struct
import subprocess
import sys

import vswtest
from vswtest import check_eq, run

MACS = "020000000001", "020000000002"
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NETNS = f"vsw-json-{os.getpid()}"
LOOKUPS = {}    # what lookup-get says, by name
PORTS = {}      # names, by switch and index


def vswctl(*words):
    return json.loads(run("vswctl", "-j", *words))


def plain(value, spec_set, sets):
    """What pyynl decodes, as JSON has it."""
    result = {}
    for name, item in value.items():
        spec = spec_set[name]
        if spec["type"] == "nest":
            nested = sets[spec["nested-attributes"]]
            item = ([plain(one, nested, sets) for one in item]
                    if isinstance(item, list) else plain(item, nested, sets))
        elif spec["type"] == "flag":
            item = True
        elif isinstance(item, set):
            item = sorted(item)
        elif name == "options":
            item = options(value)
        elif name == "trunk":
            item = vlans(item)
        result[name] = item
    return result


def vlans(bits):
    """The VLANs of a trunk, as a list of numbers and ranges."""
    ranges = []
    for vlan in range(8 * len(bits)):
        if not bits[vlan // 8] >> vlan % 8 & 1:
            continue
        if ranges and ranges[-1][1] == vlan - 1:
            ranges[-1][1] = vlan
        else:
            ranges.append([vlan, vlan])
    return ",".join(str(first) if first == last else f"{first}-{last}"
                    for first, last in ranges)


def options(switch):
    """The attributes of a switch's lookup, by name."""
    result, rest = {}, switch["options"]
    while rest:
        length, number = struct.unpack("=HH", rest[:4])
        attr = next(attr for attr in LOOKUPS[switch["lookup"]]["attr"]
                    if attr["id"] == number)
        # The lookups here have nothing but ports.
        port = PORTS[switch["name"], struct.unpack("=I", rest[4:length])[0]]
        if "multi" in attr["flags"]:
            result.setdefault(attr["name"], []).append(port)
        else:
            result[attr["name"]] = port
        rest = rest[(length + 3) & ~3:]
    return result


class Frames:
    """vswframe.py, which attaches ports and sends."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, f"{vswtest.HERE}/vswframe.py"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def quit(self):
        print("quit", file=self.process.stdin, flush=True)
        self.process.wait()


def same(name, words, decoded, ignore=()):
    """vswctl WORDS shows what pyynl has read."""
    shown = vswctl(*words)
    for obj in shown + decoded:
        for key in ignore:
            obj.pop(key, None)
    check_eq(name, shown, decoded)


def objects(family):
    def dump(kind, attrs=None):
        op = f"{kind}-get"
        sets = family.attr_sets
        return [plain(obj, family.ops[op].attr_set, sets)
                for obj in family.dump(op, attrs or {})]

    same("switch show, with statistics", ["-s", "switch", "show"],
         dump("switch"))
    same("switch show, without", ["switch", "show"], dump("switch"),
         ["reason"])
    same("region show", ["region", "show"], dump("region"))
    # The one key that is no attribute.
    same("lookup show", ["lookup", "show"],
         [lookup | {"loaded": True} for lookup in dump("lookup")])
    same("port show, with statistics", ["-s", "port", "show"], dump("port"))
    same("port show, without", ["port", "show"], dump("port"), ["stats"])
    same("port show of a switch", ["-s", "port", "show", "switch", "s0"],
         dump("port", {"switch": "s0"}))
    # The age is another one at each look.
    same("fdb show", ["fdb", "show"], dump("fdb"), ["age"])
    ages = [obj.get("age") for obj in vswctl("fdb", "show")]
    check_eq("a learned entry has an age, a static one has not",
             [isinstance(age, int) for age in ages], [False, True])


def single(family):
    def get(kind, attrs):
        op = f"{kind}-get"
        return [plain(family.do(op, attrs), family.ops[op].attr_set,
                      family.attr_sets)]

    for name in "s0", "s1":
        same(f"switch show {name}", ["-s", "switch", "show", name],
             get("switch", {"name": name}))
    same("lookup show NAME", ["lookup", "show", "static"],
         [get("lookup", {"name": "static"})[0] | {"loaded": True}])
    same("port show NAME", ["-s", "port", "show", "p3"],
         get("port", {"name": "p3"}))
    region = vswctl("port", "show", "p1")[0]["region"]
    same("region show id", ["region", "show", "id", str(region)],
         get("region", {"id": region}))
    entry = get("fdb", {"switch": "s0", "address": MACS[0], "vlan": 5})
    words = ["fdb", "show", "02:00:00:00:00:01", "switch", "s0"]
    same("fdb show MAC", words, entry)
    same("fdb show MAC of a VLAN", [*words, "vlan", "5"], entry)


def keys(value):
    """All keys of an object and of what is in it."""
    found = set()
    for key, item in value.items():
        found.add(key)
        if key == "options":
            continue
        for one in item if isinstance(item, list) else [item]:
            found |= keys(one) if isinstance(one, dict) else set()
    return found


def complete(family):
    """No attribute of a reply is without its key, if the object has it."""
    absent = {"port": {"netns-fd", "netns-pid"}, "fdb": {"dynamic", "replace"}}
    inside = {"port": ("stats", "drops"), "switch": ("reason",),
              "lookup": ("attr",)}
    for kind in "switch", "port", "region", "fdb", "lookup":
        shown = set()
        for obj in vswctl("-s", kind, "show"):
            shown |= keys(obj)
        names = set(family.attr_sets[kind].attrs)
        for nested in inside.get(kind, ()):
            names |= set(family.attr_sets[nested].attrs)
        names |= {"loaded"} if kind == "lookup" else set()
        check_eq(f"{kind}: all keys are shown", sorted(shown),
                 sorted(names - absent.get(kind, set())))


def changes(family):
    """What both listen to."""
    family.do("switch-set", {"name": "s0", "ageing": 7})
    family.do("port-new", {"name": "p4", "switch": "s0"})
    entry = {"switch": "s0", "address": MACS[1], "vlan": 1}
    family.do("fdb-new", entry | {"port": "p4"})
    family.do("fdb-del", entry)
    family.do("port-del", {"name": "p4"})
    family.do("switch-new", {"name": "the-end"})


def notifications(family):
    events = []
    listener = vswtest.family()
    listener.ntf_subscribe("switch")
    # It binds the socket, which can be done once only.
    for group in "port", "fdb":
        listener.sock.setsockopt(
            SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
            listener.nlproto.get_mcast_id(group, listener.mcast_groups))
    with subprocess.Popen(["vswctl", "-j", "-s", "monitor"], text=True,
                          stdout=subprocess.PIPE) as monitor:
        # It listens once it has told of something.
        while not select.select([monitor.stdout], [], [], 0.1)[0]:
            family.do("switch-set", {"name": "s0"})
        listener.check_ntf()
        listener.async_msg_queue.clear()
        changes(family)
        for line in monitor.stdout:
            event = json.loads(line)
            if event["msg"].get("name") == "the-end":
                break
            events.append(event)
        monitor.kill()
    listener.check_ntf()
    decoded = []
    for ntf in listener.async_msg_queue[:-1]:
        attr_set = family.msgs[ntf["name"]].attr_set
        decoded.append({"name": ntf["name"], "msg": plain(
            ntf["msg"], attr_set, family.attr_sets)})
    listener.sock.close()
    # Those that woke the monitor up have come before.
    check_eq("monitor tells what pyynl is told, under the same names",
             events[-len(decoded):], decoded)
    check_eq("of each kind", {event["name"] for event in decoded},
             {"switch-set-ntf", "port-new-ntf", "port-del-ntf", "fdb-new-ntf",
              "fdb-del-ntf"})


def main():
    family = vswtest.begin("static")
    for lookup in family.dump("lookup-get", {}):
        LOOKUPS[lookup["name"]] = lookup
    run("ip", "netns", "add", NETNS)
    frames = Frames()
    try:
        for words in ("switch add s0",
                      "switch add s1 fdb-max 7 link-local filter",
                      "port add p1 switch s0", "port add p2 switch s0 rings 2",
                      f"port add p3 switch s0 netns {NETNS}",
                      "port set p2 switch s0 vlan 5 trunk 7,20-30",
                      "fdb add 02:00:00:00:00:01 switch s0 vlan 5 port p2",
                      "port add q0 switch s1", "port add q1 switch s1",
                      "port add n0 switch s1 type netdev",
                      "switch set s1 lookup static connect q1 with q0"):
            run("vswctl", *words.split())
        run("ip", "link", "set", "n0", "netns", NETNS)
        for port in family.dump("port-get", {}):
            PORTS[port["switch"], port["index"]] = port["name"]
        frames("attach", "p1")
        frames("send", "p1", "02:00:00:00:00:01", "02:00:00:00:00:03")
        objects(family)
        single(family)
        complete(family)
        notifications(family)
    finally:
        frames.quit()
        for switch in family.dump("switch-get", {}):
            family.do("switch-del", {"name": switch["name"]})
        family.sock.close()
        run("ip", "netns", "del", NETNS)
    vswtest.finish()


if __name__ == "__main__":
    main()
