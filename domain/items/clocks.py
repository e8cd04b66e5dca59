"""The clocks of an item: which time limits run for it, since when, until when, and how they ended.

- A limit is that of the version of the communication list in force at the clock's start (VII).
- A matter begins when its owner says, but not after its record; no later word moves that (`domain.items.beginning`).
- What was detected before there was a list at all is history: no limit, no demand.
- Of an item that nobody has classified every class's limit may hold; the one that is due first does.
- What the owner itself promised by a day is due at the end of that day, whatever the list says.
- A clock ends as `met` or `late`; `void` says that it is no longer asked for (another investigation took the place of
  this one, or the matter was closed). What happens at the very moment `due_at` is in time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.clocks.clock import Due, Unit, due_date, end_of
from domain.communication_list.in_force import ListVersion
from domain.communication_list.terms import Direction, Terms
from domain.items.asked import Asked, Stop, asked_for
from domain.items.beginning import Start, begun
from domain.items.item import AnyItem
from domain.items.surroundings import ReceivedAt, Surroundings
from events.catalogue.communication_list import Limit


class ClockState(StrEnum):
    """How it stands with a clock. Labels in both languages: domain/vocabulary/clock_states.json."""

    RUNNING = "running"
    MET = "met"
    LATE = "late"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit of an item. `name` is unique within the item, `limit.name` is the limit's.

    `party` has to act. What it promised by a day of its own has no limit of a list.
    """

    name: str
    party: str
    start: Start
    limit: Limit | None
    list_version: ListVersion | None
    due: Due
    stop: Stop | None
    state: ClockState

    @property
    def is_running(self) -> bool:
        """Tell whether somebody still has to act."""
        return self.state is ClockState.RUNNING


def is_historical(item: AnyItem, surroundings: Surroundings) -> bool:
    """Tell whether the matter was detected before there was a communication list, by every word of its owner.

    Source: NMPA 134/2025 (XXVIII), "shall come into force as of the date of issuance"; (VII), "relevant timeframes".
    """
    since = surroundings.lists.first_since
    return since is None or begun(item, surroundings).at < since


def clocks_of(item: AnyItem, surroundings: Surroundings, received: ReceivedAt) -> list[Clock]:
    """Return the clocks of an item: by its lists, unless it is history, and by what its owner promised."""
    asked = asked_for(item, surroundings, received)
    if is_historical(item, surroundings):
        asked = (each for each in asked if each.day is not None)
    found = (_clock_of(each, item, surroundings) for each in asked)
    return [clock for clock in found if clock is not None]


def earliest_due(clocks: list[Clock]) -> datetime | None:
    """Return when the first of the running clocks is due."""
    return min((clock.due.at for clock in clocks if clock.is_running), default=None)


def _clock_of(asked: Asked, item: AnyItem, surroundings: Surroundings) -> Clock | None:
    """Look the limit up in the list in force at the start, of several what is due first; None when it has none."""
    if asked.day is not None:
        promised = Due(end_of(date.fromisoformat(asked.day)), provisional=False)
        return Clock(
            asked.name, item.owner.value, asked.start, None, None, promised, asked.stop, _state_of(asked, promised)
        )
    found = []
    for start in (asked.start, *asked.or_since):
        version = surroundings.lists.at(start.at)
        limits = () if version is None else _limits_of(asked, item, version.terms)
        found += [(_due_of(limit, start.at, surroundings), limit, start, version) for limit in limits]
    if not found:
        return None
    due, limit, start, version = min(found, key=lambda each: each[0].at)
    return Clock(asked.name, limit.party, start, limit, version, due, asked.stop, _state_of(asked, due))


def _limits_of(asked: Asked, item: AnyItem, terms: Terms) -> tuple[Limit, ...]:
    """Return the limits of the first name, and in the first direction, for which the list has any."""
    class_ = asked.of_class or item.class_
    ways = [Direction.of(item.owner), *([Direction.of(item.owner.other)] if asked.either_way else ())]
    for category, name in ((item.category, asked.limit_name), *asked.instead):
        for way in ways:
            found = terms.limits(category, way, name, class_)
            if found:
                return found
    return ()


def _due_of(limit: Limit, start: datetime, surroundings: Surroundings) -> Due:
    return due_date(start, limit.value, Unit(limit.unit), surroundings.calendars.calendar_for(limit.calendar, start))


def _state_of(asked: Asked, due: Due) -> ClockState:
    if asked.is_void:
        return ClockState.VOID
    if asked.stop is None:
        return ClockState.RUNNING
    return ClockState.MET if asked.stop.at <= due.at else ClockState.LATE
