"""Storms of requests and replays of old ones: bounded work, no effect but pages sent again, which change nothing."""

from collections import Counter
from datetime import timedelta

import pytest

from events.encoding.identifiers import Role
from events.journal.resend import make_resend
from events.journal.wire import WireRecord
from services.gateway.exchange.sending.publishing import MAX_PAGES
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import put
from tests.services.exchange.world import World, keys_of

ORIGIN = {role: RELATIONSHIP.origin(role) for role in Role}
TOPIC = {role: RELATIONSHIP.topic(role) for role in Role}


def request(world: World, wanted: Role, first: int, seconds: float = 0) -> bytes:
    """What the holder signs to get pages again."""
    at = world.clock.now() + timedelta(seconds=seconds)
    return make_resend(ORIGIN[wanted], first, at, keys_of(RELATIONSHIP, Role.MAH).journal_signer).encode()


def some_history(world: World, count: int = 5) -> None:
    for number in range(count):
        world.cmo.open_deviation(f"D-{number}")
        world.settle()


def sent(world: World, role: Role, kind: str) -> int:
    return sum(record.kind == kind for record in world.wire.topics[TOPIC[role]])


def test_old_requests_that_come_again_after_a_restart_move_the_cursor_once_a_second_and_change_nothing(
    world: World,
) -> None:
    some_history(world)
    old = [request(world, Role.CMO, 0, seconds) for seconds in range(200)]
    world.clock.move(300)
    world.settle()
    world.cmo.restart()
    before = {role: world.cmo.entries(role) for role in Role}, world.mah.entries(Role.CMO)
    pages = sent(world, Role.CMO, "page")
    for value in old:
        put(world.mah, value, kind="resend")
        world.cmo.read()
        world.cmo.publish()
        world.clock.move(0.05)
    again = sent(world, Role.CMO, "page") - pages
    world.settle()

    seconds = 200 * 0.05
    assert 0 < again <= (seconds + 1) * len(before[1])
    assert ({role: world.cmo.entries(role) for role in Role}, world.mah.entries(Role.CMO)) == before
    assert world.cmo.quarantined() == world.mah.quarantined() == []
    assert world.agree()


def test_all_old_requests_at_once_are_one(world: World) -> None:
    some_history(world)
    old = [request(world, Role.CMO, 0, seconds) for seconds in range(1, 200)]
    world.clock.move(300)
    world.cmo.restart()
    world.settle()
    pages = sent(world, Role.CMO, "page")
    put(world.mah, *old, kind="resend")
    world.cmo.read()
    world.cmo.publish()

    assert sent(world, Role.CMO, "page") - pages <= len(world.cmo.entries(Role.CMO))


@pytest.mark.parametrize("first", [0, 3, 10**6, 2**53 - 1, 10**16 - 1])
def test_a_request_from_any_place_is_harmless(world: World, first: int) -> None:
    some_history(world)
    size = world.cmo.channel.own.size
    world.clock.move(2)
    put(world.mah, request(world, Role.CMO, first), request(world, Role.MAH, first), kind="resend")
    world.cmo.read()

    assert world.cmo.channel.sent == min(first, size)
    world.settle()
    assert world.cmo.channel.sent == size
    assert world.cmo.channel.returning is None
    assert world.agree()


def test_a_request_for_a_journal_of_nobody_is_passed_over_and_remembered_by_no_one(world: World) -> None:
    some_history(world, 1)
    size = world.cmo.channel.sent
    signer = keys_of(RELATIONSHIP, Role.MAH).journal_signer
    for number in range(50):
        world.clock.move(1)
        value = make_resend(f"{ORIGIN[Role.CMO]}/{number + 2}", 0, world.clock.now(), signer).encode()
        put(world.mah, value, kind="resend")
    world.cmo.read()

    assert world.cmo.channel.sent == size
    assert world.cmo.channel.resend_times == {}


def test_a_storm_of_requests_for_what_the_asker_lost_gives_it_back_once_a_second(world: World) -> None:
    world.mah.heartbeat()
    some_history(world, 3)
    start = sent(world, Role.CMO, "returned")
    for number in range(100):
        put(world.mah, request(world, Role.MAH, 0, number / 1000), kind="resend")
        world.cmo.read()
        world.cmo.publish()
        world.clock.move(0.01)

    assert 0 < sent(world, Role.CMO, "returned") - start <= 2 * MAX_PAGES


def test_pages_given_back_that_nobody_lost_are_passed_over(world: World) -> None:
    world.mah.heartbeat()
    some_history(world, 2)
    pages = [record.value for record in world.wire.topics[TOPIC[Role.MAH]] if record.kind == "page"]
    before = world.mah.entries(Role.MAH)
    put(world.cmo, *pages * 20, kind="returned")
    world.mah.read()

    assert world.mah.entries(Role.MAH) == before
    assert world.mah.channel.returned == {}


def test_a_topic_read_from_its_beginning_again_and_again_changes_nothing(world: World) -> None:
    some_history(world)
    world.beat()
    before = [(role, world.mah.entries(role)) for role in Role], world.mah.channel.own.size
    for _ in range(10):
        world.mah.inbox.position = None
        world.mah.read()
        world.clock.move(1)
    world.settle()

    assert ([(role, world.mah.entries(role)) for role in Role], world.mah.channel.own.size) == before
    assert world.mah.quarantined() == []


def test_a_storm_of_receipts_is_answered_by_nothing(world: World) -> None:
    some_history(world)
    world.beat()
    values = [record.value for record in world.wire.topics[TOPIC[Role.CMO]] if record.kind == "receipt"]
    kinds = Counter(record.kind for record in world.wire.topics[TOPIC[Role.MAH]])
    world.wire.publish(TOPIC[Role.CMO], [WireRecord("receipt", value) for value in values * 100])
    world.settle()

    assert Counter(record.kind for record in world.wire.topics[TOPIC[Role.MAH]]) == kinds
