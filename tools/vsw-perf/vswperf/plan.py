# SPDX-License-Identifier: GPL-2.0
"""What is to be measured: names of tests, and their Cartesian product."""
import itertools
import os
import re
from dataclasses import dataclass

from .error import UsageError
from .ranges import short

# Letters of a name, and what they stand for.
FIELDS = {"D": "dimension", "L": "location", "S": "participants",
          "V": "switch", "P": "size", "R": "rate", "B": "burst"}


@dataclass(frozen=True)
class Test:
    """One point of the plan."""
    dimension: str
    location: str
    participants: str
    switch: str
    size: int
    rate: object
    burst: int

    @property
    def name(self):
        """The tuple (D, L, S, V, P, R, B)."""
        values = ",".join(f"{letter}={self._text(field)}"
                          for letter, field in FIELDS.items())
        return f"({values})"

    def _text(self, field):
        value = getattr(self, field)
        return short(value) if field == "rate" else value

    @property
    def path(self):
        """Its directory: bst-size/vswitch/pkt-size/rate."""
        return os.path.join(str(self.burst), self.switch, str(self.size),
                            str(self.rate))


def product(dimension, location, participants, switches, bursts, sizes, rates):
    """All tests, the rates of one size together."""
    return [Test(dimension, location, participants, switch, size, rate, burst)
            for switch, burst, size, rate in
            itertools.product(switches, bursts, sizes, rates)]


def parse_name(text):
    """Fields of a name such as "(D=latency,V=vsw)"; what is absent is free."""
    match = re.fullmatch(r"\(([^()]*)\)", text.strip())
    if not match:
        raise UsageError(f"'{text}' is not (D=...,L=...,S=...,V=...,P=...,R=...,B=...)")
    fields = {}
    for item in match[1].split(","):
        letter, equals, value = (part.strip() for part in item.partition("="))
        if letter not in FIELDS or not equals or not value:
            raise UsageError(f"'{item.strip()}' is not one of "
                             f"{', '.join(letter + '=...' for letter in FIELDS)}")
        if FIELDS[letter] in fields:
            raise UsageError(f"{letter} is there twice")
        fields[FIELDS[letter]] = value
    return fields


def parse_participants(text):
    """N of NvsN."""
    match = re.fullmatch(r"([1-9][0-9]*)vs([1-9][0-9]*)", text)
    if not match or match[1] != match[2]:
        raise UsageError(f"participants: '{text}' is not NvsN")
    return int(match[1])


def describe(tests, seconds, repeats, overhead):
    """The plan, for people."""
    lines = [f"{test.path}  {test.name}" for test in tests]
    total = len(tests) * repeats * (seconds + overhead)
    lines.append(f"{len(tests)} tests, {repeats} times {seconds:g} s each: "
                 f"about {clock(total)}")
    return "\n".join(lines)


def clock(seconds):
    """Hours, minutes and seconds."""
    seconds = round(seconds)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
