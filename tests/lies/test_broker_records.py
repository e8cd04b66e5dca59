"""What a broker does to single records: repeated, turned round, cut, too large, of no kind; places that are wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from events.encoding.identifiers import Role
from events.journal.wire import MAX_RECORD_BYTES, WirePosition, WireRecord
from events.stored.relationship import WireCursor
from infra.wire.opening import open_wire
from services.gateway.exchange.jobs import KeepingJob
from services.gateway.ports.wire import Wire
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import NUMBER, Side, World, new_world

TOPIC = RELATIONSHIP.topic(Role.CMO)


def unread(world: World) -> list[WireRecord]:
    position = world.mah.inbox.position
    return world.wire.topics[TOPIC][0 if position is None else position.offset :]


def deliver(world: World, records: list[WireRecord]) -> None:
    """Put these in place of what the holder has not read, and let it read."""
    records, waiting = list(records), len(unread(world))
    topic = world.wire.topics[TOPIC]
    topic[len(topic) - waiting :] = records
    world.mah.read()


def heal(world: World, beats: int = 12) -> None:
    for _ in range(beats):
        world.beat()


def cut(record: WireRecord, chance: Random) -> WireRecord:
    return WireRecord(record.kind, record.value[: chance.randrange(len(record.value))])


def filled_up(record: WireRecord, chance: Random) -> WireRecord:
    """Too large: as a wire delivers it, cut to its limit and one byte."""
    del chance
    return WireRecord(record.kind, record.value.ljust(MAX_RECORD_BYTES + 1, b"\0"))


def of_no_kind(record: WireRecord, chance: Random) -> WireRecord:
    return WireRecord(chance.choice(("", "pages", "x" * 32)), record.value)


def of_another_kind(record: WireRecord, chance: Random) -> WireRecord:
    others = [
        kind for kind in ("page", "receipt", "resend", "returned", "want", "blob", "revoked") if kind != record.kind
    ]
    return WireRecord(chance.choice(others), record.value)


@pytest.mark.parametrize("harm", [cut, filled_up, of_no_kind, of_another_kind], ids=lambda way: way.__name__)
def test_records_that_were_harmed_are_set_aside_and_what_they_held_comes_again(
    world: World, harm: Callable[[WireRecord, Random], WireRecord]
) -> None:
    chance = Random(7)  # noqa: S311 - chance that is repeated
    for number in range(6):
        world.cmo.open_deviation(f"D-{number}")
        world.cmo.publish()
    honest = unread(world)
    deliver(world, [harm(record, chance) for record in honest])
    heal(world)

    assert world.agree()
    assert len([entry for entry in world.mah.entries(Role.CMO) if entry.type == "deviation.opened.v1"]) == 6
    assert not world.mah.channel.conflict


def test_every_record_repeated_and_a_thousand_turned_round_have_one_effect(world: World) -> None:
    chance = Random(11)  # noqa: S311 - chance that is repeated
    for number in range(120):
        world.cmo.open_deviation(f"D-{number}")
        world.cmo.publish()
    records = unread(world) * 8
    chance.shuffle(records)
    deliver(world, records[:1000])
    heal(world)

    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) >= 122
    assert world.mah.quarantined() == []


@pytest.mark.parametrize("ahead", [1, 3, 5])
def test_records_that_a_wrong_place_passed_over_are_missed_and_asked_for(world: World, ahead: int) -> None:
    for number in range(5):
        world.cmo.open_deviation(f"D-{number}")
        world.cmo.publish()
    position = world.mah.inbox.position
    assert position is not None
    world.mah.inbox.position = WirePosition(position.topic_id, position.offset + ahead)
    heal(world)

    assert world.agree()
    assert world.mah.quarantined() == []


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    opened = open_wire(f"embedded:{tmp_path / 'wire.sqlite'}")
    yield opened
    opened.close()


def on_a_real_wire(folder: Path, wire: Wire) -> World:
    world = new_world(folder)
    for side in world.sides:
        side.wire = wire  # type: ignore[assignment] # a wire as a gateway opens it
        side.restart()
    return world.pair()


def stand_at(side: Side, place: Callable[[WireCursor], WireCursor]) -> None:
    """Keep another place in the store, as if it had been written wrong, and begin again there."""
    with side.store.reading() as reading:
        cursor = reading.wire_cursor(NUMBER)
    assert cursor is not None
    job = KeepingJob(NUMBER, lambda writing: writing.save_wire_cursor(NUMBER, place(cursor)))
    side.run(job)
    job.outcome.result(0)
    side.restart()


@pytest.mark.parametrize(
    "place",
    [
        lambda cursor: WireCursor(cursor.topic_id, 10**9),
        lambda cursor: WireCursor(cursor.topic_id, 0),
        lambda cursor: WireCursor(cursor.topic_id, -1),
        lambda cursor: WireCursor("another topic", cursor.offset),
        lambda cursor: WireCursor("", cursor.offset + 2**62),
    ],
    ids=["in the future", "the beginning", "negative", "of another topic", "of no topic"],
)
def test_a_place_that_is_wrong_in_the_store_skips_nothing(
    tmp_path: Path, wire: Wire, place: Callable[[WireCursor], WireCursor]
) -> None:
    world = on_a_real_wire(tmp_path, wire)
    world.cmo.open_deviation("D-1")
    world.settle()
    stand_at(world.mah, place)
    world.cmo.open_deviation("D-2")
    heal(world, 4)

    assert world.agree()
    assert len([entry for entry in world.mah.entries(Role.CMO) if entry.type == "deviation.opened.v1"]) == 2
    assert world.mah.quarantined() == []
    for side in world.sides:
        side.store.close()
