# SPDX-License-Identifier: GPL-2.0
"""Options that the commands share, and what their values may be."""
import argparse

from . import switches
from .error import UsageError
from .gen import Load
from .ranges import MAX, number, numbers, rates

DIMENSIONS = "throughput", "latency"

# As the published framework of the thesis has them.
TESTSET_RATES = "1M..1M..10M"
TESTSET_BURSTS = "16 32 64"
TESTSET_SIZES = "64 128 192 256 320 384 448 512 1024 1500"


class Parser(argparse.ArgumentParser):
    """Exits with 1 where the command line is wrong, and says what is right."""

    def error(self, message):
        raise UsageError(f"{message} (see {self.prog} --help)")


def _checked(parse, *more):
    def convert(text):
        try:
            return parse(text, *more)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    return convert


def one(what):
    """A number."""
    return _checked(number, what)


def many(what):
    """A list or a range of numbers."""
    return _checked(numbers, what)


many_rates = _checked(rates)


def value(parse, text):
    """The same, of what is not an option."""
    try:
        return parse(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error)) from None


def _one_rate(text):
    return MAX if text == MAX else number(text, "rate")


one_rate = _checked(_one_rate)


def seconds(text):
    """A time."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time in seconds")
    return value


def percent(text):
    """From 0 to below 100."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < 100:
        raise argparse.ArgumentTypeError(f"'{text}' is not a percentage below 100")
    return value


def switch_list(text):
    """Names of switches, with blanks between."""
    names = text.split()
    if not names:
        raise argparse.ArgumentTypeError("no switch is named")
    for name in names:
        _checked(switches.get)(name)
        if names.count(name) > 1:
            raise argparse.ArgumentTypeError(f"{name} is there twice")
    return names


def trim(text):
    """FIRST,LAST: seconds that do not count."""
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        raise argparse.ArgumentTypeError(f"'{text}' is not FIRST,LAST")
    return int(parts[0]), int(parts[1])


def add_sockets(parser):
    """How vsw-gen moves frames through network interfaces, and what is in them."""
    add = parser.add_argument
    add("-R", "--use-raw-sock", action="store_true", dest="raw",
        help="raw sockets instead of UDP ones")
    add("-B", "--use-block-sock", action="store_true", dest="blocking",
        help="sockets block")
    add("-m", "--use-multi", action="store_true", dest="mmsg",
        help="sendmmsg and recvmmsg")
    add("-c", "--consume-data", action="store_true", dest="touch",
        help="write and read every byte")
    add("-i", "--integrity", action="store_true",
        help="prove that frames arrive once, in order and unchanged")


def add_run(parser, default_time, out=True):
    """How often, how long, and where to."""
    add = parser.add_argument
    add("-t", "--timeout", type=seconds, default=default_time, dest="seconds",
        metavar="SEC", help=f"seconds of a run (default {default_time:g})")
    add("-n", "--repeats", type=one("repeats"), default=1, metavar="N",
        help="runs of each test (default 1)")
    add("--trim", type=trim, default=(1, 1), metavar="FIRST,LAST",
        help="seconds of each run that do not count (default 1,1)")
    add("-D", "--debug", action="store_true",
        help="show what the applications say of each second")
    add("-S", "--schedule", type=one("schedule"), metavar="MINUTES",
        help="begin when the clock shows a multiple of so many minutes")
    if out:
        add("-o", "--out-dir", default="out", dest="out", metavar="DIR",
            help="where results go (default out)")


_LOAD = "seconds", "raw", "blocking", "mmsg", "touch", "integrity"
_SETTINGS = *_LOAD, "repeats", "trim", "loss", "resolution", "attempts"


def load(args, **more):
    """What is sent, of what the command line says."""
    return Load(**{name: getattr(args, name) for name in _LOAD}, **more)


def settings(args):
    """What results must have been measured with that are not measured again."""
    found = {name: getattr(args, name) for name in _SETTINGS if hasattr(args, name)}
    return {**found, "trim": list(args.trim)}
