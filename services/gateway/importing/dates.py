"""Dates as spreadsheets hold them, made what a person states: a date alone stays a date, a time gets its offset."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from events.encoding.moments import parse_stated
from infra.spreadsheets.cells import Cell, text_of
from services.gateway.importing.errors import RowError

SERIAL = "serial"
"""The form of a date that a spreadsheet keeps as a number of days."""

USUAL_FORMS = ("YYYY-M-D", "YYYY.M.D", "YYYY/M/D", "YYYY年M月D日")
"""The forms that are read when a mapping names none."""

_TOKENS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "h": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}
_TOKEN = re.compile("|".join(_TOKENS))
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no time zones
_LAST_SERIAL = 2_958_465  # 9999-12-31
_SERIAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?")


def check_date_form(form: str) -> None:
    """Refuse a form of dates that names no day.

    Raises:
        ValueError: year, month or day is missing or stands twice.
    """
    if form == SERIAL:
        return
    try:
        names = set(_pattern(form).groupindex)
    except re.error:
        names = set()
    if not {"year", "month", "day"} <= names:
        raise ValueError(f"{form!r} is no form of dates; try: YYYY-MM-DD, DD.MM.YYYY hh:mm, YYYY年M月D日, {SERIAL}")


def stated_time(cell: Cell, forms: Sequence[str] | None, offset: str | None) -> str:
    """Return what a cell states about when: `2026-11-22`, or RFC 3339 with the offset that the mapping gives.

    Raises:
        RowError: the cell holds no date of these forms, or a time and no offset is known.
    """
    if isinstance(cell, datetime):
        return _with_offset(cell, offset)
    if isinstance(cell, date):
        return cell.isoformat()
    text = text_of(cell).strip()
    try:
        parse_stated(text)
    except ValueError:
        return _by_forms(text, forms or USUAL_FORMS, offset)
    return text


def _by_forms(text: str, forms: Sequence[str], offset: str | None) -> str:
    for form in forms:
        found = _SERIAL.fullmatch(text) if form == SERIAL else _pattern(form).fullmatch(text)
        if found is not None:
            return _by_serial(text, offset) if form == SERIAL else _by_parts(text, found.groupdict(), offset)
    raise RowError(f"{text!r:.60} is no date; right would be {', '.join(forms)}")


def _by_parts(text: str, parts: dict[str, str], offset: str | None) -> str:
    try:
        moment = datetime(**{name: int(digits) for name, digits in parts.items()})  # type: ignore[arg-type]  # noqa: DTZ001 - the names of the tokens are its own; the offset is put on below
    except ValueError as failure:
        raise RowError(f"{text!r:.60} is no day of the calendar") from failure
    return _with_offset(moment, offset) if "hour" in parts else moment.date().isoformat()


def _by_serial(text: str, offset: str | None) -> str:
    days = float(text)
    if not 1 <= days <= _LAST_SERIAL:
        raise RowError(f"{text!r:.60} is no day of a spreadsheet's calendar")
    moment = _DAY_ZERO + timedelta(seconds=round(days * 86_400))
    return moment.date().isoformat() if days.is_integer() else _with_offset(moment, offset)


def _with_offset(moment: datetime, offset: str | None) -> str:
    if offset is None:
        raise RowError(f'{moment} has a time; right would be an "offset" for it in the mapping, such as "+08:00"')
    return moment.isoformat() + offset


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str]:
    pattern, end = "", 0
    for token in _TOKEN.finditer(form):
        pattern += re.escape(form[end : token.start()]) + _TOKENS[token[0]]
        end = token.end()
    return re.compile(pattern + re.escape(form[end:]))
