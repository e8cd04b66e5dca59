"""The Chinese working calendar: which days are worked, by the calendars that a party published as entries.

A published calendar speaks for the days of its own year and no other. A year that nobody published is counted by plain
weekends, and every date that rests on it is provisional; so is one that rests on a year published as provisional.
Days are Beijing days: UTC+8 all year (China keeps no summer time), so no time zone data can move a due date.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta, timezone
from enum import StrEnum

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time zone of days: UTC+8."""

LAST_DAY = date.max
"""Counting ends here: a limit that would run further falls due on this day."""

_SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    MAKE_UP_WORKDAY = "make_up_workday"

    @property
    def is_worked(self) -> bool:
        """Tell whether work is done on such a day."""
        return self in _WORKED


_WORKED = frozenset({DayKind.WEEKDAY, DayKind.MAKE_UP_WORKDAY})


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """The calendar of one year as a party published it (`calendar.published.v1`).

    A day that stands in both lists is worked: the stricter reading. Days of other years are not looked at.
    """

    calendar: str
    version: int
    year: int
    days_off: frozenset[date]
    make_up_workdays: frozenset[date]
    provisional: bool


class WorkingCalendar:
    """Working days of all years: of published years as published, of others by plain weekends."""

    def __init__(self, years: Iterable[PublishedYear] = ()) -> None:
        self._years = {published.year: published for published in years}
        self._worked: dict[int, tuple[int, ...]] = {}

    def kind_of(self, day: date) -> DayKind:
        """Say why a day is worked or not."""
        published = self._years.get(day.year)
        if published is not None:
            if day in published.make_up_workdays:
                return DayKind.MAKE_UP_WORKDAY
            if day in published.days_off:
                return DayKind.DAY_OFF
        return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WEEKDAY

    def is_provisional(self, year: int) -> bool:
        """Tell whether the days of a year may still change: not published, or published as provisional."""
        published = self._years.get(year)
        return published is None or published.provisional

    def working_day_after(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days (at least one) after a day, which is not counted."""
        ordinal, left = day.toordinal(), count
        for year in range(day.year, MAXYEAR + 1):
            worked = self._worked_days_of(year)
            first = bisect_right(worked, ordinal)
            if first + left <= len(worked):
                return date.fromordinal(worked[first + left - 1])
            left -= len(worked) - first
        return LAST_DAY

    def _worked_days_of(self, year: int) -> tuple[int, ...]:
        """Return the ordinals of the worked days of a year, ascending; kept for reuse."""
        known = self._worked.get(year)
        if known is None:
            days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
            known = tuple(day for day in days if self.kind_of(date.fromordinal(day)).is_worked)
            self._worked[year] = known
        return known
