"""What a party claims to have seen: less than it said before, or more than there is."""

from dataclasses import replace

import pytest

from events.encoding.identifiers import Role
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import codes, deviation_by, page_of, put, receipt_by, refused_by, send
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import NUMBER, Side, World

WITHHELD = "entry.seen_withheld"


def proofs(side: Side) -> list[bytes | None]:
    with side.store.reading() as reading:
        listed = [each for each in reading.quarantine(NUMBER) if each.code == WITHHELD]
        kept = [reading.quarantined(NUMBER, each.number) for each in listed]
    return [each.value for each in kept if each is not None]


def receipt_of_everything(world: World) -> bytes:
    """The manufacturer says that it holds all that the holder has written; nothing in its journal says so yet."""
    world.mah.heartbeat()
    world.settle()
    assert world.cmo.channel.own.claims.claimed < world.cmo.channel.held.size
    records = world.wire.topics[RELATIONSHIP.topic(Role.CMO)]
    return [record.value for record in records if record.kind == "receipt"][-1]


def test_less_than_a_receipt_said_is_shown_with_the_receipt_and_judged_as_any_other(world: World) -> None:
    receipt = receipt_of_everything(world)
    send(world.cmo, deviation_by(world.cmo, 1, seen=world.cmo.channel.own.claims.claimed))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == [None]
    assert proofs(world.mah) == [receipt]
    assert "quarantine" in world.mah.alarms.codes
    assert not world.mah.channel.conflict
    journals = {role: [entry.line for entry in world.mah.entries(role)] for role in Role}
    assert judge_again(journals, world.mah.channel.labeller)[Role.CMO][2].past.code is None


def test_the_proof_is_found_and_kept_also_by_a_gateway_that_was_restarted(world: World) -> None:
    receipt = receipt_of_everything(world)
    claimed = world.cmo.channel.own.claims.claimed
    lines = [deviation_by(world.cmo, number, seen=claimed).line for number in (1, 2)]
    world.mah.restart()
    put(world.cmo, page_of(world.cmo, lines[:1]).encode())
    put(world.cmo, replace(page_of(world.cmo, lines[1:], behind=lines[:1]), first=3).encode())
    world.mah.read()
    world.mah.restart()

    assert proofs(world.mah) == [receipt, receipt]
    assert codes(world.mah, Role.CMO, 2) == [None, None]


def test_what_an_honest_gateway_writes_never_contradicts_its_receipts(world: World) -> None:
    for number in range(6):
        world.cmo.open_deviation(f"D-{number}")
        world.settle().beat()
        world.mah.heartbeat()
        world.settle()

    assert proofs(world.mah) == proofs(world.cmo) == []


def test_less_than_an_earlier_entry_is_refused(world: World) -> None:
    send(world.cmo, deviation_by(world.cmo, 1, seen=2), deviation_by(world.cmo, 2, seen=1))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == [None, WITHHELD]


@pytest.mark.parametrize("beyond", [1, 1000, 2**53 - 4])
def test_more_than_there_is_waits_without_effect_and_is_refused_at_the_next_receipt(world: World, beyond: int) -> None:
    size = world.mah.channel.own.size
    page = page_of(world.cmo, [deviation_by(world.cmo, 1, seen=size + beyond).line])
    put(world.cmo, page.encode(), page.encode())
    world.mah.read()
    assert world.mah.channel.held.size == 2
    assert len(world.mah.channel.waiting) == 1

    put(world.cmo, receipt_by(world.cmo, page), kind="receipt")
    world.mah.read()

    assert refused_by(world.mah) == [(2, "entry.seen_impossible")]
    assert not world.mah.channel.behind
    later = deviation_by(world.cmo, 2, seen=size)
    put(world.cmo, replace(page_of(world.cmo, [later.line], behind=page.lines), first=3).encode())
    world.mah.read()
    assert codes(world.mah, Role.CMO, 2) == ["entry.seen_impossible", None]


def test_a_page_that_waits_for_a_receipt_does_not_keep_an_honest_one_from_its_place(world: World) -> None:
    put(world.cmo, page_of(world.cmo, [deviation_by(world.cmo, 1, seen=99).line]).encode())
    world.mah.read()
    world.cmo.open_deviation("D-1")
    world.settle()

    assert codes(world.mah, Role.CMO, 2) == [None]
    assert world.mah.channel.conflict  # for the two pages were signed under one key
