"""When a matter began, as its clocks see it: what was stated, bounded by what was recorded.

A time that its owner states later than the record is taken as the record, and of all that it ever stated the earliest
counts: no word moves a due date later. A correction to before there was a communication list makes no history of what
was none by its opening: the earliest word under a list counts on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.clocks.clock import moment_stated
from domain.items.item import AnyItem
from domain.items.surroundings import Surroundings
from domain.judging.history import PastEvent
from events.encoding.moments import parse_moment


class Known(StrEnum):
    """How a moment is known: stated by a person (with or without a time), recorded by the author, received."""

    STATED = "stated"
    STATED_DATE = "stated_date"
    RECORDED = "recorded"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Start:
    """When a clock began (UTC), how that is known, and the entry that began it."""

    at: datetime
    known: Known
    by: PastEvent


def recorded(past: PastEvent) -> Start:
    """Return the start at the record of an entry."""
    return Start(parse_moment(past.time), Known.RECORDED, past)


def begun(item: AnyItem, surroundings: Surroundings) -> Start:
    """Return when a matter began: by the earliest word on it, and under a list if any word on it is."""
    return beginnings(item, surroundings)[0]


def beginnings(item: AnyItem, surroundings: Surroundings) -> list[Start]:
    """Return when a matter began by each word on it that counts, the earliest first.

    Source: NMPA 134/2025 (VII), "relevant timeframes".
    """
    since, words = surroundings.lists.first_since, sorted(_words(item), key=lambda each: each.at)
    return [each for each in words if since is not None and each.at >= since] or words


def _words(item: AnyItem) -> Iterator[Start]:
    """Return when it began by each word of its owner on that, none later than its record."""
    record = recorded(item.opened)
    for stated in item.stated_ever:
        at = moment_stated(stated)
        known = Known.STATED if "T" in stated else Known.STATED_DATE
        yield Start(at, known, item.opened) if at <= record.at else record
    if not item.stated_ever:
        yield record
