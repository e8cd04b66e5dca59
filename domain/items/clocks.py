"""The clocks of an item: which time limits run for it, since when, until when, and how they ended.

- A limit is that of the version of the communication list in force at the clock's start (VII).
- What was detected before there was a list at all is history: no clock, no demand.
- Of an item that nobody has classified every class's limit may hold; the one that is due first does.
- A clock ends as `met` or `late`; `void` says that it is no longer asked for (another investigation took the place of
  this one, or the matter was closed). What happens at the very moment `due_at` is in time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.agreement.in_force import closure_approval_classes
from domain.clocks.clock import Due, Unit, due_date, moment_stated
from domain.communication_list.in_force import ListVersion
from domain.communication_list.terms import Direction
from domain.items.item import AnyItem, Item
from domain.items.parts import answer_to
from domain.items.surroundings import ReceivedAt, Surroundings
from domain.judging.history import PastEvent
from events.catalogue.communication_list import Limit
from events.catalogue.deviation import Classified
from events.encoding.moments import parse_moment


class ClockState(StrEnum):
    """How it stands with a clock. Labels in both languages: domain/vocabulary/clock_states.json."""

    RUNNING = "running"
    MET = "met"
    LATE = "late"
    VOID = "void"


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


@dataclass(frozen=True, slots=True)
class Stop:
    """When a clock was stopped (UTC, as the row says it), and the entry that was told or did it."""

    at: datetime
    by: PastEvent


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit of an item. `name` is unique within the item, `limit.name` is the limit's."""

    name: str
    start: Start
    limit: Limit
    list_version: ListVersion
    due: Due
    stop: Stop | None
    state: ClockState

    @property
    def is_running(self) -> bool:
        """Tell whether somebody still has to act."""
        return self.state is ClockState.RUNNING


@dataclass(frozen=True, slots=True)
class _Asked:
    """A clock before its limit is looked up."""

    name: str
    limit_name: str
    start: Start
    stop: Stop | None = None
    is_void: bool = False


def is_historical(item: AnyItem, surroundings: Surroundings) -> bool:
    """Tell whether the matter was detected before there was a communication list.

    Source: NMPA 134/2025 (XXVIII), "shall come into force as of the date of issuance"; (VII), "relevant timeframes".
    """
    since = surroundings.lists.first_since
    return since is None or moment_stated(item.stated_at or item.opened.time) < since


def clocks_of(item: AnyItem, surroundings: Surroundings, received: ReceivedAt) -> list[Clock]:
    """Return the clocks of an item that is no history, by its lists."""
    found = (_clock_of(asked, item, surroundings) for asked in _asked_for(item, surroundings, received))
    return [clock for clock in found if clock is not None]


def earliest_due(clocks: list[Clock]) -> datetime | None:
    """Return when the first of the running clocks is due."""
    return min((clock.due.at for clock in clocks if clock.is_running), default=None)


def _asked_for(item: AnyItem, surroundings: Surroundings, received: ReceivedAt) -> Iterator[_Asked]:
    yield _notify(item, received)
    yield _Asked("handle", "handle", _recorded(item.opened), _stopped_by(item.closed))
    yield from _acknowledge(item, received)
    for question in item.questions:
        name = f"answer/{question.position}"
        yield _Asked(name, "answer", _recorded(question), _stopped_by(answer_to(item.answers, question)))
    if not isinstance(item, Item):
        return
    for investigation in filter(item.deviation.is_relied_on, item.deviation.investigations):
        yield from _closure_approval(item, investigation, surroundings)


def _notify(item: AnyItem, received: ReceivedAt) -> _Asked:
    """From the detection to the receipt of the first word about it that counts.

    Source: NMPA 134/2025 (V), "the MAHs shall be promptly notified of such deviation".
    """
    stated = item.stated_at
    word = item.first_word
    at = None if word is None else received(item.owner, word.position)
    stop = None if word is None or at is None else Stop(parse_moment(at), word)
    if stated is None:
        return _Asked("notify", "notify", _recorded(item.opened), stop)
    known = Known.STATED if "T" in stated else Known.STATED_DATE
    return _Asked("notify", "notify", Start(moment_stated(stated), known, item.opened), stop)


def _acknowledge(item: AnyItem, received: ReceivedAt) -> Iterator[_Asked]:
    """From the receipt of the opening to a named person's taking note."""
    at = received(item.owner, item.opened.position)
    if at is not None:
        start = Start(parse_moment(at), Known.RECEIVED, item.opened)
        first = item.acknowledgements[0] if item.acknowledgements else None
        yield _Asked("acknowledge", "acknowledge", start, _stopped_by(first))


def _closure_approval(item: Item, investigation: PastEvent, surroundings: Surroundings) -> Iterator[_Asked]:
    """From when an investigation needed the partner's decision to that decision."""
    begun = _approval_needed_since(item, investigation, surroundings)
    if begun is None:
        return
    decision = item.decision_on(investigation)
    is_void = decision is None and (investigation is not item.investigation or item.deviation.is_closed)
    name = f"closure_approval/{investigation.position}"
    yield _Asked(name, "closure_approval", _recorded(begun), _stopped_by(decision), is_void)


def needs_approval(item: Item, investigation: PastEvent, surroundings: Surroundings) -> bool:
    """Tell whether closing on an investigation needs the partner's approval; a lowered class lifts nothing.

    Source: domain.md 2.4, policy `deviation.closure_approval`, as in force when the investigation was recorded.
    """
    return not item.deviation.classes.isdisjoint(_approval_classes(investigation, surroundings))


def _approval_needed_since(item: Item, investigation: PastEvent, surroundings: Surroundings) -> PastEvent | None:
    """Return the entry with which an investigation came to need approval: itself, or a later word on the class."""
    if not needs_approval(item, investigation, surroundings):
        return None
    classes = _approval_classes(investigation, surroundings)
    first = next(each for each in _words_on_class(item) if not classes.isdisjoint(_classes_in(each)))
    if first.position < investigation.position:
        return investigation
    return first if investigation is item.investigation else None


def _words_on_class(item: Item) -> list[PastEvent]:
    """Return what was said of the class, marked words and corrections included, by position."""
    deviation = item.deviation
    return sorted((*deviation.classifications, *deviation.corrections), key=lambda past: past.position)


def _classes_in(past: PastEvent) -> set[str | None]:
    body = past.body
    if isinstance(body, Classified):
        return {body.class_}
    return {change.after for change in body.changes if change.field == "class"}


def _approval_classes(investigation: PastEvent, surroundings: Surroundings) -> frozenset[str]:
    return closure_approval_classes(surroundings.agreements.at(parse_moment(investigation.time)))


def _clock_of(asked: _Asked, item: AnyItem, surroundings: Surroundings) -> Clock | None:
    """Look the limit up in the list in force at the start; None when it has none."""
    version = surroundings.lists.at(asked.start.at)
    if version is None:
        return None
    limits = version.terms.limits(item.category, Direction.of(item.owner), asked.limit_name, item.class_)
    dues = [(_due_of(limit, asked.start.at, surroundings), limit) for limit in limits]
    if not dues:
        return None
    due, limit = min(dues, key=lambda each: each[0].at)
    return Clock(asked.name, asked.start, limit, version, due, asked.stop, _state_of(asked, due))


def _due_of(limit: Limit, start: datetime, surroundings: Surroundings) -> Due:
    return due_date(start, limit.value, Unit(limit.unit), surroundings.calendars.calendar_for(limit.calendar, start))


def _state_of(asked: _Asked, due: Due) -> ClockState:
    if asked.is_void:
        return ClockState.VOID
    if asked.stop is None:
        return ClockState.RUNNING
    return ClockState.MET if asked.stop.at <= due.at else ClockState.LATE


def _recorded(past: PastEvent) -> Start:
    return Start(parse_moment(past.time), Known.RECORDED, past)


def _stopped_by(past: PastEvent | None) -> Stop | None:
    return None if past is None else Stop(parse_moment(past.time), past)
