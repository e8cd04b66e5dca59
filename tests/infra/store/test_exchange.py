"""How far the exchange has come: relationships, cursors, receipts, quarantine, pages that wait."""

import hashlib
from dataclasses import replace

from events.encoding.identifiers import Role
from events.stored.journal import StoredSeal
from events.stored.relationship import HeldPage, WireCursor
from infra.store.sql_store import open_store
from services.gateway.ports.store import Store
from tests.infra.store.samples import MOMENT, quarantined, receipt, relationship


def test_an_exchange_that_has_not_begun_answers_with_nothing(store: Store) -> None:
    with store.reading() as reading:
        assert reading.wire_cursor(1) is None
        assert reading.sent_size(1) == 0
        assert reading.receipts(1, Role.MAH) == []
        assert reading.last_receipt(1, Role.MAH) is None
        assert reading.seal(1) is None
        assert reading.quarantine(1) == []
        assert reading.quarantined(1, 1) is None
        assert not reading.has_quarantined(1, "page.malformed")
        assert reading.held_pages(1) == []


def test_a_relationship_is_replaced_by_its_number_as_its_pairing_goes_on(store: Store) -> None:
    confirmed = replace(relationship(2), partner_invitation=b"theirs", confirmed_at=MOMENT)

    with store.writing() as writing:
        writing.save_relationship(confirmed)

    with store.reading() as reading:
        assert reading.relationships() == [relationship(1), confirmed]


def test_the_place_reached_on_the_wire_and_the_size_sent_are_replaced(store: Store) -> None:
    with store.writing() as writing:
        writing.save_wire_cursor(1, WireCursor("topic-1", 7))
        writing.save_wire_cursor(2, WireCursor("topic-2", 1))
        writing.save_wire_cursor(1, WireCursor("topic-3", 0))
        writing.save_sent_size(1, 10)
        writing.save_sent_size(1, 4)

    with store.reading() as reading:
        assert reading.wire_cursor(1) == WireCursor("topic-3", 0)
        assert reading.wire_cursor(2) == WireCursor("topic-2", 1)
        assert (reading.sent_size(1), reading.sent_size(2)) == (4, 0)


def test_receipts_are_kept_in_order_by_author_and_found_by_what_they_hold(store: Store) -> None:
    kept = [receipt(1), receipt(5, judged=4), receipt(5), receipt(5, size=2), receipt(9, size=2)]
    own = receipt(3, author=Role.CMO)

    with store.writing() as writing:
        for one in (kept[3], kept[0], kept[4], kept[2], kept[1], own):
            writing.save_receipt(1, one)

    with store.reading() as reading:
        assert reading.receipts(1, Role.MAH) == [kept[0], kept[1], kept[2], kept[3], kept[4]]
        assert reading.receipts(1, Role.MAH, held=5) == [kept[1], kept[2], kept[3]]
        assert reading.receipts(1, Role.MAH, held=2) == []
        assert reading.last_receipt(1, Role.MAH) == kept[4]
        assert reading.receipts(1, Role.CMO) == [own]
        assert reading.receipts(2, Role.MAH) == []
        assert reading.receipts_after(1, Role.MAH, (-1, -1, -1), 2) == kept[:2]
        assert reading.receipts_after(1, Role.MAH, (kept[1].size, kept[1].held, kept[1].judged), 9) == kept[2:5]
        assert reading.receipts_after(1, Role.CMO, (own.size, own.held, own.judged), 9) == []


def test_a_heartbeat_replaces_the_receipt_that_says_the_same(store: Store) -> None:
    heartbeat = replace(receipt(5), statement_note=b"cosigned anew", at="2026-11-22T09:30:49.000000Z")

    with store.writing() as writing:
        writing.save_receipt(1, receipt(5))
    with store.writing() as writing:
        writing.save_receipt(1, heartbeat)

    with store.reading() as reading:
        assert reading.receipts(1, Role.MAH) == [heartbeat]


def test_of_the_seals_of_an_own_journal_the_latest_is_kept(store: Store) -> None:
    with store.writing() as writing:
        writing.save_seal(1, StoredSeal(5, b"first"))
        writing.save_seal(2, StoredSeal(1, b"of another"))
    with store.writing() as writing:
        writing.save_seal(1, StoredSeal(9, b"second"))

    with store.reading() as reading:
        assert reading.seal(1) == StoredSeal(9, b"second")
        assert reading.seal(2) == StoredSeal(1, b"of another")


def test_what_is_set_aside_gets_a_number_and_is_listed_without_its_bytes(store: Store) -> None:
    with store.writing() as writing:
        assert writing.quarantine_bytes(1, quarantined(b"one")) == 1
        assert writing.quarantine_bytes(1, quarantined(b"two", "page.overlap")) == 2
        assert writing.quarantine_bytes(2, quarantined(b"other")) == 1
    with store.writing() as writing:
        assert writing.quarantine_bytes(1, quarantined(b"")) == 3

    with store.reading() as reading:
        assert reading.quarantine(1, limit=2) == [
            replace(quarantined(b"one"), number=1, value=None),
            replace(quarantined(b"two", "page.overlap"), number=2, value=None),
        ]
        assert [one.number for one in reading.quarantine(1, after=2)] == [3]
        assert reading.quarantined(1, 2) == replace(quarantined(b"two", "page.overlap"), number=2)
        assert reading.quarantined(2, 1) == replace(quarantined(b"other"), number=1)
        assert reading.has_quarantined(1, "page.overlap")
        assert not reading.has_quarantined(2, "page.overlap")


def test_beyond_the_bound_only_digests_are_kept_until_the_end(store_url: str) -> None:
    store = open_store(store_url, quarantine_bytes=100)
    values = [b"a" * 60, b"b" * 41, b"c" * 40, b"d", b""]

    with store.writing() as writing:
        writing.save_relationship(relationship())
        for value in values:
            writing.quarantine_bytes(1, quarantined(value))

    with store.reading() as reading:
        found = [reading.quarantined(1, number) for number in range(1, 6)]
        assert [one and one.value for one in found] == [values[0], None, values[2], None, b""]
        assert [one and one.digest for one in found] == [hashlib.sha256(value).digest() for value in values]
    store.close()


def test_a_proof_is_kept_beyond_the_bound_too(store_url: str) -> None:
    store = open_store(store_url, quarantine_bytes=10)
    proof = quarantined(b"p" * 60, "page.history_conflict")

    with store.writing() as writing:
        writing.save_relationship(relationship())
        writing.quarantine_bytes(1, quarantined(b"a" * 10))
        number = writing.quarantine_bytes(1, proof, always=True)
        writing.quarantine_bytes(1, quarantined(b"b"))

    with store.reading() as reading:
        assert reading.quarantined(1, number) == replace(proof, number=number)
        others = [reading.quarantined(1, place) for place in (1, 3)]
        assert [one and one.value for one in others] == [b"a" * 10, None]
    store.close()


def test_what_a_stranger_calls_its_record_is_kept_as_text_that_any_database_takes(store: Store) -> None:
    odd = replace(quarantined(b"x"), kind="\x00\ud800" + "k" * 500, detail="at \x00 and \udfff" + "d" * 5_000)

    with store.writing() as writing:
        writing.quarantine_bytes(1, odd)

    with store.reading() as reading:
        (found,) = reading.quarantine(1)
        assert found.kind.startswith("\ufffd?k")
        assert found.detail.startswith("at \ufffd and ?d")
        assert len(found.kind) == 100
        assert len(found.detail) == 2_000


def test_pages_that_wait_are_replaced_as_a_whole(store: Store) -> None:
    waiting = [HeldPage(40, b"x"), HeldPage(20, b"y" * 500_000), HeldPage(40, b"another at the same place")]

    with store.writing() as writing:
        writing.save_held_pages(1, waiting)
        writing.save_held_pages(2, [HeldPage(1, b"other")])
    with store.reading() as reading:
        assert {(one.first, one.value) for one in reading.held_pages(1)} == {(one.first, one.value) for one in waiting}
        assert [one.first for one in reading.held_pages(1)] == [20, 40, 40]

    with store.writing() as writing:
        writing.save_held_pages(1, [waiting[1], HeldPage(60, b"z")])
    with store.reading() as reading:
        assert reading.held_pages(1) == [waiting[1], HeldPage(60, b"z")]

    with store.writing() as writing:
        writing.save_held_pages(1, [])
    with store.reading() as reading:
        assert reading.held_pages(1) == []
        assert reading.held_pages(2) == [HeldPage(1, b"other")]
