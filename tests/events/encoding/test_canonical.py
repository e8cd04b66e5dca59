"""Canonical JSON is RFC 8785 within its profile, and nothing else is read."""

import math
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.encoding.canonical import MAX_DEPTH, MAX_INTEGER, decode, encode
from events.errors import CanonicalError

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


@given(OBJECTS)
def test_the_encoding_is_that_of_rfc_8785(value: dict[str, Any]) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(OBJECTS)
def test_what_was_encoded_is_read_back(value: dict[str, Any]) -> None:
    assert decode(encode(value)) == value


@given(st.dictionaries(st.text(max_size=3), st.floats() | VALUES, max_size=4))
def test_any_object_is_encoded_canonically_or_refused(value: dict[str, Any]) -> None:
    try:
        raw = encode(value)
    except CanonicalError:
        return
    assert decode(raw) == value


@given(st.binary(max_size=60))
def test_reading_any_bytes_ends_in_an_object_or_our_own_error(raw: bytes) -> None:
    try:
        value = decode(raw)
    except CanonicalError:
        return
    assert encode(value) == raw


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not strict JSON"),
        (b"[]", "not an object"),
        (b'"a"', "not an object"),
        (b'{"a":1,"a":1}', "re-encode"),
        (b'{"b":1,"a":1}', "re-encode"),
        (b'{"a": 1}', "re-encode"),
        (b'{"a":1}\n', "re-encode"),
        (b'{"a":-0}', "re-encode"),
        (b'{"a":"\\u0041"}', "re-encode"),
        (b'{"a":"\\/"}', "re-encode"),
        (b'{"a":"\\u001F"}', "re-encode"),
        (b'{"a":1.0}', "no integer"),
        (b'{"a":1e3}', "no integer"),
        (b'{"a":NaN}', "not strict JSON"),
        (b'{"a":9007199254740992}', "2^53"),
        (b'{"a":-9007199254740992}', "2^53"),
        (b'{"a":18446744073709551616}', "no integer"),
        (b'{"a":"\\u0000"}', "a: holds U+0000"),
        (b'{"a":{"b":["x","\\u0000"]}}', "a.b.1: holds U+0000"),
        (b'{"a":"\\ud800"}', "not strict JSON"),
        (b'{"a":"\xed\xa0\x80"}', "not strict JSON"),
        (b'{"a":"\xff"}', "not strict JSON"),
        (b'\xef\xbb\xbf{"a":1}', "not strict JSON"),
        (b'{"A":1}', "does not match"),
        (b'{"":1}', "does not match"),
        (b'{"a\\n":1}', "does not match"),
        (b'{"a":[{"b c":1}]}', "a.0: the key"),
        (b'{"a":"\t"}', "not strict JSON"),
    ],
)
def test_bytes_outside_the_profile_are_refused_with_their_place(raw: bytes, reason: str) -> None:
    with pytest.raises(CanonicalError) as refused:
        decode(raw)
    assert refused.value.code == "json.not_canonical"
    assert reason in refused.value.detail


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.0},
        {"a": math.inf},
        {"a": MAX_INTEGER + 1},
        {"a": [-MAX_INTEGER - 1]},
        {"a": "\ud800"},
        {"a": "x\0"},
        {"a": b"x"},
        {"a": {1, 2}},
        {1: "a"},
        {"Key": 1},
        {"a\n": 1},
    ],
)
def test_values_outside_the_profile_are_not_encoded(value: dict[str, Any]) -> None:
    with pytest.raises(CanonicalError):
        encode(value)


def test_a_backslash_before_u0000_is_text_and_no_nul() -> None:
    assert decode(b'{"a":"\\\\u0000"}') == {"a": "\\u0000"}


def test_the_largest_integers_below_2_to_the_53_pass() -> None:
    assert decode(b'{"a":9007199254740991,"b":-9007199254740991}') == {"a": 2**53 - 1, "b": 1 - 2**53}


def test_nesting_to_32_passes_and_33_does_not() -> None:
    assert decode(orjson.dumps(nested(MAX_DEPTH))) == nested(MAX_DEPTH)
    with pytest.raises(CanonicalError, match="nested deeper than 32"):
        decode(orjson.dumps(nested(MAX_DEPTH + 1)))
    with pytest.raises(CanonicalError, match="nested deeper than 32"):
        encode(nested(MAX_DEPTH + 1))


def test_lists_count_as_levels_too() -> None:
    assert decode(b'{"a":' + b"[" * 31 + b"]" * 31 + b"}")
    with pytest.raises(CanonicalError, match="nested deeper than 32"):
        decode(b'{"a":' + b"[" * 32 + b"]" * 32 + b"}")
    with pytest.raises(CanonicalError):
        decode(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
