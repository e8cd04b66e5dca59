"""What the wire may do: lose, repeat, reorder, delay, forget everything. Nothing of it is lost or doubled."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.encoding.identifiers import Role
from events.journal.resend import make_resend
from infra.wire.errors import WireUnavailableError
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import put
from tests.services.exchange.world import World, keys_of

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


def gap_at_the_holder(world: World) -> None:
    """A page was lost, the holder knows it and has asked again and again, each time after a longer while."""
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    del world.wire.topics[CMO_TOPIC][-1]
    world.cmo.heartbeat()
    world.cmo.publish()
    world.mah.read()
    for _ in range(20):
        world.mah.publish()
        world.clock.move(5)
        world.mah.heartbeat()


def requests(world: World) -> int:
    return sum(record.kind == "resend" for record in world.wire.topics[RELATIONSHIP.topic(Role.MAH)])


def test_the_holder_asks_once_then_after_two_heartbeats_and_after_twice_as_many_each_time(world: World) -> None:
    gap_at_the_holder(world)

    assert requests(world) == 4  # at once, after 2, after 4 more, after 8 more
    assert world.mah.channel.gap.patience == 32


def test_a_request_no_newer_than_the_last_moves_no_cursor(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.settle()
    size, signer = world.cmo.channel.own.size, keys_of(RELATIONSHIP, Role.MAH).journal_signer
    now = world.clock.now()
    for at, cursor in ((now, 1), (now, size), (now - timedelta(seconds=1), size), (now + timedelta(seconds=1), 1)):
        world.cmo.publish()
        world.clock.move(1)  # one request a second is followed
        put(world.mah, make_resend(RELATIONSHIP.origin(Role.CMO), 1, at, signer).encode(), kind="resend")
        world.cmo.read()
        assert world.cmo.channel.sent == cursor


def test_a_wire_that_comes_back_is_asked_at_once(world: World) -> None:
    gap_at_the_holder(world)
    asked = requests(world)
    world.wire.is_down = True
    with pytest.raises(WireUnavailableError):
        world.mah.publisher.step()
    world.mah.publisher.lost_wire()  # as the loop around it does
    world.wire.is_down = False
    world.mah.publish()

    assert requests(world) == asked + 1
    assert world.mah.channel.gap.patience == 4


def test_no_request_is_signed_while_the_wall_clock_has_jumped(world: World) -> None:
    gap_at_the_holder(world)
    world.mah.channel.gap.hurry()
    asked = requests(world)
    world.clock.jump(-31)
    world.mah.publish()
    assert requests(world) == asked

    world.clock.jump(31)
    world.mah.publish()
    assert requests(world) == asked + 1


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
