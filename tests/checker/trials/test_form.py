"""The checker's own reading of the format, where a good run does not reach: bad samples, trees, keys over time."""

import json
from hashlib import sha256
from typing import Any

import pytest

from tests.checker.form.canonical import FormError, decode
from tests.checker.form.lines import is_party, read_line
from tests.checker.form.notes import Vkey, parse_note
from tests.checker.form.tree import EMPTY_ROOT, roots_of
from tests.checker.keys import Keys

BAD_JSON = {
    "no object": b"[]",
    "another order": b'{"b":1,"a":2}',
    "a space": b'{"a": 1}',
    "a key twice": b'{"a":1,"a":1}',
    "a float": b'{"a":1.0}',
    "an exponent": b'{"a":1e2}',
    "a large integer": b'{"a":9007199254740992}',
    "minus zero": b'{"a":-0}',
    "a constant": b'{"a":NaN}',
    "a capital in a key": b'{"A":1}',
    "a lone surrogate": b'{"a":"\\ud800"}',
    "an escape too many": b'{"a":"\\u0041"}',
    "a NUL": b'{"a":"\\u0000"}',
    "no UTF-8": b'{"a":"\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"a":1}',
    "too deep": b'{"a":' * 33 + b"1" + b"}" * 33,
    "very deep": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("raw", BAD_JSON.values(), ids=BAD_JSON)
def test_bytes_that_are_not_canonical_are_malformed(raw: bytes) -> None:
    with pytest.raises(FormError):
        decode(raw)


def test_canonical_bytes_are_read() -> None:
    raw = '{"a":"层流罩\\n","b":[{"c":-9007199254740991,"d":null,"e":true}]}'.encode()

    assert decode(raw) == json.loads(raw)
    assert decode(b'{"a":' * 32 + b"1" + b"}" * 32)


def test_the_root_is_that_of_rfc_6962_at_every_size() -> None:
    leaves = [sha256(b"\0%d" % number).digest() for number in range(70)]

    found = roots_of(leaves, range(71)).at

    assert found == {size: tree_hash(leaves[:size]) for size in range(71)}


def tree_hash(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, as it stands there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree_hash(leaves[:middle]) + tree_hash(leaves[middle:])).digest()


@pytest.mark.parametrize("code", ["91310115MA1H7XY23A", "91310115MA1H7XY23", "91310115MA1H7XY2O3"])
def test_a_code_with_another_check_character_is_no_party(code: str) -> None:
    assert is_party("91310115MA1H7XY23B")
    assert not is_party(code)


@pytest.mark.parametrize("public", [bytes(32), b"\1" + bytes(31), b"\xff" * 32, bytes(31)])
def test_a_key_that_lets_anybody_sign_is_refused(public: bytes) -> None:
    key = Vkey("counterfoil/a/b/mah", 1, public)
    with pytest.raises(FormError):
        Vkey.parse(written(key))


def written(key: Vkey) -> str:
    from base64 import b64encode  # noqa: PLC0415 - of this one test

    return f"{key.name}+{key.key_id.hex()}+{b64encode(bytes([key.kind]) + key.public).decode()}"


@pytest.mark.parametrize(
    "raw", [b"", b"text\n", b"text\n\n", b"a\tb\n\n\xe2\x80\x94 n AAAAAAAA\n", b"a\n\n- n AAAAAAAA\n"]
)
def test_bytes_that_are_no_note_are_refused(raw: bytes) -> None:
    with pytest.raises(FormError):
        parse_note(raw)


def test_after_a_rotation_the_new_key_holds_from_the_next_page_on() -> None:
    old, new = Vkey("n", 1, b"o"), Vkey("n", 1, b"n")
    keys = Keys(journal=[(0, old), (8, new)], mirror=[(0, old), (5, new)])

    assert [keys.of_page(7), keys.of_page(8)] == [old, new]
    assert [set(keys.of_statement(size)) == {old, new} for size in (7, 8, 9)] == [False, True, False]
    assert [keys.of_cosignature(4), keys.of_cosignature(5)] == [old, new]


@pytest.mark.parametrize(
    "change", [{"seen": -1}, {"extra": "x"}, {"time": "2026-02-30T00:00:00.000000Z"}, {"actor": "me"}]
)
def test_a_head_with_an_attribute_out_of_form_is_malformed(change: dict[str, Any]) -> None:
    head = {
        "actor": "system/eqms",
        "bodyhash": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "id": "01900000-0000-7000-8000-000000000000",
        "relationship": "91310115MA1H7XY23B/91320594MA1X8YY4PF",
        "revision": 1,
        "seen": 0,
        "source": "urn:uscc:91310115MA1H7XY23B",
        "specversion": "1.0",
        "subject": "deviation/01900000-0000-7000-8000-000000000000",
        "time": "2026-11-22T09:30:44.000000Z",
        "type": "deviation.opened.v1",
    }
    assert read_line(canonical(head), None, erased=True).flaw is None

    assert read_line(canonical(head | change), None, erased=True).head is None


def canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
