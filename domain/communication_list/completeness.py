"""What is missing in a communication list before it may be activated: everything, said at once and in words.

Every row names people (senders, receivers, deputies), their responsibilities and the method. Every one of the eight
categories has a limit with a number for the notification; deviations have one for each of their clocks. A limit covers
all classes, or there is one for each class. No limit is stated twice for the same class: which one holds is no riddle.
"""

from collections.abc import Callable, Iterator, Sequence

from domain.clocks.clock import Unit
from domain.communication_list.terms import (
    AGREED_TERMS,
    CLASSES,
    DEVIATION_CLOCKS,
    DEVIATIONS,
    LEGAL_CATEGORIES,
    Direction,
    Terms,
    directions_of,
)
from events.catalogue.bodies import EventRef
from events.catalogue.communication_list import Limit, Row

MAX_VALUE = {Unit.HOURS: 87_600, Unit.CALENDAR_DAYS: 3_650, Unit.WORKING_DAYS: 3_650}
"""No limit is longer than ten years."""

_NOTIFY = ("notify",)

IsCalendar = Callable[[EventRef], bool]


def missing_in(rows: Sequence[Row], is_calendar: IsCalendar) -> list[str]:
    """Return what the rows of a list lack, in words; empty when the list is complete.

    Source: NMPA 134/2025 (VII), "at least including deviations, changes, ... adverse credit records", "clarify the
    communication personnel and responsibilities, communication methods and relevant timeframes".
    """
    terms = Terms(rows)
    found = [f"the category {category}" for category in LEGAL_CATEGORIES if not _rows_of(rows, category)]
    for number, row in enumerate(rows, 1):
        where = f"row {number} ({row.category})"
        found.extend(f"{where}: {lack}" for lack in _missing_in_row(row))
        for limit in row.limits or ():
            found.extend(f"{where}: {lack}" for lack in _wrong_in_limit(row, limit, is_calendar))
    for category in dict.fromkeys(row.category for row in rows):
        found.extend(_missing_limits(category, _rows_of(rows, category), terms))
    return found


def missing_terms(rows: Sequence[Row]) -> list[str]:
    """Return which times that the announcement leaves to the parties have no number, in words.

    Source: NMPA 134/2025 (VII), "relevant timeframes"; (IV) "immediately communicate and take measures"; (V)
    "immediately suspended"; (VI) "the right to consult"; (VIII) "promptly notify"; (IX) "without the approval of MAHs",
    "promptly take corresponding measures"; (XIII) "promptly rectify", "promptly prepare an on-site audit report".
    """
    terms = Terms(rows)
    return [
        f"{term.category}: a number for {term.name} {term.clause}"
        for term in AGREED_TERMS
        if all(_classes_without(terms, term.category, direction, term.name) for direction in Direction)
    ]


def _rows_of(rows: Sequence[Row], category: str) -> list[Row]:
    return [row for row in rows if row.category == category]


def _missing_in_row(row: Row) -> Iterator[str]:
    for name in ("senders", "receivers", "deputies", "responsibilities", "method"):
        if not getattr(row, name):
            yield name


def _wrong_in_limit(row: Row, limit: Limit, is_calendar: IsCalendar) -> Iterator[str]:
    unit = Unit(limit.unit)
    if limit.value > MAX_VALUE[unit]:
        yield f"a number of at most {MAX_VALUE[unit]} {unit.value} for {limit.name}"
    if unit is Unit.WORKING_DAYS and (limit.calendar is None or not is_calendar(limit.calendar)):
        yield f"the published calendar by which {limit.name} counts working days"
    if row.category == DEVIATIONS and limit.name in DEVIATION_CLOCKS:
        yield from _other_than_meant(row, limit)


def _other_than_meant(row: Row, limit: Limit) -> Iterator[str]:
    """Ask that a limit with the name of a deviation's clock is that clock: from when, until when, and who must act."""
    term = DEVIATION_CLOCKS[limit.name]
    if (limit.start, limit.stop) != (term.start, term.stop):
        yield f"{limit.name} from {term.start} to {term.stop}, not from {limit.start} to {limit.stop}"
    acting = [way.sender if term.sender_acts else way.sender.other for way in directions_of(row)]
    if limit.party not in {role.value for role in acting}:
        yield f"{limit.name} as a duty of the {acting[0].value}, not of the {limit.party}"


def _missing_limits(category: str, rows: Sequence[Row], terms: Terms) -> Iterator[str]:
    directions = dict.fromkeys(way for row in rows for way in directions_of(row))
    if category == DEVIATIONS:
        directions.setdefault(Direction.CMO_TO_MAH)  # the manufacturer's deviations are what (V) is about
    for direction in directions:
        for name in _needed(category, direction):
            for lacking in _classes_without(terms, category, direction, name):
                yield f"{category} ({direction.value}): a number for {name}{lacking}"
        for name in terms.names_of(category, direction):
            if any(len(terms.stated(category, direction, name, class_)) > 1 for class_ in (None, *CLASSES)):
                yield f"{category} ({direction.value}): one number for {name}, not several for the same class"


def _needed(category: str, direction: Direction) -> tuple[str, ...]:
    """Return the limits that a category must have; nobody approves the closing of the holder's own deviations."""
    if category != DEVIATIONS:
        return _NOTIFY
    return tuple(name for name in DEVIATION_CLOCKS if direction is Direction.CMO_TO_MAH or name != "closure_approval")


def _classes_without(terms: Terms, category: str, direction: Direction, name: str) -> list[str]:
    """Return for which classes a limit lacks, as the end of a sentence; one empty end when it lacks for all."""
    if terms.stated(category, direction, name, None):
        return []
    lacking = [class_ for class_ in CLASSES if not terms.stated(category, direction, name, class_)]
    return [""] if len(lacking) == len(CLASSES) else [f" of class {class_}" for class_ in lacking]
