# SPDX-License-Identifier: GPL-2.0
"""Numbers, and lists and ranges of them: "32 64 128", "64..32..256"."""
import re

from .error import UsageError

# As fast as possible, where a rate is asked for.
MAX = "max"

_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
_NUMBER = re.compile(r"([0-9]+)([kMG]?)")


def number(text, what="number"):
    """A number from 1 on; k, M and G are powers of 1000."""
    match = _NUMBER.fullmatch(text)
    value = int(match[1]) * _UNITS[match[2]] if match else 0
    if not value:
        raise UsageError(f"{what}: '{text}' is not a number from 1 on")
    return value


def short(value):
    """The contrary: 1000000 is 1M."""
    if value == MAX:
        return value
    for unit in "GMk":
        if value and value % _UNITS[unit] == 0:
            return f"{value // _UNITS[unit]}{unit}"
    return str(value)


def _range(text, what):
    parts = text.split("..")
    if len(parts) != 3:
        raise UsageError(f"{what}: '{text}' is not MIN..STEP..MAX")
    low, step, high = (number(part, what) for part in parts)
    if low > high:
        raise UsageError(f"{what}: '{text}' begins above its end")
    return list(range(low, high + 1, step))


def numbers(text, what="numbers", words=()):
    """A range, or a list with blanks between, which may contain some words."""
    if ".." in text:
        return _range(text.strip(), what)
    values = [word if word in words else number(word, what)
              for word in text.split()]
    if not values:
        raise UsageError(f"{what}: the list is empty")
    for value in values:
        if values.count(value) > 1:
            raise UsageError(f"{what}: {value} is there twice")
    return values


def rates(text):
    """Frames per second, or "max"."""
    return numbers(text, "rate", words=(MAX,))
