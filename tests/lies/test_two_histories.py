"""One party that signs two histories is found out wherever the two meet, and the proof is kept."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from events.encoding.identifiers import Role
from events.journal.page import Page, parse_page
from events.journal.receipt import Statement, make_receipt
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import codes, deviation_by, page_of, put, receipt_by
from tests.services.exchange.world import NUMBER, Side, World, keys_of

CONFLICT = "page.history_conflict"


def page_behind(side: Side, before: Sequence[bytes], *lines: bytes) -> Page:
    """A page of lines behind others that the gateway of a side never wrote."""
    return replace(page_of(side, lines, behind=before), first=side.channel.own.size + len(before))


def is_kept(side: Side, *values: bytes) -> bool:
    """Tell whether these bytes are kept whole as proof of two histories."""
    with side.store.reading() as reading:
        found = [
            reading.quarantined(NUMBER, each.number) for each in reading.quarantine(NUMBER) if each.code == CONFLICT
        ]
    kept = [each.value for each in found if each is not None]
    return all(value in kept for value in values)


def no_more_receipts(side: Side) -> bool:
    side.channel.receipt = None
    side.heartbeat()
    return side.channel.conflict and side.channel.receipt is None


def is_found_also_after_a_restart(side: Side) -> bool:
    found = no_more_receipts(side)
    side.restart()
    return found and no_more_receipts(side)


def test_a_page_that_waits_for_a_receipt_is_compared_with_the_one_that_took_its_place(world: World) -> None:
    waits = page_of(world.cmo, [deviation_by(world.cmo, 1, seen=world.mah.channel.own.size + 3).line])
    other = page_of(world.cmo, [deviation_by(world.cmo, 2).line])
    put(world.cmo, waits.encode(), other.encode())
    world.mah.read()

    assert world.mah.quarantined() == [CONFLICT]
    assert is_kept(world.mah, waits.encode())
    assert codes(world.mah, Role.CMO, 2) == [None]
    assert is_found_also_after_a_restart(world.mah)


def test_two_pages_beyond_a_gap_that_begin_alike_and_are_not_one_are_both_kept(world: World) -> None:
    missing = deviation_by(world.cmo, 1).line
    one, other = (page_behind(world.cmo, [missing], deviation_by(world.cmo, number).line) for number in (2, 3))
    put(world.cmo, one.encode(), other.encode())
    world.mah.read()

    assert world.mah.channel.held.size == 2
    assert set(world.mah.quarantined()) == {CONFLICT}
    assert is_kept(world.mah, one.encode(), other.encode())
    assert is_found_also_after_a_restart(world.mah)


def test_a_page_beyond_a_gap_is_compared_when_the_journal_has_grown_past_it(world: World) -> None:
    lines = [deviation_by(world.cmo, number).line for number in range(1, 5)]
    far = page_behind(world.cmo, [lines[0]], deviation_by(world.cmo, 9).line)
    put(world.cmo, far.encode())
    put(world.cmo, page_behind(world.cmo, [], *lines).encode())
    world.mah.read()

    assert world.mah.quarantined() == [CONFLICT]
    assert is_kept(world.mah, far.encode())
    assert codes(world.mah, Role.CMO, 2) == [None] * 4


def test_a_damaged_copy_of_a_page_that_waits_is_no_second_history(world: World) -> None:
    lines = [deviation_by(world.cmo, number).line for number in (1, 2)]
    far = page_behind(world.cmo, lines[:1], lines[1])
    damaged = replace(far, lines=(lines[1].replace(b"system/eqms", b"system/eqmz"),))
    put(world.cmo, far.encode(), damaged.encode(), far.encode())
    put(world.cmo, page_behind(world.cmo, [], lines[0]).encode())
    world.mah.read()

    assert not world.mah.channel.conflict
    assert codes(world.mah, Role.CMO, 2) == [None, None]


def test_a_repeat_whose_entries_were_changed_on_the_way_is_no_second_history_and_changes_nothing(world: World) -> None:
    page = page_of(world.cmo, [deviation_by(world.cmo, 1).line])
    put(world.cmo, page.encode())
    world.mah.read()
    before = world.mah.entries(Role.CMO)
    put(world.cmo, replace(page, lines=(page.lines[0].replace(b"D-1", b"D-2"),)).encode())
    put(world.cmo, page.encode().replace("偏差".encode(), "偏离".encode()))
    world.mah.read()

    assert world.mah.entries(Role.CMO) == before
    assert not world.mah.channel.conflict
    assert world.mah.quarantined() == []


def test_a_receipt_that_was_ahead_of_its_pages_and_stated_another_root_is_kept_as_proof(world: World) -> None:
    page = page_of(world.cmo, [deviation_by(world.cmo, 1).line])
    other = page_of(world.cmo, [deviation_by(world.cmo, 2).line])
    stated = receipt_by(world.cmo, other)
    put(world.cmo, stated, kind="receipt")
    world.mah.read()
    world.mah.restart()
    put(world.cmo, page.encode())
    world.mah.read()

    assert world.mah.quarantined() == [CONFLICT]
    assert is_kept(world.mah, stated)
    assert codes(world.mah, Role.CMO, 2) == [None]
    assert is_found_also_after_a_restart(world.mah)


@pytest.mark.parametrize("entries", [1, 3])
def test_a_receipt_that_was_ahead_of_its_pages_and_stated_the_right_root_is_fine(world: World, entries: int) -> None:
    lines = [deviation_by(world.cmo, number).line for number in range(entries)]
    put(world.cmo, receipt_by(world.cmo, page_behind(world.cmo, [], lines[0])), kind="receipt")
    put(world.cmo, page_behind(world.cmo, [], *lines).encode())
    world.mah.read()

    assert world.mah.quarantined() == []
    assert not world.mah.channel.conflict


def test_two_receipts_of_one_moment_that_state_two_roots_are_two_histories(world: World) -> None:
    """The cosignature is the same; only the statement differs."""
    channel, keys = world.cmo.channel, keys_of(RELATIONSHIP, Role.CMO)
    values = []
    for root in (channel.own.frontier.root(), bytes(32)):
        statement = Statement(
            origin=channel.own_origin,
            size=channel.own.size,
            root=root,
            partner_origin=channel.held_origin,
            held=channel.held.size,
            judged=channel.held.size,
            rule_set=1,
        )
        made = make_receipt(
            statement=statement,
            partner_note=channel.held.note,
            posix_time=int(world.clock.now().timestamp()),
            signer=keys.journal_signer,
            cosigner=keys.mirror_cosigner,
        )
        values.append(made.encode())
    put(world.cmo, *values, kind="receipt")
    world.mah.read()

    assert world.mah.quarantined() == [CONFLICT]
    assert is_kept(world.mah, values[1])


def test_what_is_honest_goes_on_beside_a_proof(world: World) -> None:
    world.cmo.open_deviation("D-1")
    elsewhere = page_of(world.cmo, [deviation_by(world.cmo, 5).line], first=2)
    world.settle()
    put(world.cmo, elsewhere.encode())
    world.mah.read()
    assert world.mah.channel.conflict

    world.cmo.open_deviation("D-2")
    world.settle()
    assert len(world.mah.entries(Role.CMO)) == 4
    assert parse_page(elsewhere.encode(), RELATIONSHIP.origin(Role.CMO)).first == 2
