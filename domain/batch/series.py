"""What batch numbers tell by themselves: numbers that are missing in a series, and numbers that look alike.

A gapless journal proves that nothing was removed, not that all was entered: a number that is missing in a series is to
be explained. Numbers that a reader may take for one another are flagged (X), whatever product they are of.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, takewhile

from domain.as_read import as_read

MAX_GAP = 1000
"""How many numbers of a gap are told one by one; a wider one is taken for two series."""

MAX_MISSING = 100
"""How many missing numbers before a batch are looked for; further away begins another series."""

_SERIES = re.compile(r"^(?P<prefix>.*?)(?P<count>[0-9]{1,9})(?P<suffix>[^0-9]*)$")
_LOOKS = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}
)
_NOT_READ = re.compile(r"[\-_./\\]+")


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that nobody entered, between two that were."""

    after: str
    before: str
    missing: tuple[str, ...]


def gaps(numbers: Iterable[str]) -> list[Gap]:
    """Return the gaps of each series: numbers with the same beginning, end and width, by their count."""
    series: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for number in numbers:
        found = _SERIES.match(number)
        if found is not None:
            digits = found["count"]
            series[found["prefix"], found["suffix"], len(digits)].add(int(digits))
    return [
        gap
        for (prefix, suffix, width), counts in sorted(series.items())
        for gap in _gaps(prefix, suffix, width, counts)
    ]


def numbers_before(number: str) -> list[str]:
    """Return the numbers that may precede one in its series, the nearest first: one more than may be missing."""
    found = _SERIES.match(number)
    if found is None:
        return []
    prefix, suffix, width, count = found["prefix"], found["suffix"], len(found["count"]), int(found["count"])
    lowest = max(count - MAX_MISSING - 2, -1)
    return [_number(prefix, suffix, width, before) for before in range(count - 1, lowest, -1)]


def missing_before(number: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the numbers between one and the nearest before it that is known, in their order.

    None where no number of the series is known before it: the series begins there, or another one ended far away.
    """
    before = numbers_before(number)
    missing = list(takewhile(lambda each: not is_known(each), before))
    return missing[::-1] if len(missing) < len(before) else []


def look_alikes(numbers: Iterable[str]) -> list[list[str]]:
    """Return groups of different numbers that may be taken for one another: 0 and O, 1 and I, spaces and dashes."""
    alike: dict[str, set[str]] = defaultdict(set)
    for number in numbers:
        alike[_NOT_READ.sub("", as_read(number)).translate(_LOOKS)].add(number)
    return [sorted(group) for _, group in sorted(alike.items()) if len(group) > 1]


def _gaps(prefix: str, suffix: str, width: int, counts: set[int]) -> list[Gap]:
    number = partial(_number, prefix, suffix, width)
    ordered = sorted(counts)
    wide = [(low, high) for low, high in pairwise(ordered) if 1 < high - low <= MAX_GAP]
    return [Gap(number(low), number(high), tuple(map(number, range(low + 1, high)))) for low, high in wide]


def _number(prefix: str, suffix: str, width: int, count: int) -> str:
    return f"{prefix}{count:0{width}d}{suffix}"
