"""Stored entries as events of the past: what cannot be read is left out, nothing else is."""

from dataclasses import replace

from events.catalogue import deviation
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import past_of
from tests.domain.language import cmo, given
from tests.domain.steps import opened
from tests.infra.store.samples import malformed
from tests.services.projections.sides import recorded


def an_opening() -> StoredEntry:
    return replace(recorded(given(cmo(opened())))[Role.CMO][-1], sequence=7, violates=True)


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
        past = past_of(replace(an_opening(), body=body, code="entry.schema_invalid"))

        assert past.type is not None
        assert past.body is None


def test_an_unknown_type_has_a_head_and_no_body() -> None:
    stored = an_opening()

    past = past_of(replace(stored, head=stored.head.replace(b"deviation.opened.v1", b"deviation.sneezed.v1")))

    assert past.name == "deviation.sneezed.v1"
    assert (past.type, past.body) == (None, None)
