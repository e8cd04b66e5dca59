"""What batch numbers tell by themselves: numbers that are missing in a series, and numbers that look alike.

A gapless journal proves that nothing was removed, not that all was entered: a number that is missing in a series is to
be explained. Numbers that a reader may take for one another are flagged (X), whatever product they are of.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MAX_GAP = 1000
"""How many numbers of a gap are told one by one; a wider one is taken for two series."""

_SERIES = re.compile(r"^(?P<prefix>.*?)(?P<count>[0-9]{1,9})(?P<suffix>[^0-9]*)$")
_LOOKS = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}
)
_NOT_READ = re.compile(r"[\s\-_./\\]+")


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


def look_alikes(numbers: Iterable[str]) -> list[list[str]]:
    """Return groups of different numbers that may be taken for one another: 0 and O, 1 and I, spaces and dashes."""
    alike: dict[str, set[str]] = defaultdict(set)
    for number in numbers:
        alike[_NOT_READ.sub("", number).upper().translate(_LOOKS)].add(number)
    return [sorted(group) for _, group in sorted(alike.items()) if len(group) > 1]


def _gaps(prefix: str, suffix: str, width: int, counts: set[int]) -> list[Gap]:
    def number(count: int) -> str:
        return f"{prefix}{count:0{width}d}{suffix}"

    ordered = sorted(counts)
    wide = [(low, high) for low, high in pairwise(ordered) if 1 < high - low <= MAX_GAP]
    return [Gap(number(low), number(high), tuple(map(number, range(low + 1, high)))) for low, high in wide]
