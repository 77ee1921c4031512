# SPDX-License-Identifier: GPL-2.0
"""Numbers, ranges, names and plans."""
import unittest

from vswperf import plan, ranges
from vswperf.error import UsageError


class Ranges(unittest.TestCase):
    """Lists, and MIN..STEP..MAX."""

    def test_thesis_range(self):
        """The range of the thesis."""
        self.assertEqual(ranges.numbers("64..32..256"),
                         [64, 96, 128, 160, 192, 224, 256])

    def test_thesis_list(self):
        """The list of the thesis."""
        self.assertEqual(ranges.numbers("32 64 128"), [32, 64, 128])

    def test_end_that_is_missed(self):
        """No value is above the end."""
        self.assertEqual(ranges.numbers("1..4..10"), [1, 5, 9])

    def test_units(self):
        """k, M and G, both ways."""
        self.assertEqual(ranges.numbers("1M..1M..3M"), [10**6, 2 * 10**6, 3 * 10**6])
        for text in "1k", "1500k", "12M", "2G", "1234567":
            self.assertEqual(ranges.short(ranges.number(text)), text)

    def test_max_is_a_rate_only(self):
        """As fast as possible."""
        self.assertEqual(ranges.rates("1k max"), [1000, "max"])
        with self.assertRaises(UsageError):
            ranges.numbers("64 max")

    def test_everything_else(self):
        """Is refused."""
        for text in ("", " ", "0", "-1", "x", "64..256", "64..0..256", "256..32..64",
                     "1..2..3..4", "64, 128", "64..32..256 512", "1.5", "5K", "64 64",
                     "٣"):
            with self.subTest(text), self.assertRaises(UsageError):
                ranges.numbers(text)


class Names(unittest.TestCase):
    """(D, L, S, V, P, R, B)."""

    TEST = plan.Test("throughput", "local", "1vs1", "vsw", 64, 5 * 10**6, 32)

    def test_both_ways(self):
        """What is printed can be read."""
        name = "(D=throughput,L=local,S=1vs1,V=vsw,P=64,R=5M,B=32)"
        self.assertEqual(self.TEST.name, name)
        self.assertEqual(plan.parse_name(name),
                         {"dimension": "throughput", "location": "local",
                          "participants": "1vs1", "switch": "vsw", "size": "64",
                          "rate": "5M", "burst": "32"})

    def test_path(self):
        """bst-size/vswitch/pkt-size/rate."""
        self.assertEqual(self.TEST.path, "32/vsw/64/5000000")

    def test_free(self):
        """What is absent is free."""
        self.assertEqual(plan.parse_name("( V=vsw , B=4 )"),
                         {"switch": "vsw", "burst": "4"})

    def test_wrong(self):
        """Everything else."""
        for text in "", "()", "V=vsw", "(V)", "(V=)", "(Q=1)", "(V=a,V=b)", "((V=a))":
            with self.subTest(text), self.assertRaises(UsageError):
                plan.parse_name(text)

    def test_participants(self):
        """NvsN."""
        self.assertEqual(plan.parse_participants("4vs4"), 4)
        for text in "4", "2vs3", "0vs0", "vs", "4vs4vs4":
            with self.subTest(text), self.assertRaises(UsageError):
                plan.parse_participants(text)


class Product(unittest.TestCase):
    """All combinations."""

    def test_all_once(self):
        """Each, and no path twice."""
        tests = plan.product("throughput", "local", "1vs1", ["a", "b"], [16, 32],
                             [64, 128, 256], [1, 2])
        self.assertEqual(len(tests), 2 * 2 * 3 * 2)
        self.assertEqual(len({test.path for test in tests}), len(tests))

    def test_order(self):
        """Switches are set up once; rates rise."""
        tests = plan.product("throughput", "local", "1vs1", ["a", "b"], [16], [64], [1, 2])
        self.assertEqual([(test.switch, test.rate) for test in tests],
                         [("a", 1), ("a", 2), ("b", 1), ("b", 2)])

    def test_clock(self):
        """Hours, minutes, seconds."""
        self.assertEqual(plan.clock(3661.4), "1:01:01")
