"""The calendar of a year as data: what the clocks count by it is what the State Council published."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.clocks.calendar import PublishedYear, WorkingCalendar
from domain.clocks.clock import Due, Unit, due_date
from events.catalogue.registry import decode_body, event_type
from infra.calendar.china import chinese_year, is_published

BEIJING = timezone(timedelta(hours=8))


def calendar_of(*years: int) -> WorkingCalendar:
    bodies = [chinese_year(year) for year in years]
    return WorkingCalendar(
        PublishedYear(
            body["calendar"],
            body["version"],
            body["year"],
            frozenset(map(date.fromisoformat, body["days_off"])),
            frozenset(map(date.fromisoformat, body["make_up_workdays"])),
            provisional=body["provisional"],
        )
        for body in bodies
    )


def test_three_working_days_from_13_february_2026_end_on_the_25th() -> None:
    due = due_date(datetime(2026, 2, 13, 9, tzinfo=BEIJING), 3, Unit.WORKING_DAYS, calendar_of(2026))

    assert due == Due(datetime(2026, 2, 25, 15, 59, 59, 999999, UTC), provisional=False)


def test_2026_is_worked_as_its_notice_says() -> None:
    calendar = calendar_of(2026)
    off = [
        *((1, day) for day in range(1, 4)),
        *((2, day) for day in range(15, 24)),
        *((4, day) for day in range(4, 7)),
        *((5, day) for day in range(1, 6)),
        *((6, day) for day in range(19, 22)),
        *((9, day) for day in range(25, 28)),
        *((10, day) for day in range(1, 8)),
    ]
    make_up = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]

    assert not [day for day in off if calendar.kind_of(date(2026, *day)).is_worked]
    assert [date.fromisoformat(day) for day in chinese_year(2026)["make_up_workdays"]] == make_up
    assert sum(calendar.kind_of(date(2026, 1, 1) + timedelta(days=n)).is_worked for n in range(365)) == 248


def test_a_make_up_day_in_december_comes_from_the_next_years_notice() -> None:
    assert "2018-12-29" in chinese_year(2018)["make_up_workdays"]
    assert "2018-12-31" in chinese_year(2018)["days_off"]


def test_a_year_without_a_notice_is_provisional_and_has_weekends_only() -> None:
    year = next(year for year in range(2026, 2100) if not is_published(year))

    assert chinese_year(year, 4) == {
        "calendar": "CN",
        "version": 4,
        "year": year,
        "days_off": [],
        "make_up_workdays": [],
        "provisional": True,
    }


@pytest.mark.parametrize("year", range(2012, 2030))
def test_every_year_is_a_body_of_the_catalogue_with_days_of_its_own(year: int) -> None:
    body = chinese_year(year)
    known = event_type("calendar.published.v1")
    assert known is not None

    decode_body(known, {**body, "salt": "0" * 32})

    days = [*body["days_off"], *body["make_up_workdays"]]
    assert {day[:4] for day in days} <= {str(year)}
    assert len(days) == len(set(days))
    assert all(date.fromisoformat(day).weekday() >= 5 for day in body["make_up_workdays"])


@pytest.mark.parametrize("year", [0, 1949, 2101])
def test_a_year_beyond_all_notices_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="a year from 1950 to 2100"):
        chinese_year(year)
