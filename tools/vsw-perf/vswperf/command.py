# SPDX-License-Identifier: GPL-2.0
"""Programs that are run for their effect or their output."""
import json
import os
import shutil
import subprocess

from .error import PerfError

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
_BUILT = "tools/vswctl/vswctl", "tools/vsw-gen/vsw-gen", "kernel/vsw.ko"


def built(name):
    """The file NAME of the tree that this program is in, or None."""
    for path in _BUILT:
        if os.path.basename(path) == name and os.path.exists(os.path.join(TOP, path)):
            return os.path.join(TOP, path)
    return None


def find(name):
    """A program: of this tree, or an installed one, or None."""
    path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    return built(name) or shutil.which(name, path=path)


def run(*words, stdin=None):
    """Run a command and return its output; what it complains of is the error."""
    words = [str(word) for word in words]
    program = find(words[0])
    if not program:
        raise PerfError(f"no {words[0]} on this machine")
    done = subprocess.run([program, *words[1:]], input=stdin, text=True,
                          capture_output=True, check=False,
                          stdin=None if stdin is not None else subprocess.DEVNULL)
    if done.returncode:
        reason = (done.stderr or done.stdout).strip() or f"exit {done.returncode}"
        raise PerfError(f"{' '.join(words)}: {reason}")
    return done.stdout


def run_json(*words):
    """Run a command that prints JSON."""
    return json.loads(run(*words))


def quiet(*words):
    """Run a command in clean-up: what is gone already is no error."""
    try:
        run(*words)
    except PerfError:
        pass


def in_netns(pid, *words):
    """Run a command in the network namespace of a process."""
    return run("nsenter", f"--net=/proc/{pid}/ns/net", *words)
