"""Times as they are written: the recorded moment in its one form, and what a person states about when."""

import re
from datetime import UTC, date, datetime

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STATED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)

Stated = str
"""When something happened, as a person states it: `2026-11-22`, or RFC 3339 with its offset."""


def format_moment(at: datetime) -> str:
    """Write an aware time in UTC to the microsecond: `2026-11-22T09:30:44.123456Z`.

    Raises:
        ValueError: the time is naive.
    """
    if at.tzinfo is None:
        raise ValueError("a moment knows its offset")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_moment(text: str) -> datetime:
    """Read a recorded time, in exactly the form of `format_moment`.

    Raises:
        ValueError: another form, or a time that is in no calendar.
    """
    if _MOMENT.fullmatch(text) is None:
        raise ValueError("a moment is written like 2026-11-22T09:30:44.123456Z")
    return datetime.fromisoformat(text)


def is_moment(text: str) -> bool:
    """Tell whether a text is a recorded time in its one form and of the calendar."""
    try:
        parse_moment(text)
    except ValueError:
        return False
    return True


def parse_stated(text: str) -> date | datetime:
    """Read what a person states about when: a date alone, or RFC 3339 with its offset.

    Raises:
        ValueError: another form, or a time that is in no calendar.
    """
    if _DATE.fullmatch(text) is not None:
        return date.fromisoformat(text)
    if _STATED.fullmatch(text) is None:
        raise ValueError("a stated time is a date alone or RFC 3339 with its offset")
    return datetime.fromisoformat(text)
