"""The time limits of a matter, as data: from which entry each runs, which entry ends it, and what the list calls it.

The parties agree on the numbers in the communication list, one limit for each name and class (VII). What the list has
no number for has no clock. What the owner itself promised by a day has one without a number.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.agreement.in_force import Version
from domain.judging.history import PastEvent
from domain.steps.history import History


class Since(StrEnum):
    """From when a limit runs that an entry begins."""

    STATED = "stated"  # when it happened, as the owner states it in the opening (`Matter.stated_in`)
    RECORDED = "recorded"  # the time of the entry
    RECEIVED = "received"  # when the partner of the matter had taken in the owner's entry; not before, no clock


class Until(StrEnum):
    """How the entry that ends a limit belongs to the one that began it."""

    FIRST = "first"  # the first of its type
    NAMING = "naming"  # the first that names the beginning
    BY_OTHER = "by_other"  # the first of the other party than the one that began it
    RECEIPT = "receipt"  # no entry of a type: when the partner had taken in the beginning


When = Callable[[History, Version | None], bool]
"""Tells whether a limit holds, by the matter and the quality agreement in force when the limit begins."""

Elsewhere = Callable[[Sequence[History]], Iterable[PastEvent]]
"""Returns the entries that end a limit among those matters whose openings name this one (`Matter.about`)."""


def always(_history: History, _agreement: Version | None) -> bool:
    """Tell of any matter that a limit holds."""
    return True


@dataclass(frozen=True, slots=True)
class Timing:
    """One limit of a matter.

    `limit` is its name on the list, in the category of the matter; where that states none, one of `instead` (category
    and name) holds. `starts` are the events that begin it: with `each` every one of them, else the first; a marked or
    disputed one begins nothing, but for the opening. `stops` are the events that end it, as `until` says; what stands
    in other matters that name this one is found by `elsewhere`. After `voids` nobody asks for it any more. `of_class`
    is the class whose number holds, if not that of the matter; with `either_way` a number that is agreed for items of
    the other party holds too: who has to act is the same.
    """

    limit: str
    starts: tuple[str, ...]
    stops: tuple[str, ...] = ()
    since: Since = Since.RECORDED
    until: Until = Until.FIRST
    each: bool = False
    voids: tuple[str, ...] = ()
    when: When = always
    elsewhere: Elsewhere | None = None
    of_class: str | None = None
    instead: tuple[tuple[str, str], ...] = ()
    either_way: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """What the owner of a matter said it would have done by the end of a Beijing day, and the entry that says it has.

    `name` is unique within the matter; before its slash, if it has one, stands its word in domain/vocabulary.
    """

    name: str
    day: str
    kept_by: PastEvent | None


Promises = Callable[[History, Any], Iterable[Promise]]
"""Returns what was promised, by a matter's history and the body of its opening as corrected."""


def no_promises(_history: History, _body: object) -> Iterable[Promise]:
    """Return none: most matters promise nothing by a day."""
    return ()
