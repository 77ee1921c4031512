# SPDX-License-Identifier: GPL-2.0
#
# What the tests in Python share: KTAP, the module, and pyynl, the library of
# the kernel's tools/net/ynl, with the specification of vsw.

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.environ.get("VSW_TOP", os.path.dirname(HERE))
SPEC = f"{TOP}/Documentation/netlink/specs/vsw.yaml"
VSWCTL = f"{TOP}/tools/vswctl/vswctl"
MARK = f"vsw selftest {os.path.basename(sys.argv[0])} {os.getpid()} begins"

os.environ["PATH"] = (f"{TOP}/tools/vswctl:{TOP}/tools/vsw-gen:"
                      f"{os.environ['PATH']}:/usr/sbin:/sbin")
os.environ["LD_LIBRARY_PATH"] = f"{TOP}/tools/lib"

points = 0
failed = 0


def publish_spec():
    """Put the specification where everybody can read it: the tree may be in
    a directory that is root's alone."""
    global SPEC
    public = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, public)
    os.chmod(public, 0o755)
    SPEC = shutil.copy(SPEC, public)


def run(*words, check=True):
    """Run a command; its output as text."""
    return subprocess.run(words, check=check, text=True,
                          stdout=subprocess.PIPE).stdout


def diag(text):
    for line in str(text).splitlines():
        print(f"# {line}")


def check_eq(name, actual, expected):
    """One test point."""
    global points, failed
    points += 1
    good = actual == expected
    print(f"{'ok' if good else 'not ok'} {points} {name.replace('#', '')}",
          flush=True)
    if not good:
        failed += 1
        diag(f"is       {actual}")
        diag(f"expected {expected}")


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(4)


def finish():
    """The kernel log, the plan, and the end."""
    log = run("dmesg").rpartition(MARK)[2]
    # The same words as for the shell scripts.
    bad = run("bash", "-c", '. "$1/lib.sh"; echo "$KMSG_BAD"', "bash", HERE)
    check_eq("kernel log",
             [line for line in log.splitlines()
              if re.search(bad.strip(), line)], [])
    print(f"1..{points}")
    sys.exit(1 if failed else 0)


def unload():
    """A process that dies may hold the last reference."""
    for _ in range(100):
        if not subprocess.run(["rmmod", "vsw"], check=False).returncode:
            return
        time.sleep(0.05)


def unload_lookup(name):
    """A switch lets go of its lookup a grace period after its end."""
    for _ in range(100):
        if not subprocess.run(["rmmod", f"vsw_lookup_{name}"],
                              check=False).returncode:
            return
        time.sleep(0.05)


def load_lookup(name):
    """Load the module of a lookup, unless it is there."""
    if os.path.isdir(f"/sys/module/vsw_lookup_{name}"):
        return
    directory = os.path.dirname(os.environ.get("VSW_KO", f"{TOP}/kernel/vsw.ko"))
    module = f"{directory}/vsw-lookup-{name}.ko"
    run(*(["insmod", module] if os.path.exists(module)
          else ["modprobe", f"vsw-lookup-{name}"]))
    atexit.register(unload_lookup, name)


def begin(*lookups):
    """Load the module, unless it is there, with lookups, and pyynl."""
    print("TAP version 13")
    if os.geteuid():
        skip_all("needs root")
    with open("/dev/kmsg", "w", encoding="ascii") as kmsg:
        kmsg.write(MARK)
    if not os.path.isdir("/sys/module/vsw"):
        module = os.environ.get("VSW_KO", f"{TOP}/kernel/vsw.ko")
        run(*(["insmod", module] if os.path.exists(module)
              else ["modprobe", "vsw"]))
        atexit.register(unload)
    for name in lookups:
        load_lookup(name)
    return family()


def family():
    """A socket with the methods of pyynl."""
    return ynl().YnlFamily(SPEC, schema="")


def ynl():
    """The library itself."""
    try:
        ksrc = run(f"{TOP}/tools/ynl-gen.sh", "--ksrc").strip()
    except subprocess.CalledProcessError:
        skip_all("install linux-source-6.12")
    sys.dont_write_bytecode = True
    sys.path.insert(0, f"{ksrc}/tools/net/ynl")
    try:
        import lib  # pylint: disable=import-outside-toplevel
    except ImportError as missing:
        skip_all(f"install python3-yaml ({missing})")
    return sys.modules["lib.ynl"] if "lib.ynl" in sys.modules else lib
