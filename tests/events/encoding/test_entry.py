"""An entry is read only as it was signed, and made only as it can be read."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.encoding.entry import (
    MAX_BODY_BYTES,
    MAX_HEAD_BYTES,
    Entry,
    Head,
    head_of_line,
    is_erased_line,
    leaf_of_line,
    parse_line,
)
from events.errors import EntryError
from tests.events.golden.cast import entry, uuid

GOOD = entry(0, cause=uuid(7), labels=("0" * 32, "f" * 32))
ABSENT = object()


def line_with(**changes: object) -> bytes:
    """The good entry with attributes of its head changed or left out."""
    attributes = {**GOOD.head.attributes(), **changes}
    kept = {name: value for name, value in attributes.items() if value is not ABSENT}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS) + b"\t" + GOOD.body_bytes


def line_with_body(body: object) -> bytes:
    raw = body if isinstance(body, bytes) else orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return line_with(bodyhash=b64encode(sha256(raw).digest()).decode()).partition(b"\t")[0] + b"\t" + raw


def test_an_entry_is_read_back_as_it_was_made() -> None:
    again = parse_line(GOOD.line)
    assert again == GOOD
    assert again.line == GOOD.line
    assert again.leaf == GOOD.leaf == leaf_of_line(GOOD.line) == sha256(b"\0" + GOOD.head_bytes).digest()
    assert again.body == GOOD.body == orjson.loads(GOOD.body_bytes)
    assert again.head.labels == ("0" * 32, "f" * 32)
    assert (again.head.subject_kind, again.head.subject_id) == ("deviation", uuid(1000))


def test_an_entry_from_stored_bytes_decodes_its_body_when_asked() -> None:
    assert Entry(GOOD.head, GOOD.head_bytes, GOOD.body_bytes).body == GOOD.body


def test_absent_attributes_are_left_out_of_the_bytes() -> None:
    plain = entry(1)
    assert b"cause" not in plain.head_bytes
    assert b"labels" not in plain.head_bytes
    assert parse_line(plain.line).head == plain.head
    assert (plain.head.cause, plain.head.labels) == (None, ())


def test_of_an_erased_body_the_head_is_left() -> None:
    assert is_erased_line(GOOD.head_bytes)
    assert not is_erased_line(GOOD.line)
    assert head_of_line(GOOD.head_bytes) == head_of_line(GOOD.line) == GOOD.head
    assert leaf_of_line(GOOD.head_bytes) == GOOD.leaf
    with pytest.raises(EntryError):
        parse_line(GOOD.head_bytes)


@pytest.mark.parametrize("name", sorted(GOOD.head.attributes().keys() - {"cause", "labels"}))
def test_no_attribute_may_be_missing(name: str) -> None:
    with pytest.raises(EntryError, match=f"head.{name}"):
        parse_line(line_with(**{name: ABSENT}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "1.1"),
        ("specversion", 1),
        ("id", uuid(0).upper()),
        ("id", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"),
        ("id", uuid(0) + "\n"),
        ("source", "urn:uscc:91310115MA1H7XY23"),
        ("source", "urn:uscc:91310115MA1H7XY230"),
        ("source", GOOD.head.source[9:]),
        ("type", "deviation.opened"),
        ("type", "os.system"),
        ("subject", uuid(0)),
        ("subject", f"Deviation/{uuid(0)}"),
        ("revision", 0),
        ("revision", "1"),
        ("revision", True),
        ("revision", None),
        ("relationship", GOOD.head.relationship[:-1]),
        ("relationship", "/".join(reversed(GOOD.head.relationship.split("/"))) + "/"),
        ("seen", -1),
        ("seen", "0"),
        ("actor", "li.na"),
        ("actor", "person/"),
        ("time", "2026-11-22T09:30:44Z"),
        ("time", "2026-02-30T09:30:44.000000Z"),
        ("bodyhash", "AAAA"),
        ("bodyhash", "A" * 43 + "="),
        ("bodyhash", "A" * 42 + "B="),
        ("cause", ""),
        ("cause", 7),
        ("cause", None),
        ("labels", ""),
        ("labels", None),
        ("labels", "F" * 32),
        ("labels", f"{'f' * 32} {'0' * 32}"),
        ("labels", f"{'f' * 32} {'f' * 32}"),
        ("labels", f"{'0' * 32}  {'f' * 32}"),
        ("labels", f"{'0' * 32},{'f' * 32}"),
        ("labels", f"{'0' * 32} "),
        ("datacontenttype", "application/json"),
    ],
)
def test_an_attribute_in_another_form_is_malformed(name: str, value: object) -> None:
    with pytest.raises(EntryError) as refused:
        parse_line(line_with(**{name: value}))
    assert refused.value.code == "entry.malformed"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "no tab"),
        (b"\t", "head: not strict JSON"),
        (b"{}\t{}", "head.specversion"),
        (GOOD.line + b"\t", "body: the bytes do not re-encode"),
        (GOOD.line.replace(b"\t", b"\t\t"), "body: the bytes do not re-encode"),
        (GOOD.line + b" ", "body: the bytes do not re-encode"),
        (b" " + GOOD.line, "head: the bytes do not re-encode"),
        (GOOD.line.replace(b"B2026", b"B2027"), "bodyhash"),
        (line_with_body({"a": 1}), "salt"),
        (line_with_body({"salt": "0" * 31}), "salt"),
        (line_with_body({"salt": "A" * 32}), "salt"),
        (line_with_body({"salt": 1}), "salt"),
        (line_with_body([]), "not an object"),
        (line_with_body({"salt": "0" * 32, "value": 99.5}), "value: a number that is no integer"),
        (line_with_body(b'{"salt":"' + b"0" * 32 + b'","salt":"' + b"0" * 32 + b'"}'), "re-encode"),
        (line_with(cause="x" * MAX_HEAD_BYTES), "the head is larger"),
        (line_with_body({"salt": "0" * 32, "text": "x" * MAX_BODY_BYTES}), "the body is larger"),
    ],
)
def test_a_line_in_another_form_is_malformed_and_says_why(line: bytes, reason: str) -> None:
    with pytest.raises(EntryError) as refused:
        parse_line(line)
    assert refused.value.code == "entry.malformed"
    assert reason in refused.value.detail


def test_head_and_body_of_exactly_the_largest_size_are_read() -> None:
    room = MAX_HEAD_BYTES - len(entry(2, cause="x").head_bytes) + 1
    assert len(parse_line(entry(2, cause="x" * room).line).head_bytes) == MAX_HEAD_BYTES
    room = MAX_BODY_BYTES - len(entry(2, body={"text": ""}).body_bytes)
    assert len(parse_line(entry(2, body={"text": "x" * room}).line).body_bytes) == MAX_BODY_BYTES


@pytest.mark.parametrize(
    "changes",
    [
        {"cause": "x" * MAX_HEAD_BYTES},
        {"cause": "\0"},
        {"cause": "\ud800"},
        {"body": {"text": "x" * MAX_BODY_BYTES}},
        {"body": {"value": 1.5}},
        {"salt": None},
        {"salt": "0" * 31},
        {"revision": 0},
        {"labels": ("f" * 32, "0" * 32)},
        {"time": "today"},
    ],
)
def test_nothing_is_made_that_a_reader_would_refuse(changes: dict[str, Any]) -> None:
    with pytest.raises(EntryError):
        entry(3, **changes)


@given(st.data())
def test_any_change_of_a_byte_ends_in_another_entry_or_our_own_error(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD.line) - 1))
    changed = GOOD.line[:place] + data.draw(st.binary(max_size=3)) + GOOD.line[place + data.draw(st.integers(0, 3)) :]
    try:
        other = parse_line(changed)
    except EntryError:
        return
    assert other.line == changed
    assert (other.leaf == GOOD.leaf) == (changed == GOOD.line)


@given(st.binary(max_size=80))
def test_any_bytes_have_a_leaf_and_no_other_error_than_ours(line: bytes) -> None:
    assert len(leaf_of_line(line)) == 32
    with pytest.raises(EntryError):
        parse_line(line)
    with pytest.raises(EntryError):
        Head.parse(line)
