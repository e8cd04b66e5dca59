"""How a due date came about: each day from the start to the end, counted or not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from domain.clocks.calendar import LAST_DAY, DayKind, WorkingCalendar
from domain.clocks.clock import LATEST, Unit, day_of, due_date, end_of, start_of

_ONE_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why a day was counted or not. Labels in both languages: domain/vocabulary/day_reasons.json."""

    START_DAY = "start_day"
    CALENDAR_DAY = "calendar_day"
    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    MAKE_UP_WORKDAY = "make_up_workday"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One Beijing day of a clock.

    `number` is its place among the counted days (None: not counted); for limits in hours all days are counted and
    `hours` says, as a decimal text, how many hours of the limit lie on it. `provisional`: the day may still change.
    """

    day: date
    counted: bool
    reason: Reason
    number: int | None = None
    hours: str | None = None
    provisional: bool = False


def explain(start: datetime, value: int, unit: Unit, calendar: WorkingCalendar) -> list[CountedDay]:
    """Return each day from that of the start to that of the due date, with the reason it was counted or not."""
    last = due_date(start, value, unit, calendar).at
    if unit is Unit.HOURS:
        return list(_hours_day_by_day(start, last))
    days = [CountedDay(day_of(start), counted=False, reason=Reason.START_DAY)]
    number = 0
    for day in _days_between(day_of(start), day_of(last)):
        kind = calendar.kind_of(day)
        counted = unit is Unit.CALENDAR_DAYS or kind.is_worked
        number += counted
        days.append(_counted_day(day, number if counted else None, kind, unit, calendar))
    return days


def _counted_day(day: date, number: int | None, kind: DayKind, unit: Unit, calendar: WorkingCalendar) -> CountedDay:
    if unit is Unit.CALENDAR_DAYS:
        return CountedDay(day, counted=True, reason=Reason.CALENDAR_DAY, number=number)
    return CountedDay(
        day,
        counted=number is not None,
        reason=Reason(kind.value),
        number=number,
        provisional=calendar.is_provisional(day.year),
    )


def _days_between(after: date, last: date) -> Iterator[date]:
    day = after
    while day < last:
        day += _ONE_DAY
        yield day


def _hours_day_by_day(start: datetime, last: datetime) -> Iterator[CountedDay]:
    begins = start.astimezone(UTC)
    for number, day in enumerate([day_of(begins), *_days_between(day_of(begins), day_of(last))], 1):
        spent = min(last, _beginning_after(day)) - max(begins, start_of(day))
        if spent or number == 1:
            yield CountedDay(day, counted=True, reason=Reason.HOURS, number=number, hours=_hours_text(spent))


def _beginning_after(day: date) -> datetime:
    """Return the first moment after a Beijing day; nothing comes after the last day of all."""
    return end_of(day) + timedelta(microseconds=1) if day < LAST_DAY else LATEST


def _hours_text(spent: timedelta) -> str:
    """Write a span in hours with at most two decimals, for people."""
    return f"{spent / timedelta(hours=1):.2f}".rstrip("0").rstrip(".")
