"""How a clock of an item came to its due date: every day, counted or not, and why."""

from domain.clocks.clock import Unit
from domain.clocks.explanation import CountedDay, explain
from domain.clocks.publications import PublishedCalendars
from domain.items.rows import Row
from events.catalogue.bodies import EventRef
from events.encoding.moments import parse_moment


def explained(clock: Row, calendars: PublishedCalendars) -> Row:
    """Return the row of a clock with its days: `{"day", "counted", "reason", "number", "hours", "provisional"}`.

    Days are Beijing days. `hours` (decimal text) says of a limit in hours how many of them lie on the day. A clock that
    has no limit of the list has no days to count: its party promised the day itself.
    """
    limit, start = clock["limit"], parse_moment(clock["started_at"])
    if limit is None:
        return {**clock, "days": []}
    named = None if limit["calendar"] is None else EventRef.model_validate(limit["calendar"])
    days = explain(start, limit["value"], Unit(limit["unit"]), calendars.calendar_for(named, start))
    return {**clock, "days": [_day_row(day) for day in days]}


def _day_row(day: CountedDay) -> Row:
    return {
        "day": day.day.isoformat(),
        "counted": day.counted,
        "reason": day.reason.value,
        "number": day.number,
        "hours": day.hours,
        "provisional": day.provisional,
    }
