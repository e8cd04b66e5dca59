"""Refusals that come late, twice, of refusals, or without reason: notice is not power."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from tests.services.exchange.liar import codes, deviation_by, entry_by, page_of, put, refused_by
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import Side, World

JOURNAL = "journal/019aa9c4-3c1b-7000-8000-000000000001"


class Liar:
    """The manufacturer, whose own gateway never wrote what it signs: its journal goes on behind that gateway's."""

    def __init__(self, world: World) -> None:
        self.side, self.reader = world.cmo, world.mah
        self.lines: list[bytes] = []
        self.refusals = 0
        self.opened = 0

    def say(self, *entries: Entry) -> None:
        """Sign a page of entries, one behind the other, and let the holder read it."""
        made = [entry.line for entry in entries]
        page = page_of(self.side, made, behind=self.lines)
        put(self.side, replace(page, first=self.side.channel.own.size + len(self.lines)).encode())
        self.lines += made
        self.reader.read()

    def refusal(self, named: Iterable[StoredEntry], seen: int | None = None, **head: Any) -> Entry:
        places = [
            {"position": each.position, "leaf": encode_base64(each.leaf), "code": "entry.malformed", "detail": ""}
            for each in named
        ]
        self.refusals += 1
        fields = {
            "revision": self.refusals,
            "seen": self.reader.channel.own.size if seen is None else seen,
            "actor": "system/gateway",
            "number": 5000 + self.refusals,
            **head,
        }
        return entry_by(self.side, "entry.refused.v1", JOURNAL, {"refused": places}, **fields)

    def deviation(self, **head: Any) -> Entry:
        self.opened += 1
        return deviation_by(self.side, self.opened, **{"seen": self.reader.channel.own.size, **head})


@pytest.fixture
def liar(world: World) -> Liar:
    return Liar(world)


def own(side: Side, start: int = 0) -> list[StoredEntry]:
    return list(side.entries(side.role)[start:])


def disputed(side: Side) -> list[int]:
    return [past.body.entry.position for past in side.channel.own.view.standing("refusal.disputed.v1")]


def third_reader_agrees(side: Side) -> bool:
    journals = {role: [entry.line for entry in side.entries(role)] for role in Role}
    again = judge_again(journals, side.channel.labeller)
    return all([each.past.code for each in again[role]] == codes(side, role, 0) for role in Role)


def test_a_refusal_of_a_refusal_is_an_alarm_and_is_neither_answered_nor_disputed(world: World, liar: Liar) -> None:
    liar.say(liar.deviation(labels=["batch/B-1"]))
    (said,) = own(world.mah, 2)
    assert said.type == "entry.refused.v1"
    size = world.mah.channel.own.size
    liar.say(liar.refusal([said]))

    assert codes(world.mah, Role.CMO, 3) == ["refusal.malformed"]
    assert "refusal.malformed" in world.mah.alarms.codes
    assert world.mah.channel.own.size == size
    assert disputed(world.mah) == []
    assert third_reader_agrees(world.mah)


def test_a_refusal_that_names_a_refusal_among_others_has_no_effect_at_all(world: World, liar: Liar) -> None:
    liar.say(liar.deviation(labels=["batch/B-1"]))
    world.mah.heartbeat()
    liar.say(liar.refusal(own(world.mah, 1)))

    assert codes(world.mah, Role.CMO, 3) == ["refusal.malformed"]
    assert disputed(world.mah) == []
    assert third_reader_agrees(world.mah)


def test_a_late_refusal_of_what_was_judged_before_is_an_alarm_without_effect(world: World, liar: Liar) -> None:
    victim = own(world.mah)[1]
    liar.say(liar.deviation())
    liar.say(liar.refusal([victim]))

    assert codes(world.mah, Role.CMO, 2) == [None, "refusal.malformed"]
    assert disputed(world.mah) == []
    assert third_reader_agrees(world.mah)


def test_a_refusal_said_twice_is_disputed_once_and_then_an_alarm(world: World, liar: Liar) -> None:
    victim = own(world.mah)[1]
    first = liar.refusal([victim])
    again = liar.refusal([victim])
    liar.say(first, again)
    liar.say(liar.refusal([victim]))

    assert codes(world.mah, Role.CMO, 2) == [None, "refusal.malformed", "refusal.malformed"]
    assert disputed(world.mah) == [victim.position]
    assert third_reader_agrees(world.mah)


def test_a_place_named_twice_in_one_refusal_is_an_alarm_without_effect(world: World, liar: Liar) -> None:
    victim = own(world.mah)[1]
    liar.say(liar.refusal([victim, victim]))

    assert codes(world.mah, Role.CMO, 2) == ["refusal.malformed"]
    assert disputed(world.mah) == []


def test_places_out_of_order_or_too_many_are_an_alarm_without_effect(world: World, liar: Liar) -> None:
    for _ in range(2):
        world.mah.heartbeat()
    victims = own(world.mah)[::-1]
    liar.say(liar.refusal(victims[:2]))
    liar.say(liar.refusal(victims[:1] * 257))

    assert codes(world.mah, Role.CMO, 2) == ["refusal.malformed"] * 2
    assert refused_by(world.mah) == []


def test_a_refusal_without_reason_is_disputed_once_also_after_a_restart_and_a_repeat(world: World, liar: Liar) -> None:
    victim = own(world.mah)[1]
    liar.say(liar.refusal([victim]))
    page = [record for record in world.wire.topics[world.mah.channel.partner_topic] if record.kind == "page"][-1]
    world.mah.restart()
    put(world.cmo, page.value, page.value)
    world.mah.read()

    assert disputed(world.mah) == [victim.position]
    assert "entry.disputed" in world.mah.alarms.codes
    assert third_reader_agrees(world.mah)


def test_a_partner_that_refuses_whatever_is_said_draws_no_endless_answers(world: World, liar: Liar) -> None:
    """Each own entry is disputed once; a dispute that is refused is not; then there is nothing left to refuse."""
    for _ in range(4):
        world.mah.clock.move(2)
        liar.say(liar.deviation(seen=2))
        world.mah.heartbeat()
    refused, sizes = 0, []
    for _ in range(8):
        claimed = world.mah.channel.held.claims.claimed
        victims = [each for each in own(world.mah) if each.position >= max(refused, claimed)]
        victims = [each for each in victims if each.type != "entry.refused.v1"]
        refused = world.mah.channel.own.size
        if victims:
            liar.say(liar.refusal(victims))
        world.mah.clock.move(5)
        world.mah.heartbeat()
        sizes.append(world.mah.channel.own.size)

    assert disputed(world.mah) == [2, 3, 4, 5]
    assert sizes[-1] == sizes[2]
    assert third_reader_agrees(world.mah)
    assert world.mah.quarantined() == []


def test_a_storm_of_refusals_of_one_place_is_counted_by_no_one_and_grows_nothing(world: World, liar: Liar) -> None:
    victim = own(world.mah)[1]
    size = world.mah.channel.own.size
    liar.say(*(liar.refusal([victim]) for _ in range(300)))

    assert codes(world.mah, Role.CMO, 2) == [None, *["refusal.malformed"] * 299]
    assert world.mah.channel.own.size == size + 1
    assert not world.mah.channel.intake_stopped
    assert third_reader_agrees(world.mah)
