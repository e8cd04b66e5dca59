"""Canonical JSON (formats.md 2): RFC 8785, narrowed. Bytes that do not re-encode to themselves are malformed."""

import json
import re
from typing import Any, Never

import rfc8785

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

_KEY = re.compile(r"[a-z][a-z0-9_]*")


class FormError(ValueError):
    """Bytes are not in the form that the format gives them; the text says why."""


def decode(raw: bytes) -> dict[str, Any]:
    """Return the object that canonical bytes encode.

    Raises:
        FormError: no JSON, no object, outside the narrow profile, or another encoding of it.
    """
    value = read_json(raw)
    if type(value) is not dict:
        raise FormError("not an object")
    _check(value, 1)
    quick = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if quick != raw and rfc8785.dumps(value) != raw:  # with such keys and numbers they differ in speed alone
        raise FormError("the bytes do not re-encode to themselves")
    return value


def read_json(raw: bytes) -> Any:
    """Read JSON without repeated keys, floats or constants, in any layout.

    Raises:
        FormError: it is none.
    """
    try:
        return json.loads(
            raw.decode(),
            object_pairs_hook=_once_each,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise FormError(f"no strict JSON: {error}") from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise FormError("a key stands twice")
    return value


def _no_number(text: str) -> Never:
    raise FormError(f"{text[:20]} is no integer")


def _check(value: Any, depth: int) -> None:
    if type(value) is str:
        _check_text(value)
    elif type(value) is int:
        if abs(value) > MAX_INTEGER:
            raise FormError("an integer of magnitude 2^53 or more")
    elif type(value) in (dict, list):
        if depth > MAX_DEPTH:
            raise FormError(f"nested deeper than {MAX_DEPTH}")
        if type(value) is dict and not all(map(_KEY.fullmatch, value)):
            raise FormError("a key does not match [a-z][a-z0-9_]*")
        for member in value.values() if type(value) is dict else value:
            _check(member, depth + 1)


def _check_text(value: str) -> None:
    if "\0" in value:
        raise FormError("holds U+0000")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise FormError("holds half of a surrogate pair") from error
