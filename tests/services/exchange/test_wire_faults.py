"""What the wire may do: lose, repeat, reorder, delay, forget everything. Nothing of it is lost or doubled."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.encoding.identifiers import Role
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import World

CMO_TOPIC = RELATIONSHIP.topic(Role.CMO)


def heal(world: World, beats: int = 8) -> None:
    for _ in range(beats):
        world.beat()


def test_a_page_that_came_twice_changes_nothing_and_gets_a_new_receipt(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.settle()
    before = world.mah.entries(Role.CMO)
    records = world.wire.topics[CMO_TOPIC]
    records.append([record for record in records if record.kind == "page"][-1])

    world.mah.read()

    assert world.mah.entries(Role.CMO) == before
    assert world.mah.channel.receipt is not None
    assert world.mah.quarantined() == []


def test_a_lost_page_is_seen_at_the_next_one_and_sent_again(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    del world.wire.topics[CMO_TOPIC][-1]
    world.cmo.open_deviation("D-2")
    world.settle()

    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) == 4


def test_a_last_page_that_was_lost_is_seen_at_the_heartbeat(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    del world.wire.topics[CMO_TOPIC][-1]
    heal(world, 2)

    assert world.agree()


def test_a_broker_that_forgot_everything_loses_nothing(world: World) -> None:
    for number in range(5):
        world.cmo.open_deviation(f"D-{number}")
    world.cmo.publish()
    world.wire.topics.clear()
    world.mah.inbox.position = None
    heal(world)

    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) == 7


def test_a_request_that_was_lost_is_made_again(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    del world.wire.topics[CMO_TOPIC][-1]
    world.cmo.heartbeat()
    world.cmo.publish()
    world.mah.read()
    world.mah.publish()
    asked = world.wire.topics[RELATIONSHIP.topic(Role.MAH)]
    asked[:] = [record for record in asked if record.kind != "resend"]
    world.cmo.inbox.position = None
    heal(world, 4)

    assert world.agree()


@pytest.mark.parametrize("down", ["mah", "cmo", "both"])
def test_commands_go_on_while_the_wire_is_away(world: World, down: str) -> None:
    del down
    world.wire.is_down = True
    for number in range(3):
        world.cmo.open_deviation(f"D-{number}")
    world.wire.is_down = False
    world.settle()

    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) == 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whatever_the_wire_loses_repeats_or_reorders_both_hold_the_same_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    from tests.services.exchange.world import new_world  # noqa: PLC0415 - a fresh world for each example

    chance = random.Random(seed)  # noqa: S311 - a seed that hypothesis can shrink
    world = new_world(tmp_path_factory.mktemp("world")).pair()
    for number in range(12):
        side = chance.choice(world.sides)
        if side is world.cmo:
            side.open_deviation(f"D-{number}")
        _shake(world, chance)
        for each in world.sides:
            each.publish()
            each.read()
        if chance.random() < 0.2:
            chance.choice(world.sides).restart()
    heal(world, 40)

    assert world.agree()
    for each in world.sides:
        assert each.quarantined() == []
        each.store.close()


def _shake(world: World, chance: random.Random) -> None:
    """Lose, repeat and swap among what nobody has read yet."""
    for side in world.sides:
        records = world.wire.topics[RELATIONSHIP.topic(side.role.other)]
        position = side.inbox.position
        unread = 0 if position is None else position.offset
        tail = records[unread:]
        chance.shuffle(tail)
        tail = [record for record in tail if chance.random() > 0.3]
        if tail and chance.random() < 0.3:
            tail.append(chance.choice(tail))
        records[unread:] = tail
