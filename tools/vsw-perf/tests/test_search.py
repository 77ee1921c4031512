# SPDX-License-Identifier: GPL-2.0
"""The ladder and the halving, on switches that are functions."""
import unittest

from vswperf import search
from vswperf.report import chains

CAPACITY, SENDER = 300_000, 2_000_000


def dropping(rate):
    """Carries CAPACITY, drops the rest."""
    sent = SENDER if rate == "max" else min(rate, SENDER)
    received = min(sent, CAPACITY)
    return sent, received, float(sent), float(received)


def blocking(rate):
    """Makes the sender wait."""
    sent = CAPACITY if rate == "max" else min(rate, CAPACITY)
    return sent, sent, float(sent), float(sent)


def broken(_rate):
    """Carries nothing."""
    return 100, 0, 100.0, 0.0


class Ndr(unittest.TestCase):
    """The largest loss-free rate."""

    def test_dropping(self):
        """Within the resolution, below the capacity, and not at any rate."""
        for resolution in 1, 5, 20:
            steps, best = search.ndr(dropping, resolution)
            self.assertLessEqual(best.tx_pps, CAPACITY)
            self.assertGreaterEqual(best.tx_pps, CAPACITY * (1 - resolution / 50))
            self.assertIsNot(best, steps[0])

    def test_blocking(self):
        """One step is enough."""
        steps, best = search.ndr(blocking, 5)
        self.assertEqual(len(steps), 1)
        self.assertIs(best, steps[0])

    def test_broken(self):
        """Ends, without a rate."""
        steps, best = search.ndr(broken, 5)
        self.assertIsNone(best)
        self.assertLess(len(steps), 20)

    def test_target(self):
        """Loss that is allowed."""
        _, best = search.ndr(dropping, 1, target=50.0)
        self.assertGreater(best.tx_pps, CAPACITY * 1.9)
        self.assertLessEqual(best.loss, 50)

    def test_attempts(self):
        """One good run of several is enough."""
        runs = []

        def disturbed(rate):
            runs.append(rate)
            sent, received, tx, rx = dropping(rate)
            return sent, received - len(runs) % 2, tx, rx

        self.assertIsNone(search.ndr(lambda rate: (9, 8, 9.0, 8.0), 5, attempts=1)[1])
        _, best = search.ndr(disturbed, 5, attempts=2)
        self.assertGreater(best.tx_pps, CAPACITY * 0.9)


class Ramp(unittest.TestCase):
    """The ladder."""

    def test_loss(self):
        """The knee is the last step without."""
        steps, knee, why = search.ramp(dropping, range(50_000, 10**7, 50_000))
        self.assertEqual((knee.offered, why), (300_000, "loss"))
        self.assertEqual(steps[-1].offered, 350_000)

    def test_sender(self):
        """A switch that never loses ends by its sender."""
        _, knee, why = search.ramp(blocking, range(50_000, 10**7, 50_000))
        self.assertEqual(why, "sender")
        self.assertEqual(knee.rx_pps, CAPACITY)

    def test_ladder(self):
        """The last rung."""
        self.assertEqual(search.ramp(blocking, [1000, 2000])[2], "ladder")

    def test_report(self):
        """What is stored is what the report reads."""
        steps, best = search.ndr(dropping, 5)
        rungs, knee, why = search.ramp(dropping, range(100_000, 500_000, 100_000))
        result = {"setup": "serial", "forwarders": 2, "switch": "vsw", "packet-size": 64,
                  "burst-size": 32}
        found = chains.ndr([{**result, "at-any-rate": False, "best": best.as_dict(),
                             "steps": [step.as_dict() for step in steps]}])
        self.assertIn(f"| vsw | 2 | {best.tx_pps / 1e6:.3f} | no | 85 |", found[0][1])
        found = chains.ramp([{**result, "ended-by": why, "knee": knee.as_dict(),
                              "steps": [rung.as_dict() for rung in rungs]}])
        self.assertIn("| vsw | 0.300 | loss | 4 |", found[0][1])

    def test_never(self):
        """No knee."""
        self.assertIsNone(search.ramp(broken, [1000])[1])
