"""Reading JSON from outside strictly: what two readers could understand differently is refused.

UTF-8 without a byte order mark; no key twice, no NaN, no floats, no integers beyond 2^53, no lone surrogates, no
U+0000; nested to 32 at most. The canonical bytes of what was read serve as the request's digest.
"""

import json
from dataclasses import dataclass
from typing import Any

import orjson

from events.encoding.canonical import encode
from events.errors import CanonicalError
from services.gateway.api.problems import FieldError, Problem

_LONGEST_NUMBER = 20
_CONFIRMATION, _ESCAPE = b'"confirmation"', b"\\u"


@dataclass(frozen=True, slots=True)
class StrictBody:
    """A JSON object that was read strictly, and its one canonical encoding."""

    value: dict[str, Any]
    canonical: bytes


def read_object(raw: bytes) -> StrictBody:
    """Read a JSON object.

    Raises:
        Problem: `malformed` (400): no strict JSON; `validation` (422): a value that no request holds, with its place.
    """
    value = _parse(raw)
    if type(value) is not dict:
        raise Problem("malformed", f"the body is a JSON object, not {_kind(value)}")
    try:
        return StrictBody(value, encode(_unconfirmed(value) if _may_hold_a_confirmation(raw) else value))
    except CanonicalError as error:
        where, colon, what = error.detail.partition(": ")
        found = FieldError(where, what) if colon else FieldError("", error.detail)
        raise Problem("validation", error.detail, errors=(found,)) from error


def _may_hold_a_confirmation(raw: bytes) -> bool:
    return _CONFIRMATION in raw or _ESCAPE in raw


def _unconfirmed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value without what confirms its signatures: no trace of that is kept, not even as a digest."""
    if isinstance(value, list):
        return [_unconfirmed(each) for each in value]
    if not isinstance(value, dict):
        return value
    secret = {"confirmation"} if "meaning" in value else set()
    return {name: _unconfirmed(each) for name, each in value.items() if name not in secret}


def _parse(raw: bytes) -> object:
    try:
        orjson.loads(raw)  # the stricter reader: UTF-8, grammar, surrogates, numbers, depth
        return json.loads(raw.decode(), object_pairs_hook=_once, parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed", f"not strict JSON: {_reason(error)}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value] # add answers None
        raise ValueError(f"the key {twice!r:.60} stands twice")
    return fields


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _reason(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


def _kind(value: object) -> str:
    return {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")
