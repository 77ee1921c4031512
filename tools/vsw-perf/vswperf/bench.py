# SPDX-License-Identifier: GPL-2.0
"""What all experiments do around their runs."""
import sys
import time
from contextlib import ExitStack

from . import options, state, switches
from .error import AbsentError, UsageError
from .progress import Progress
from .results import Tree
from .session import Session


class Bench:
    """Prepares the machine, knows what is there, and keeps results."""

    def __init__(self, args, names, steps, words):
        self.args = args
        self.tree = Tree(args.out)
        self.present, self.absent = switches.split(names)
        self.progress = Progress(steps)
        self._words = words
        self._settings = options.settings(args)
        self._stack = ExitStack()

    def __enter__(self):
        for name, reason in self.absent.items():
            print(f"vsw-perf: {name} is absent: {reason}", file=sys.stderr)
        if not self.present:
            raise AbsentError("none of the switches is here")
        wait_schedule(self.args.schedule)
        try:
            became = state.prepare(self._stack)
            listed = {**{name: "present" for name in self.present},
                      **{name: f"absent: {reason}" for name, reason in self.absent.items()}}
            self.tree.store_env(state.describe(became, listed, self._words))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *what):
        self._stack.close()

    def status(self):
        """The exit status when all is done."""
        return AbsentError.status if self.absent else 0

    def leaf(self, name, path, text, make):
        """Have the leaf of a switch at PATH: as it is there, or as MAKE returns it."""
        result = self.tree.leaf(path)
        if result is not None:
            self._check(path, result)
            self.progress.step(text(result), measured=False)
            return
        try:
            result = {**make(), "settings": self._settings}
        except AbsentError as error:
            self.absent[name] = str(error)
            self.progress.step(f"{name}: {error}", measured=False)
            return
        self.tree.store(path, result)
        self.progress.step(text(result))

    def _check(self, path, result):
        """What was measured otherwise is no part of this."""
        before = result.get("settings", {})
        other = [key for key in self._settings if before.get(key) != self._settings[key]]
        if other:
            raise UsageError(f"{self.tree.root}/{path} was measured with other options "
                             f"({', '.join(other)}); choose another directory with -o")


class LazySession:
    """A session that begins when it is needed, so that resuming costs nothing."""

    def __init__(self, name, make_topology):
        self._name = name
        self._make = make_topology
        self._session = None

    def __enter__(self):
        return self

    def __exit__(self, *what):
        if self._session:
            self._session.__exit__(*what)

    def get(self):
        """The session."""
        if not self._session:
            switch = switches.present(self._name)
            session = Session(switch, self._make(switch.wire))
            self._session = session.__enter__()
        return self._session


def wait_schedule(minutes):
    """Until the clock shows a multiple of MINUTES."""
    if minutes:
        period = 60 * minutes
        time.sleep(period - time.time() % period)
