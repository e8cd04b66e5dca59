"""JSON Schema as it is meant: patterns of ECMA-262 (`$` is the very end), formats asserted."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from events.encoding.moments import parse_stated

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value) is not None


@_FORMATS.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    return not isinstance(value, str) or isinstance(parse_stated(value), datetime)


def check_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    at_the_very_end = re.sub(r"\$$", r"\\Z", pattern)
    if isinstance(value, str) and re.search(at_the_very_end, value) is None:
        yield ValidationError(f"{value!r:.80} does not match {pattern}")


_Validator = extend(Draft202012Validator, {"pattern": check_pattern})  # type: ignore[no-untyped-call] # stubs


def accepts(schema: dict[str, Any], value: object) -> bool:
    return bool(_Validator(schema, format_checker=_FORMATS).is_valid(value))
