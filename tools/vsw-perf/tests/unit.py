#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""vsw-perf, as far as it needs neither root nor the module; KTAP."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]


class Ktap(unittest.TestResult):
    """One line for each test."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def _point(self, word, test, more=""):
        self.count += 1
        print(f"{word} {self.count} {test.id().replace('#', '')}{more}", flush=True)

    def _failed(self, test, err):
        self._point("not ok", test)
        for line in self._exc_info_to_string(err, test).splitlines():
            print(f"# {line}")

    def addSuccess(self, test):
        super().addSuccess(test)
        self._point("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._point("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._failed(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._failed(test, err)


def main():
    """Run all test_*.py."""
    print("TAP version 13")
    suite = unittest.defaultTestLoader.discover(HERE, "test_*.py")
    result = Ktap()
    suite.run(result)
    print(f"1..{result.count}")
    return 0 if result.count and result.wasSuccessful() else 1


sys.exit(main())
