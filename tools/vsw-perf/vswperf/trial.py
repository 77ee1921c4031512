# SPDX-License-Identifier: GPL-2.0
"""One run of all applications."""
import sys
import tempfile
import time

from . import gen
from .error import PerfError

# Seconds without a frame after which a receiver ends, and as many more for each
# forwarder, which may not be given a processor for some time; and how long it waits
# for its first frame after the senders should have sent all.
IDLE = 1
IDLE_EACH = 0.5
LATE = 10

# Seconds between two looks at what is running: looking takes time from it.
_LOOK = 0.1

# Seconds that the end may take: a full chain empties one ring after the other.
_PATIENCE = 60

# A sender that its processor was taken away from for so long that receivers ended
# before it has shown nothing.
_ATTEMPTS = 5

_READY = "ready"
_CLOSING = "recv", "server", "forward"


def _idle(session):
    forwarders = len(session.topology.of("forward"))
    return IDLE + (IDLE_EACH * (forwarders + 1) if forwarders else 0)


class Stalled(Exception):
    """Receivers have ended before senders."""


class _Program:
    """An application that is running, and its output."""

    def __init__(self, session, app, load):
        self.app = app
        self.closing = app.kind in _CLOSING
        self._out = tempfile.TemporaryFile("w+", encoding="utf-8")
        self._err = tempfile.TemporaryFile("w+", encoding="utf-8")
        words = gen.words(app, session.switch, load, _idle(session), LATE)
        if not self.closing:
            # Senders begin together.
            words = ["sh", "-c", f"echo {_READY} >&2; read go && exec \"$@\"", "sh", *words]
        self.process = session.popen(app, words, self._out, self._err)

    @property
    def name(self):
        """The container's."""
        return self.app.node.name

    def running(self):
        """It has not ended."""
        return self.process.poll() is None

    def failed(self):
        """It has ended, and not with a result; frames that were lost are one."""
        return self.process.poll() not in (None, 0, 3)

    def go(self):
        """Let a sender begin."""
        try:
            self.process.stdin.write(b"\n")
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    def lines(self):
        """What it has said on standard error."""
        self._err.seek(0)
        return [line for line in self._err.read().splitlines() if line != _READY]

    def is_ready(self):
        """A sender waits for go()."""
        self._err.seek(0)
        return _READY in self._err.read()

    def complaint(self):
        """The last thing it has said."""
        lines = self.lines()
        return lines[-1] if lines else f"exit {self.process.returncode}"

    def result(self):
        """Its summary, and the rates of each second."""
        self._out.seek(0)
        return (gen.result(self._out.read(), self.name),
                gen.samples("\n".join(self.lines())))

    def end(self):
        """What runs in the container ends with the container at the latest."""
        if self.running():
            self.process.kill()
        self.process.wait()
        self._out.close()
        self._err.close()


class _Run:
    """All applications of a session, once."""

    def __init__(self, session, load):
        self._session = session
        self._load = load
        self._programs = []

    def __enter__(self):
        return self

    def __exit__(self, *what):
        for program in self._programs:
            program.end()

    def _of(self, closing):
        return [each for each in self._programs if each.closing == closing]

    def _watch(self):
        """Containers live, and no program has failed."""
        for program in self._programs:
            if program.failed():
                # A dying container takes its programs along.
                time.sleep(0.2)
                self._session.check()
                raise PerfError(f"{program.name}: {program.complaint()}")
        self._session.check()

    def _until(self, done, seconds, what):
        deadline = time.monotonic() + seconds
        while not done():
            self._watch()
            if time.monotonic() > deadline:
                raise PerfError(f"{what} within {seconds:g} s")
            time.sleep(_LOOK)

    def _start(self):
        """Receivers are there, and senders have begun."""
        for app in self._session.apps:
            program = _Program(self._session, app, self._load)
            self._programs.append(program)
            if program.closing:
                self._until(lambda app=app: self._session.is_open(app, self._load),
                            _PATIENCE, f"{program.name}: does not begin to receive")
        senders = self._of(closing=False)
        self._until(lambda: all(each.is_ready() for each in senders), _PATIENCE,
                    "senders are not ready")
        for program in senders:
            program.go()

    def _finish(self):
        senders, others = self._of(closing=False), self._of(closing=True)
        self._until(lambda: not any(each.running() for each in senders),
                    self._load.seconds + _PATIENCE, "senders do not end")
        # With -i they know the last frame, and need not wait.
        stalled = not self._load.integrity and not all(each.running() for each in others)
        self._until(lambda: not any(each.running() for each in others),
                    self._load.seconds + LATE + _PATIENCE, "receivers do not end")
        self._watch()
        if stalled:
            raise Stalled

    def results(self, started):
        """Of each application: itself, its summary, rates of each second."""
        self._start()
        started()
        self._finish()
        return [(each.app, *each.result()) for each in self._programs]

    def log(self, file):
        """What the applications have said."""
        for program in self._programs:
            for line in program.lines():
                print(f"{program.name}: {line}", file=file)


def run(session, load, debug=False, started=lambda: None):
    """Run all applications once; see _Run.results()."""
    for _ in range(_ATTEMPTS):
        with _Run(session, load) as once:
            try:
                return once.results(started)
            except Stalled:
                continue
            finally:
                if debug:
                    once.log(sys.stderr)
    raise PerfError(f"in {_ATTEMPTS} attempts receivers had nothing to do for "
                    f"{_idle(session):g} s while senders were sending")
