# SPDX-License-Identifier: GPL-2.0
"""The tree of results: env.json at the root, a result.json for each leaf.

A leaf is there in whole or not at all, so whatever has one need not be measured
again: that is how an interrupted run is resumed.
"""
import json
import os

from .error import PerfError, UsageError

RESULT = "result.json"
ENV = "env.json"


def _write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path + ".part"
    with open(part, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.write("\n")
    os.replace(part, path)


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (ValueError, UnicodeDecodeError):
        raise PerfError(f"{path}: not JSON; delete it to measure again") from None


class Tree:
    """A directory with results."""

    def __init__(self, root):
        self.root = root

    def leaf(self, path):
        """What was measured there, or None."""
        name = os.path.join(self.root, path, RESULT)
        return _read(name) if os.path.exists(name) else None

    def store(self, path, result):
        """Put a leaf there."""
        try:
            _write(os.path.join(self.root, path, RESULT), result)
        except OSError as error:
            raise PerfError(f"{error.filename}: {error.strerror}") from None

    def store_env(self, env):
        """Where the results come from; the first run of several says so."""
        path = os.path.join(self.root, ENV)
        try:
            if not os.path.exists(path):
                _write(path, env)
        except OSError as error:
            raise PerfError(f"{error.filename}: {error.strerror}") from None

    def env(self):
        """What store_env() was given."""
        path = os.path.join(self.root, ENV)
        if not os.path.exists(path):
            raise UsageError(f"{self.root}: no {ENV}, so no results of vsw-perf")
        return _read(path)

    def leaves(self):
        """All results."""
        found = []
        for folder, folders, files in os.walk(self.root):
            folders.sort()
            if RESULT in files:
                found.append(_read(os.path.join(folder, RESULT)))
        return found
