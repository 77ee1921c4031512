# SPDX-License-Identifier: GPL-2.0
"""Which rate is the largest that loses nothing: by a ladder, and by halving.

A trial is a function of a rate that returns (sent, received, tx-pps, rx-pps).
"""
from dataclasses import dataclass

from .ranges import MAX

# A sender that does not reach so much of its rate is at its end.
_REACHED = 0.95


@dataclass
class Step:
    """One trial."""
    offered: object
    sent: int
    received: int
    tx_pps: float
    rx_pps: float

    @property
    def loss(self):
        """In percent of what was sent."""
        return 100 * (self.sent - self.received) / self.sent if self.sent else 100.0

    def reached(self):
        """The sender could send so much."""
        return self.offered != MAX and self.tx_pps >= _REACHED * self.offered

    def as_dict(self):
        """For JSON."""
        return {"offered": self.offered, "sent": self.sent, "received": self.received,
                "tx-pps": self.tx_pps, "rx-pps": self.rx_pps,
                "loss-percent": round(self.loss, 4)}


def _step(trial, rate):
    return Step(rate, *trial(rate))


def ramp(trial, rates, target=0.0):
    """Raise the rate until frames are lost or the sender can no more.

    Returns the steps, the last one that was loss-free, and why it ended: "loss",
    "sender" or "ladder".
    """
    steps, knee = [], None
    for rate in rates:
        step = _step(trial, rate)
        steps.append(step)
        if step.loss > target:
            return steps, knee, "loss"
        knee = step
        if not step.reached():
            return steps, knee, "sender"
    return steps, knee, "ladder"


def _attempt(trial, rate, target, attempts):
    """The best of some trials of a rate; a single good one is enough."""
    best = None
    for _ in range(attempts):
        step = _step(trial, rate)
        if best is None or step.loss < best.loss:
            best = step
        if best.loss <= target:
            break
    return best


def ndr(trial, resolution, target=0.0, attempts=1):
    """Halve the interval until it is no longer than RESOLUTION percent of its end.

    Returns the steps and the best loss-free one, None if there is none. The first
    step is as fast as possible; where that loses nothing, nothing does.
    """
    steps = [_attempt(trial, MAX, target, attempts)]
    if steps[0].loss <= target:
        return steps, steps[0]
    low, high, best = 0, steps[0].tx_pps, None
    # What came through is the first guess.
    rate = int(min(steps[0].rx_pps, high / 2) or high / 2)
    while rate > low and high - low > high * resolution / 100:
        step = _attempt(trial, rate, target, attempts)
        steps.append(step)
        if step.loss <= target:
            best, low = step, rate
        else:
            high = rate
        rate = int((low + high) / 2)
    return steps, best
