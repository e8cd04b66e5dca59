"""Ids that were copied, from the own journal or the partner's: equal ids that crossed both stand, all others do not."""

import pytest

from events.encoding.identifiers import Role
from tests.services.exchange.liar import codes, deviation_by, entry_by, refused_by, send
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import NUMBER, World


def third_reader(world: World) -> list[str | None]:
    journals = {role: [entry.line for entry in world.mah.entries(role)] for role in Role}
    return [each.past.code for each in judge_again(journals, world.mah.channel.labeller)[Role.CMO]]


@pytest.mark.parametrize("restarts", [False, True])
def test_an_id_copied_from_what_was_seen_of_the_partner_is_refused(world: World, *, restarts: bool) -> None:
    copied = world.mah.entries(Role.MAH)[1]
    if restarts:
        world.mah.restart()
    send(world.cmo, deviation_by(world.cmo, 1, id=copied.id, seen=2))
    world.mah.read()

    assert refused_by(world.mah) == [(2, "entry.duplicate_id")]
    assert third_reader(world) == codes(world.mah, Role.CMO, 0)


def test_an_id_that_crossed_stands_on_both_sides_and_nothing_is_mixed_up(world: World) -> None:
    world.mah.heartbeat()  # an entry that the manufacturer has not seen
    crossed = world.mah.entries(Role.MAH)[-1]
    entry = deviation_by(world.cmo, 1, id=crossed.id)
    assert entry.head.seen <= crossed.position
    send(world.cmo, entry)
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == [None]
    assert third_reader(world) == codes(world.mah, Role.CMO, 0)
    with world.mah.store.reading() as reading:
        found = reading.entry_by_id(str(crossed.id))
    assert sorted((each.role, each.leaf) for _, each in found) == sorted(
        [(Role.MAH, crossed.leaf), (Role.CMO, entry.leaf)]
    )


def test_an_id_that_crossed_is_taken_for_whoever_has_seen_it(world: World) -> None:
    world.mah.heartbeat()
    crossed = world.mah.entries(Role.MAH)[-1]
    world.cmo.read()
    send(world.cmo, deviation_by(world.cmo, 1, id=crossed.id, seen=crossed.position + 1))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 0)[-1] == "entry.duplicate_id"
    assert third_reader(world) == codes(world.mah, Role.CMO, 0)


def test_an_id_of_an_entry_that_was_refused_is_free(world: World) -> None:
    first = deviation_by(world.cmo, 1, labels=["batch/B-1"])
    second = deviation_by(world.cmo, 2, id=first.head.id)
    send(world.cmo, first, second)
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == ["entry.wrong_labels", None]
    assert third_reader(world) == codes(world.mah, Role.CMO, 0)


def test_a_subject_copied_from_the_partner_is_another_subject(world: World) -> None:
    """A subject is journal and UUID: nothing that the holder writes about it touches the manufacturer's."""
    world.cmo.open_deviation("D-1")
    world.settle()
    opened = world.cmo.entries(Role.CMO)[-1]
    copy = entry_by(
        world.mah, "deviation.classified.v1", str(opened.subject), {"class": "minor", "rationale": "x"}, revision=2
    )
    start = world.cmo.channel.held.size
    send(world.mah, copy)
    world.cmo.read()

    assert codes(world.cmo, Role.MAH, start) == ["entry.wrong_revision"]
    with world.cmo.store.reading() as reading:
        assert reading.last_revision(NUMBER, Role.CMO, str(opened.subject)) == 1
