"""Stored entries as events of the past: what cannot be read is left out, nothing else is."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from events.catalogue import deviation
from events.encoding.identifiers import Role
from events.journal.tree import leaf_hash
from events.stored.journal import StoredEntry
from services.gateway.exchange.errors import StoreDamagedError
from services.gateway.exchange.remembering import RecentEvents, check_whole, past_of
from tests.domain.language import cmo, given
from tests.domain.steps import opened
from tests.infra.store.samples import malformed
from tests.services.projections.sides import recorded


def an_opening() -> StoredEntry:
    return replace(recorded(given(cmo(opened())))[Role.CMO][-1], sequence=7, violates=True)


def with_body(stored: StoredEntry, body: bytes, **changes: Any) -> StoredEntry:
    """An entry whose author signed this body."""
    before, after = (b64encode(sha256(each or b"").digest()) for each in (stored.body, body))
    head = stored.head.replace(before, after)
    return replace(stored, head=head, leaf=leaf_hash(head), body=body, **changes)


@pytest.mark.parametrize("code", [None, "entry.wrong_state"])
@pytest.mark.parametrize("part", ["head", "body"])
def test_what_is_not_as_it_was_signed_is_not_believed(part: str, code: str | None) -> None:
    stored = an_opening()
    raw = bytearray(getattr(stored, part))
    raw[20] ^= 1
    turned = replace(stored, code=code, **{part: bytes(raw)})  # type: ignore[arg-type] # either is bytes

    for believe in (past_of, check_whole):
        with pytest.raises(StoreDamagedError) as refused:
            believe(turned)
        assert f"the {part} of entry {stored.position} of the cmo" in refused.value.detail


def test_what_was_signed_so_is_whole_whatever_became_of_it() -> None:
    for stored in (an_opening(), malformed(3), replace(an_opening(), body=None)):
        check_whole(stored)
        assert past_of(stored).position == stored.position


def test_an_entry_is_remembered_with_head_type_body_and_verdict() -> None:
    stored = an_opening()

    past = past_of(stored)

    assert (past.role, past.position, past.leaf, past.sequence) == (Role.CMO, stored.position, stored.leaf, 7)
    assert (past.code, past.violates) == (None, True)
    assert past.head is not None
    assert past.head.id == stored.id
    assert past.type is not None
    assert isinstance(past.body, deviation.Opened)


def test_a_malformed_entry_has_neither_head_nor_body() -> None:
    past = past_of(malformed(3))

    assert (past.head, past.type, past.body, past.code) == (None, None, None, "entry.malformed")


def test_an_erased_body_leaves_the_head() -> None:
    past = past_of(replace(an_opening(), body=None))

    assert past.head is not None
    assert past.body is None


def test_a_body_that_its_type_does_not_know_is_left_out() -> None:
    for body in (b'{"salt":1}', b"{", b"\xff"):
        past = past_of(with_body(an_opening(), body, code="entry.schema_invalid"))

        assert past.type is not None
        assert past.body is None


def test_an_unknown_type_has_a_head_and_no_body() -> None:
    stored = an_opening()

    head = stored.head.replace(b"deviation.opened.v1", b"deviation.sneezed.v1")
    past = past_of(replace(stored, head=head, leaf=leaf_hash(head)))

    assert past.name == "deviation.sneezed.v1"
    assert (past.type, past.body) == (None, None)


def test_what_was_judged_a_moment_ago_is_not_read_again_and_is_the_same() -> None:
    stored, recent = an_opening(), RecentEvents()
    read = past_of(stored)
    recent.add([replace(read, sequence=0, violates=False)])

    assert recent.past_of(stored) == read
    assert recent.past_of(stored).body is read.body


@pytest.mark.parametrize("changes", [{"body": None}, {"position": 10_000}, {"role": Role.MAH}])
def test_another_entry_or_an_erased_body_is_read_from_the_store(changes: dict[str, Any]) -> None:
    stored, recent = an_opening(), RecentEvents()
    recent.add([past_of(stored)])
    other = replace(stored, **changes)

    assert recent.past_of(other) == past_of(other)


def test_only_so_many_recent_entries_are_remembered_the_oldest_make_room() -> None:
    stored, recent = an_opening(), RecentEvents(most=2)
    pasts = [replace(past_of(stored), leaf=bytes([number]) * 32) for number in range(4)]
    recent.add(pasts[:3])
    recent.add(pasts[3:])

    def is_known(number: int) -> bool:
        entry = replace(stored, leaf=bytes([number]) * 32)
        try:
            return recent.past_of(entry).leaf == entry.leaf
        except StoreDamagedError:  # read from the bytes, which have another leaf
            return False

    assert [is_known(number) for number in range(4)] == [False, False, True, True]
