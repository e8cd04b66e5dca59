"""A calendar and a counting of days that anybody can check by reading: one day after the other."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

# The State Council's days for 2026, as far as the tests need them: New Year, Spring Festival and their make-up days.
SPRING_2026_DAYS_OFF = frozenset(
    {date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)} | {date(2026, 2, day) for day in range(15, 24)}
)
SPRING_2026_MAKE_UP_WORKDAYS = frozenset({date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)})


@dataclass(frozen=True)
class NaiveYear:
    days_off: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()
    provisional: bool = False


@dataclass
class NaiveCalendar:
    years: dict[int, NaiveYear] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        year = self.years.get(day.year, NaiveYear())
        if day in year.make_up:
            return True
        return day not in year.days_off and day.isoweekday() <= 5

    def may_change(self, day: date) -> bool:
        return day.year not in self.years or self.years[day.year].provisional


def naive_due(start: datetime, value: int, unit: str, calendar: NaiveCalendar) -> tuple[datetime, bool]:
    if unit == "hours":
        return start + timedelta(hours=value), False
    day = (start.astimezone(UTC) + timedelta(hours=8)).date()
    left, provisional = value, False
    while left:
        day += timedelta(days=1)
        if unit == "calendar_days":
            left -= 1
            continue
        provisional = provisional or calendar.may_change(day)
        left -= calendar.works(day)
    end = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, UTC) - timedelta(hours=8)
    return end, provisional
