"""A partner that is silent cannot be made to look alive by whoever carries the records."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from events.journal.wire import WireRecord
from tests.events.golden.cast import RELATIONSHIP
from tests.lies.mutating.of_records import join_receipt, split_receipt
from tests.services.exchange.fakes import START, HandClock
from tests.services.exchange.world import World

TOPIC = RELATIONSHIP.topic(Role.MAH)
A_DAY = 24 * 3600
STRANGER = "— stranger.example AAAAAAA=\n".encode()


def receipts(world: World) -> list[bytes]:
    return [record.value for record in world.wire.topics[TOPIC] if record.kind == "receipt"]


def with_a_line_of_a_stranger(values: list[bytes]) -> list[bytes]:
    checkpoint_note, statement = split_receipt(values[-1])
    return [join_receipt(checkpoint_note + STRANGER, statement), join_receipt(checkpoint_note, statement + STRANGER)]


def with_lines_in_another_order(values: list[bytes]) -> list[bytes]:
    checkpoint_note, statement = split_receipt(values[-1])
    text, _, lines = checkpoint_note.rpartition(b"\n\n")
    turned = b"".join(reversed(lines.splitlines(keepends=True)))
    return [join_receipt(text + b"\n\n" + turned, statement)]


def the_last_two_in_turn(values: list[bytes]) -> list[bytes]:
    return [*values[-2:], *values[-2:]]


def halves_of_the_last_two(values: list[bytes]) -> list[bytes]:
    (old, _), (new, said) = map(split_receipt, values[-2:])
    return [join_receipt(old, said), join_receipt(new, said)]


@pytest.mark.parametrize(
    "replay",
    [with_a_line_of_a_stranger, with_lines_in_another_order, the_last_two_in_turn, halves_of_the_last_two],
    ids=lambda way: way.__name__,
)
def test_old_receipts_in_a_new_dress_make_nobody_less_silent(
    world: World, replay: Callable[[list[bytes]], list[bytes]]
) -> None:
    world.beat().beat().beat()
    heard = world.cmo.channel.heard
    assert heard is not None
    world.clock.move(A_DAY)
    world.wire.publish(TOPIC, [WireRecord("receipt", value) for value in replay(receipts(world))])
    world.cmo.read()

    assert world.cmo.channel.heard is not None
    assert world.cmo.channel.heard.at == heard.at
    assert world.cmo.quarantined() == []


def test_they_are_no_second_heartbeat_either(world: World) -> None:
    world.beat().beat()
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    sent = world.cmo.channel.sent
    values = receipts(world)
    records = [
        WireRecord("receipt", value)
        for way in (the_last_two_in_turn, with_a_line_of_a_stranger)
        for value in way(values)
    ]
    world.clock.move(60)
    world.wire.publish(TOPIC, records)
    world.cmo.read()

    assert world.cmo.channel.sent == sent


def test_a_partner_whose_clock_was_set_right_is_heard(world: World) -> None:
    fast = world.mah.clock = HandClock()
    fast.jump(3600)
    world.mah.restart()
    world.mah.heartbeat()
    world.settle()
    assert "clock.skewed" in world.cmo.alarms.codes
    fast.jump(-3600)
    world.mah.restart()
    for clock in (world.clock, fast):
        clock.move(5)
    world.mah.heartbeat()
    world.settle()

    assert world.cmo.channel.heard is not None
    assert world.cmo.channel.heard.at == format_moment(START + timedelta(seconds=5))
