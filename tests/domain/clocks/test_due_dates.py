from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clocks.calendar import DayKind, PublishedYear, WorkingCalendar
from domain.clocks.clock import LATEST, Due, Unit, day_of, due_date, end_of, moment_stated, start_of
from domain.clocks.explanation import Reason, explain
from tests.domain.clocks.reference_calendar import (
    SPRING_2026_DAYS_OFF,
    SPRING_2026_MAKE_UP_WORKDAYS,
    NaiveCalendar,
    NaiveYear,
    naive_due,
)

BEIJING = timezone(timedelta(hours=8))
CALENDAR_2026 = PublishedYear("CN", 1, 2026, SPRING_2026_DAYS_OFF, SPRING_2026_MAKE_UP_WORKDAYS, provisional=False)


def beijing(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def test_three_working_days_over_the_spring_festival_of_2026_end_on_25_february() -> None:
    due = due_date(beijing(2026, 2, 13, 9), 3, Unit.WORKING_DAYS, WorkingCalendar([CALENDAR_2026]))

    assert due == Due(datetime(2026, 2, 25, 15, 59, 59, 999999, UTC), provisional=False)


def test_the_spring_festival_explains_itself_day_by_day() -> None:
    days = explain(beijing(2026, 2, 13, 9), 3, Unit.WORKING_DAYS, WorkingCalendar([CALENDAR_2026]))

    assert [(day.day.day, day.number, day.reason) for day in days] == [
        (13, None, Reason.START_DAY),
        (14, 1, Reason.MAKE_UP_WORKDAY),
        *((day, None, Reason.DAY_OFF) for day in range(15, 24)),
        (24, 2, Reason.WEEKDAY),
        (25, 3, Reason.WEEKDAY),
    ]


def test_a_year_that_nobody_published_is_counted_by_weekends_and_is_provisional() -> None:
    due = due_date(beijing(2026, 12, 31, 9), 1, Unit.WORKING_DAYS, WorkingCalendar([CALENDAR_2026]))

    assert due == Due(end_of(date(2027, 1, 1)), provisional=True)


def test_the_start_day_is_not_looked_at_when_asking_what_is_provisional() -> None:
    of_2027 = PublishedYear("CN", 1, 2027, frozenset({date(2027, 1, 1)}), frozenset(), provisional=False)

    due = due_date(beijing(2026, 12, 31, 9), 1, Unit.WORKING_DAYS, WorkingCalendar([of_2027]))

    assert due == Due(end_of(date(2027, 1, 4)), provisional=False)


def test_a_year_published_as_provisional_marks_what_rests_on_it() -> None:
    draft = PublishedYear("CN", 1, 2026, frozenset({date(2026, 3, 3)}), frozenset(), provisional=True)

    due = due_date(beijing(2026, 3, 2), 1, Unit.WORKING_DAYS, WorkingCalendar([draft]))

    assert due == Due(end_of(date(2026, 3, 4)), provisional=True)


def test_hours_and_calendar_days_rest_on_no_calendar() -> None:
    start = beijing(2031, 2, 1, 9, 30)

    assert due_date(start, 24, Unit.HOURS, WorkingCalendar()) == Due(start + timedelta(hours=24), provisional=False)
    assert due_date(start, 2, Unit.CALENDAR_DAYS, WorkingCalendar()) == Due(end_of(date(2031, 2, 3)), provisional=False)


def test_a_limit_in_days_ends_with_the_last_microsecond_of_the_beijing_day() -> None:
    late_in_utc = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # already 3 March in Beijing

    due = due_date(late_in_utc, 1, Unit.CALENDAR_DAYS, WorkingCalendar())

    assert due.at == datetime(2026, 3, 4, 23, 59, 59, 999999, BEIJING)


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2026-11-22", datetime(2026, 11, 21, 16, 0, tzinfo=UTC)),
        ("2026-11-22T08:10:00+08:00", datetime(2026, 11, 22, 0, 10, tzinfo=UTC)),
        ("2026-11-22T08:10:00.5Z", datetime(2026, 11, 22, 8, 10, 0, 500000, UTC)),
    ],
)
def test_a_date_alone_starts_at_midnight_in_beijing(stated: str, moment: datetime) -> None:
    assert moment_stated(stated) == moment


def test_a_day_in_both_lists_is_worked() -> None:
    day = date(2026, 5, 9)
    calendar = WorkingCalendar([PublishedYear("CN", 1, 2026, frozenset({day}), frozenset({day}), provisional=False)])

    assert calendar.kind_of(day) is DayKind.MAKE_UP_WORKDAY


def test_a_calendar_says_nothing_about_days_of_other_years() -> None:
    monday = date(2027, 1, 4)
    calendar = WorkingCalendar([PublishedYear("CN", 1, 2026, frozenset({monday}), frozenset(), provisional=False)])

    assert calendar.kind_of(monday) is DayKind.WEEKDAY


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize(
    "stated", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]
)
def test_no_stated_time_is_too_far_away_to_be_counted(stated: str, unit: Unit) -> None:
    start = moment_stated(stated)

    due = due_date(start, 87_600, unit, WorkingCalendar())

    assert start <= due.at <= LATEST
    assert day_of(start) <= day_of(due.at)
    assert explain(start, 87_600, unit, WorkingCalendar())[-1].day == day_of(due.at)


def test_hours_are_shown_by_the_days_on_which_they_lie() -> None:
    days = explain(beijing(2026, 2, 13, 18), 24, Unit.HOURS, WorkingCalendar())

    assert [(day.day, day.hours, day.counted) for day in days] == [
        (date(2026, 2, 13), "6", True),
        (date(2026, 2, 14), "18", True),
    ]


def test_hours_that_end_at_midnight_do_not_touch_the_next_day() -> None:
    days = explain(beijing(2026, 2, 13, 18), 6, Unit.HOURS, WorkingCalendar())

    assert [day.day for day in days] == [date(2026, 2, 13)]


_DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
_STARTS = st.builds(
    lambda minutes, zone: datetime(2025, 1, 1, tzinfo=UTC).astimezone(zone) + timedelta(minutes=minutes),
    st.integers(0, 4 * 365 * 24 * 60),
    st.sampled_from([UTC, BEIJING, timezone(-timedelta(hours=9))]),
)
_YEARS = st.dictionaries(
    st.integers(2025, 2028),
    st.builds(NaiveYear, st.frozensets(_DAYS, max_size=60), st.frozensets(_DAYS, max_size=30), st.booleans()),
    max_size=4,
)


def _published(years: dict[int, NaiveYear]) -> WorkingCalendar:
    return WorkingCalendar(
        PublishedYear("CN", 1, year, naive.days_off, naive.make_up, provisional=naive.provisional)
        for year, naive in years.items()
    )


@given(start=_STARTS, value=st.integers(1, 400), unit=st.sampled_from(list(Unit)), years=_YEARS)
def test_every_due_date_is_that_of_counting_day_after_day(
    start: datetime, value: int, unit: Unit, years: dict[int, NaiveYear]
) -> None:
    due = due_date(start, value, unit, _published(years))

    assert (due.at, due.provisional) == naive_due(start, value, unit.value, NaiveCalendar(years))


@given(start=_STARTS, value=st.integers(1, 60), unit=st.sampled_from(list(Unit)), years=_YEARS)
def test_an_explanation_leaves_no_day_out_and_counts_to_the_limit(
    start: datetime, value: int, unit: Unit, years: dict[int, NaiveYear]
) -> None:
    calendar = _published(years)
    days = explain(start, value, unit, calendar)
    due = due_date(start, value, unit, calendar)

    assert [day.day for day in days] == [days[0].day + timedelta(days=n) for n in range(len(days))]
    assert days[0].day == day_of(start)
    assert any(day.provisional for day in days) == due.provisional
    if unit is not Unit.HOURS:
        assert days[-1].day == day_of(due.at)
        assert days[-1].number == value
        assert [day.number for day in days if day.counted] == list(range(1, value + 1))


@given(day=_DAYS)
def test_a_beijing_day_has_twenty_four_hours(day: date) -> None:
    assert end_of(day) - start_of(day) == timedelta(days=1) - timedelta(microseconds=1)
    assert day_of(start_of(day)) == day_of(end_of(day)) == day
