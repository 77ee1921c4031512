# SPDX-License-Identifier: GPL-2.0
"""How far a long run is, and how long it will still take."""
import sys
import time

from .plan import clock


class Progress:
    """A line for each step that is done, on standard error."""

    def __init__(self, steps, out=None):
        self._steps = steps
        self._out = out or sys.stderr
        self._done = 0
        self._measured = 0
        self._begin = time.monotonic()

    def _left(self):
        if not self._measured:
            return ""
        each = (time.monotonic() - self._begin) / self._measured
        return f", {clock(each * max(self._steps - self._done, 0))} left"

    def step(self, text, measured=True):
        """One more is done; not MEASURED if it was there before."""
        self._done += 1
        self._measured += measured
        width = len(str(self._steps))
        print(f"[{self._done:{width}}/{self._steps}{self._left()}] {text}",
              file=self._out, flush=True)

    def more(self, steps):
        """There is more to do than it seemed."""
        self._steps += steps
