#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# libvsw has the attributes of the specification, each with its number and type,
# the operations, and nothing else. KTAP.

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
SPEC = os.path.join(HERE, "../../../Documentation/netlink/specs/vsw.yaml")

print("TAP version 13")
try:
    import yaml
except ImportError:
    print("1..0 # SKIP install python3-yaml")
    sys.exit(4)


def spec_attrs(spec):
    """The lines that attrs.c should print."""
    enums = {d["name"]: [e["name"] if isinstance(e, dict) else e
                         for e in d["entries"]]
             for d in spec["definitions"] if d["type"] in ("enum", "flags")}
    for attr_set in spec["attribute-sets"]:
        for number, attr in enumerate(attr_set["attributes"], 1):
            words = [attr_set["name"], str(number), attr["name"], attr["type"]]
            if "nested-attributes" in attr:
                words.append(attr["nested-attributes"])
            if attr.get("multi-attr"):
                words.append("multi")
            yield " ".join(words + enums.get(attr.get("enum"), []))


def spec_ops(spec):
    """The operations, and the objects that they are about."""
    sets = {}
    for op in spec["operations"]["list"]:
        sets[op["name"]] = op.get("attribute-set") or sets[op["notify"]]
    return sorted(sets.items())


def library_ops():
    with open(os.path.join(HERE, "../nl_ops.c"), encoding="utf-8") as source:
        found = re.findall(r'\{ "([a-z-]+)", VSW_NL_([A-Z]+) \}', source.read())
    return sorted((name, obj.lower()) for name, obj in found)


def check(number, name, actual, expected):
    print("ok" if actual == expected else "not ok", number, name)
    for line in sorted(set(map(str, actual)) ^ set(map(str, expected))):
        print("#", line)
    return actual == expected


with open(SPEC, encoding="utf-8") as file:
    SPEC_DATA = yaml.safe_load(file)
ATTRS = subprocess.run([os.path.join(HERE, "attrs")], check=True, text=True,
                       stdout=subprocess.PIPE).stdout.splitlines()
print("1..2")
GOOD = check(1, "attributes", sorted(ATTRS), sorted(spec_attrs(SPEC_DATA)))
GOOD &= check(2, "operations", library_ops(), spec_ops(SPEC_DATA))
sys.exit(0 if GOOD else 1)
