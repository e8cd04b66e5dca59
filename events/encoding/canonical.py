"""Canonical JSON: RFC 8785 in the narrow profile of this product.

UTF-8; keys match `[a-z][a-z0-9_]*`; numbers are integers below 2^53 in magnitude; no float ever; no duplicate keys,
no lone surrogates, no U+0000; nesting to 32, the outermost object counted as one. Within that profile the sorted
output of orjson is RFC 8785. Reading is strict: bytes that do not re-encode to themselves are not canonical.
"""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from events.errors import CanonicalError

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_KNOWN_KEYS: set[str] = set()  # spares the pattern for keys seen before; holds nothing but answers of _KEY
_MAX_KNOWN_KEYS = 4096


def encode(value: Mapping[str, Any]) -> bytes:
    """Return the one canonical encoding of an object.

    Raises:
        CanonicalError: the value holds something outside the profile; the detail says what and where.
    """
    plain = value if type(value) is dict else dict(value)
    _check_object(plain, 1)
    try:
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:
        raise CanonicalError(str(error)) from error


def decode(raw: bytes) -> dict[str, Any]:
    """Return the object that these canonical bytes encode.

    Raises:
        CanonicalError: no JSON, no object, outside the profile, or not the one encoding of its value.
    """
    try:
        value = orjson.loads(raw)
    except ValueError as error:
        raise CanonicalError(f"not strict JSON: {error}") from error
    if type(value) is not dict:
        raise CanonicalError("not an object")
    _check_object(value, 1)
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != raw:
        raise CanonicalError("the bytes do not re-encode to themselves")
    return value


class _OutsideError(Exception):
    """A value outside the profile, on its way up to the object that learns its place."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place: list[str] = []


def _check_object(value: dict[str, Any], depth: int) -> None:
    """Walk over all values once; the usual ones, strings and small integers, first."""
    try:
        _check_members(value, depth)
    except _OutsideError as outside:
        place = ".".join(reversed(outside.place))
        raise CanonicalError(f"{place}: {outside.reason}" if place else outside.reason) from None


def _check_members(value: dict[str, Any], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _OutsideError(f"nested deeper than {MAX_DEPTH}")
    if not _KNOWN_KEYS.issuperset(value):
        _check_keys(value)
    for key, member in value.items():
        kind = type(member)
        if kind is str:
            if "\0" in member:
                raise _at(key, _OutsideError("holds U+0000"))
        elif kind is not bool and member is not None:
            try:
                _check_value(member, depth)
            except _OutsideError as outside:
                raise _at(key, outside) from None


def _check_value(value: object, depth: int) -> None:
    if isinstance(value, dict):
        _check_members(value, depth + 1)
    elif isinstance(value, list | tuple):
        _check_items(value, depth + 1)
    elif isinstance(value, str):
        if "\0" in value:
            raise _OutsideError("holds U+0000")
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise _OutsideError("an integer of magnitude 2^53 or more")
    elif isinstance(value, float):
        raise _OutsideError("a number that is no integer below 2^53")
    else:
        raise _OutsideError(f"a {type(value).__name__} is no JSON value")


def _check_items(items: list[object] | tuple[object, ...], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _OutsideError(f"nested deeper than {MAX_DEPTH}")
    for index, item in enumerate(items):
        try:
            _check_value(item, depth)
        except _OutsideError as outside:
            raise _at(str(index), outside) from None


def _check_keys(value: dict[Any, Any]) -> None:
    for key in value:
        if not isinstance(key, str) or _KEY.fullmatch(key) is None:
            raise _OutsideError(f"the key {key!r:.60} does not match [a-z][a-z0-9_]*")
        if len(_KNOWN_KEYS) < _MAX_KNOWN_KEYS:
            _KNOWN_KEYS.add(key)


def _at(key: str, outside: _OutsideError) -> _OutsideError:
    outside.place.append(key)
    return outside
