"""Shared rows are canonical JSON, and their sum depends on nothing but which rows there are."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from events.conclusions.shared_rows import shared_clock, shared_item, shared_step
from events.conclusions.total import MODULUS, Concluded, Sizes, weight
from events.encoding.base64 import decode_base64, encode_base64
from events.encoding.canonical import decode, encode
from events.encoding.identifiers import Role

ITEM = "0193572e-0000-7000-8000-0000000000d1"
ROWS = st.dictionaries(st.from_regex("[a-z][a-z0-9_]{0,5}", fullmatch=True), st.integers(0, 9) | st.text(max_size=9))


@given(ROWS.map(lambda row: {name: value for name, value in row.items() if value != "\0"}))
def test_a_shared_row_is_the_canonical_form_of_what_it_says(row: dict[str, int | str]) -> None:
    plain = {name: str(value).replace("\0", "") for name, value in row.items()}
    encoded = encode(plain)

    assert shared_item(ITEM, encoded) == encode({"item": ITEM, "row": plain})
    assert shared_clock(ITEM, "answer/7", encoded) == encode({"item": ITEM, "clock": "answer/7", "row": plain})


def test_a_step_is_shared_without_its_place_in_the_local_order() -> None:
    shared = shared_step(Role.MAH, 12, "2026-11-22T09:30:44.000000Z")

    assert decode(shared) == {"journal": "mah", "seen": 12, "time": "2026-11-22T09:30:44.000000Z"}


def test_a_row_weighs_what_its_hash_says_with_the_most_significant_byte_first() -> None:
    assert weight(b"{}") == int(sha256(b"{}").hexdigest(), 16)


@given(st.lists(st.binary(max_size=20), max_size=9), st.randoms())
def test_rows_taken_off_again_leave_no_trace_whatever_the_order(rows: list[bytes], chance: object) -> None:
    total = sum(map(weight, rows)) % MODULUS
    chance.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis' own Random
    for row in rows:
        total = (total - weight(row)) % MODULUS

    assert total == 0


@given(st.integers(0, MODULUS - 1))
def test_a_receipt_states_the_sum_as_the_base64_of_32_bytes(total: int) -> None:
    raw = decode_base64(Concluded(Sizes(1, 2), total).text)

    assert (len(raw), int.from_bytes(raw, "big")) == (32, total)
    assert encode_base64(raw) == Concluded(Sizes(1, 2), total).text


def test_the_sizes_of_a_receipt_are_the_same_whoever_wrote_it() -> None:
    assert Sizes.of(Role.MAH, 3, 7) == Sizes.of(Role.CMO, 7, 3) == Sizes(mah=3, cmo=7)
