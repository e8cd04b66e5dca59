"""A recorded moment has one form; what a person states may be a date alone."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.encoding.moments import format_moment, is_moment, parse_moment, parse_stated

SHANGHAI = timezone(timedelta(hours=8))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_read_back(at: datetime) -> None:
    assert parse_moment(format_moment(at)) == at


def test_a_moment_is_written_in_utc_to_the_microsecond() -> None:
    assert format_moment(datetime(2026, 11, 22, 17, 30, 44, 120000, SHANGHAI)) == "2026-11-22T09:30:44.120000Z"


def test_a_naive_time_is_no_moment() -> None:
    with pytest.raises(ValueError, match="offset"):
        format_moment(datetime(2026, 11, 22, 17, 30))  # noqa: DTZ001 - the naive time is the point


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T09:30:44Z",
        "2026-11-22T09:30:44.123Z",
        "2026-11-22T09:30:44.1234567Z",
        "2026-11-22T09:30:44.123456+00:00",
        "2026-11-22 09:30:44.123456Z",
        "2026-11-22T09:30:44.123456z",
        "2026-11-22T09:30:44.123456Z\n",
        "2026-02-30T09:30:44.123456Z",
        "2026-11-22T24:00:00.000000Z",
        "2026-11-22T09:30:60.000000Z",
        "0000-11-22T09:30:00.000000Z",
        "２026-11-22T09:30:44.123456Z",
    ],
)
def test_a_moment_in_another_form_is_refused(text: str) -> None:
    assert not is_moment(text)
    with pytest.raises(ValueError, match=r".+"):
        parse_moment(text)


def test_a_person_may_state_a_date_alone_or_a_time_with_its_offset() -> None:
    assert parse_stated("2026-11-22") == date(2026, 11, 22)
    assert parse_stated("2026-11-22T17:30:00+08:00") == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert parse_stated("2026-11-22T09:30:00.5Z") == datetime(2026, 11, 22, 9, 30, 0, 500000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026-11-31", "2026-11-22T17:30:00", "20261122", "2026-11", "2026-11-22T17:30+08:00"]
)
def test_other_statements_of_time_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_stated(text)
