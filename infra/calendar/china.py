"""The Chinese working calendar of a year, as the body of a `calendar.published.v1`.

Source: the State Council's yearly notice of holidays and make-up working days, as the library knows it. A year whose
notice it does not know is provisional and has weekends only: an estimate of festivals would be no promise.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the library takes as long to load as a database driver, and is asked once a year
    from holidays.countries.china import China

CALENDAR = "CN"
FIRST_YEAR, LAST_YEAR = 1950, 2100  # what the library can be asked for


def is_published(year: int) -> bool:
    """Tell whether the library knows the notice of a year."""
    from holidays.countries.china import ChinaStaticHolidays  # noqa: PLC0415 - as above

    return year in ChinaStaticHolidays.special_public_holidays


def chinese_year(year: int, version: int = 1) -> dict[str, Any]:
    """Return the body, without `salt`, of the calendar entry of a year.

    A neighbouring year's notice may name days of this one, so it is asked too where it is known.

    Raises:
        ValueError: a year that the library cannot be asked for.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a calendar is of a year from {FIRST_YEAR} to {LAST_YEAR}, not {year}")
    published = is_published(year)
    return {
        "calendar": CALENDAR,
        "version": version,
        "year": year,
        "days_off": _texts(_days_off(year), year) if published else [],
        "make_up_workdays": _texts(_make_up_workdays(year), year) if published else [],
        "provisional": not published,
    }


def _days_off(year: int) -> set[date]:
    return set(_asked(year)) - _make_up_workdays(year)


def _make_up_workdays(year: int) -> set[date]:
    return set(_asked(year).weekend_workdays)


def _asked(year: int) -> "China":
    from holidays.countries.china import China  # noqa: PLC0415 - as above

    years = [near for near in (year - 1, year, year + 1) if is_published(near)]
    return China(years=years)  # type: ignore[no-untyped-call]  # the library's constructor has no types


def _texts(days: set[date], year: int) -> list[str]:
    return sorted(day.isoformat() for day in days if day.year == year)
