"""What entries name as their evidence is bounded in memory, and the verdict is the same on both sides of the bound."""

import tracemalloc

import pytest

from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role, uuid7
from events.stored.journal import StoredEntry
from services.gateway.exchange.receiving import gathering
from tests.services.exchange.liar import MILLISECONDS, codes, deviation_by, entry_by, page_of, put
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import World

MIB = 1024 * 1024
ENTRY = 121_000  # bytes of a large one


def large_deviations(world: World, count: int) -> None:
    """The manufacturer writes many entries of a hundred kilobytes, and the holder takes them in."""
    text = {"title": "长" * 30_000, "description": "x" * 30_000}
    for number in range(count):
        world.cmo.open_deviation(f"L-{number}", **text)
        world.settle()


def question(world: World, number: int, about: StoredEntry, named: StoredEntry) -> Entry:
    """A question of the holder's about a deviation, which names an entry."""
    ref = {"journal": "cmo", "position": named.position, "leaf": encode_base64(named.leaf)}
    subject = f"deviation_review/{(about.subject or '').partition('/')[2]}"
    return entry_by(world.mah, "deviation_review.asked.v1", subject, {"text": "?", "entry": ref}, number=number)


def test_a_page_that_names_a_store_full_of_entries_takes_a_bounded_part_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 150
    large_deviations(world, count)
    refs = [
        {"journal": "cmo", "position": entry.position, "leaf": encode_base64(entry.leaf)}
        for entry in world.mah.entries(Role.CMO)[-count:]
    ]
    subject = f"deviation/{uuid7(MILLISECONDS + 777, bytes(10))}"
    naming = [
        entry_by(
            world.cmo, "deviation.answered.v1", subject, {"question": ref, "text": "x"}, number=number, revision=number
        )
        for number, ref in enumerate(refs, 1)
    ]
    put(world.cmo, page_of(world.cmo, [entry.line for entry in naming]).encode())
    monkeypatch.setattr(gathering, "MAX_EVIDENCE_BYTES", 2 * MIB)
    tracemalloc.start()
    world.mah.read()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert codes(world.mah, Role.CMO, 2 + count) == ["entry.wrong_subject"] * count
    assert peak < 64 * 2 * ENTRY + 8 * MIB  # one portion, as bytes and read; unbounded it is 34 MB


@pytest.mark.parametrize("bound", [0, 1, gathering.MAX_EVIDENCE_BYTES])
def test_the_bound_changes_no_verdict(world: World, monkeypatch: pytest.MonkeyPatch, bound: int) -> None:
    for number in range(3):
        world.cmo.open_deviation(f"D-{number}")
    world.settle()
    monkeypatch.setattr(gathering, "MAX_EVIDENCE_BYTES", bound)
    opened = world.cmo.entries(Role.CMO)[2:]
    right, wrong = question(world, 1, opened[0], opened[0]), question(world, 2, opened[1], opened[2])
    put(world.mah, page_of(world.mah, [right.line, wrong.line]).encode())
    start = world.cmo.channel.held.size
    world.cmo.read()

    found = codes(world.cmo, Role.MAH, start)
    assert found == [None, "entry.wrong_reference"]
    journals = {role: [entry.line for entry in world.cmo.entries(role)] for role in Role}
    again = judge_again(journals, world.cmo.channel.labeller)[Role.MAH]
    assert [each.past.code for each in again[start:]] == found


def test_a_refusal_of_an_entry_beyond_the_bound_is_disputed_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.mah.heartbeat()
    victim = world.mah.entries(Role.MAH)[-1]
    monkeypatch.setattr(gathering, "MAX_EVIDENCE_BYTES", 0)
    named = [{"position": victim.position, "leaf": encode_base64(victim.leaf), "code": "entry.malformed", "detail": ""}]
    refusal = entry_by(
        world.cmo,
        "entry.refused.v1",
        f"journal/{uuid7(MILLISECONDS, bytes(10))}",
        {"refused": named},
        seen=victim.position + 1,
        actor="system/gateway",
    )
    put(
        world.cmo,
        page_of(world.cmo, [refusal.line, deviation_by(world.cmo, 2, seen=victim.position + 1).line]).encode(),
    )
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == [None, None]
    assert [past.body.entry.position for past in world.mah.channel.own.view.standing("refusal.disputed.v1")] == [
        victim.position
    ]
