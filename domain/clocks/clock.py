"""When a time limit is due: a pure function of start, number, unit and calendar.

- Hours run through: start plus so many hours, to the microsecond.
- Days are Beijing days. The day of the start is not counted; the limit ends with the last microsecond of its last day
  (23:59:59.999999 Beijing, 15:59:59.999999 UTC). What happens at that very moment is in time.
- A time that a person stated as a date alone starts at 00:00 Beijing of that day: the strictest reading.
- Nothing overflows: a moment outside the years 1 to 9999 is the nearest one inside.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.clocks.calendar import BEIJING, LAST_DAY, WorkingCalendar
from events.encoding.moments import Stated, parse_stated

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)

_OFFSET = timedelta(hours=8)
_LAST_MOMENT_OF_A_DAY = time(15, 59, 59, 999999)  # in UTC


class Unit(StrEnum):
    """In what a time limit is counted."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Due:
    """The last moment of a time limit (UTC), and whether it rests on days that may still change."""

    at: datetime
    provisional: bool


def due_date(start: datetime, value: int, unit: Unit, calendar: WorkingCalendar) -> Due:
    """Return when a limit of `value` hours, calendar days or working days from an aware start ends."""
    if unit is Unit.HOURS:
        return Due(_hours_after(start, value), provisional=False)
    first = day_of(start)
    if unit is Unit.CALENDAR_DAYS:
        return Due(end_of(_days_after(first, value)), provisional=False)
    last = calendar.working_day_after(first, value)
    return Due(end_of(last), provisional=rests_on_provisional_days(first, last, calendar))


def rests_on_provisional_days(first: date, last: date, calendar: WorkingCalendar) -> bool:
    """Tell whether a day after `first` up to `last` is of a year whose days may still change."""
    begins = _days_after(first, 1).year
    return any(calendar.is_provisional(year) for year in range(begins, last.year + 1))


def day_of(moment: datetime) -> date:
    """Return the Beijing day of an aware moment."""
    try:
        return moment.astimezone(BEIJING).date()
    except OverflowError:
        return LAST_DAY if moment.year > 1 else date.min


def end_of(day: date) -> datetime:
    """Return the last moment (UTC) of a Beijing day."""
    return datetime.combine(day, _LAST_MOMENT_OF_A_DAY, UTC) if day < LAST_DAY else LATEST


def start_of(day: date) -> datetime:
    """Return the first moment (UTC) of a Beijing day."""
    return datetime.combine(day, time(), UTC) - _OFFSET if day > date.min else EARLIEST


def moment_stated(stated: Stated) -> datetime:
    """Return the moment (UTC) that a person stated; a date alone means 00:00 Beijing of that day.

    Raises:
        ValueError: the text is no stated time.
    """
    told = parse_stated(stated)
    if not isinstance(told, datetime):
        return start_of(told)
    try:
        return told.astimezone(UTC)
    except OverflowError:
        return LATEST if told.year > 1 else EARLIEST


def _hours_after(start: datetime, hours: int) -> datetime:
    try:
        return start.astimezone(UTC) + timedelta(hours=hours)
    except OverflowError:
        return LATEST


def _days_after(day: date, count: int) -> date:
    ordinal = day.toordinal() + count
    return date.fromordinal(ordinal) if ordinal <= LAST_DAY.toordinal() else LAST_DAY
