"""What the simulation found once, told plainly."""

from datetime import timedelta
from hashlib import sha256

import pytest

from events.encoding.identifiers import Role
from events.journal.resend import make_resend, parse_resend
from events.journal.wire import WireRecord
from services.gateway.exchange.sending.heart import Heart
from services.gateway.ports.alarms import Alarm
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import deviation_by, page_of, put, refused_by
from tests.services.exchange.test_restored_store import back_up, go_on, is_behind, restore
from tests.services.exchange.world import NUMBER, Side, World, keys_of

MAH_TOPIC, CMO_TOPIC = RELATIONSHIP.topic(Role.MAH), RELATIONSHIP.topic(Role.CMO)


def heart_of(side: Side) -> Heart:
    return Heart(lambda: side.writer.channels, side.run, side.clock, side.guard, side.alarms, 5, 3600)


def requests_of(side: Side) -> list[str]:
    """The times of the requests that a side has sent, in order."""
    records = side.wire.topics[RELATIONSHIP.topic(side.role)]
    return [parse_resend(record.value).time for record in records if record.kind == "resend"]


def test_a_page_that_saw_what_a_restored_store_lost_waits_also_when_the_receipt_came_first(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    world.cmo.open_deviation("D-8")
    world.cmo.publish()
    world.mah.read()
    world.mah.heartbeat()
    world.mah.publish()
    restore(world.cmo, backup)
    records = world.wire.topics[MAH_TOPIC]
    pages = [record for record in records if record.kind == "page"]
    records[:] = [*(record for record in records if record is not pages[-1]), pages[-1]]
    world.cmo.read()
    assert is_behind(world.cmo)
    assert world.cmo.channel.waiting

    for _ in range(4):
        world.beat()
    assert world.agree()
    assert [entry.code for entry in world.cmo.entries(Role.MAH)] == [None] * len(world.cmo.entries(Role.MAH))
    assert refused_by(world.cmo) == []


def test_what_came_while_the_store_was_behind_is_refused_once_it_no_longer_is(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    page = page_of(world.mah, [deviation_by(world.mah, 700, revision=3).line])
    world.cmo.open_deviation("D-8")
    world.cmo.publish()
    world.mah.read()
    restore(world.cmo, backup)
    put(world.mah, page.encode())
    world.cmo.read()
    assert is_behind(world.cmo)
    assert refused_by(world.cmo) == []

    for _ in range(6):
        world.beat()
    assert not is_behind(world.cmo)
    assert [code for _, code in refused_by(world.cmo)] == ["entry.wrong_revision"]
    assert "refusal.malformed" not in world.cmo.alarms.codes


def test_what_came_while_the_store_was_behind_is_refused_before_what_came_with_its_end(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    lines = [deviation_by(world.mah, number, revision=3).line for number in (700, 701)]
    world.cmo.open_deviation("D-8")
    world.cmo.publish()
    world.mah.read()
    restore(world.cmo, backup)
    put(world.mah, page_of(world.mah, lines[:1]).encode())
    world.cmo.read()
    world.cmo.publish()
    second = page_of(world.mah, lines[1:], behind=lines[:1]).encode()
    world.mah.read()
    world.mah.publish()
    put(world.mah, second)
    assert is_behind(world.cmo)
    world.cmo.read()
    assert not is_behind(world.cmo)

    places = [entry.position for entry in world.cmo.entries(Role.MAH) if entry.code == "entry.wrong_revision"]
    assert [position for position, _ in refused_by(world.cmo)] == places
    assert len(places) == 2


def test_a_partner_whose_clock_ran_ahead_is_sent_to_again_once_it_is_right(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.settle()
    signer = keys_of(RELATIONSHIP, Role.MAH).journal_signer
    for ahead in (timedelta(hours=1), timedelta()):
        world.cmo.publish()
        world.clock.move(2)
        put(
            world.mah,
            make_resend(RELATIONSHIP.origin(Role.CMO), 1, world.clock.now() + ahead, signer).encode(),
            kind="resend",
        )
        world.cmo.read()
        assert world.cmo.channel.sent == 1


def test_the_times_of_requests_rise_also_when_the_clock_was_set_back(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    del world.wire.topics[CMO_TOPIC][-1]
    world.cmo.heartbeat()
    world.cmo.publish()
    world.mah.read()
    world.mah.publish()
    world.clock.jump(-3600)
    world.mah.guard.confirm()
    world.mah.channel.gap.hurry()
    world.mah.publish()

    first, second = requests_of(world.mah)
    assert first < second


def test_an_alarm_that_is_over_is_settled_also_where_the_end_of_it_was_of_unknown_outcome(world: World) -> None:
    side = world.cmo
    for code in ("store.behind", "intake.stopped"):
        side.alarms.report(
            Alarm(code, str(RELATIONSHIP), "raised before the commit that nobody answered", "2026-11-22")
        )
    heart_of(side).tick()

    assert side.alarms.codes == set()


def test_two_restored_stores_give_each_other_back_what_they_still_have(world: World) -> None:
    """The holder has lost an entry for good, so it signs no receipt that would tell the manufacturer what it lacks."""
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    world.cmo.open_deviation("D-7")
    world.settle().beat()
    kept = back_up(world.mah)
    size = len(world.mah.entries(Role.MAH))
    world.cmo.open_deviation("D-8")
    world.settle().beat()
    restore(world.cmo, backup)
    restore(world.mah, kept)
    world.wire.topics.clear()
    for side in world.sides:
        side.inbox.position, side.inbox.loaded = None, True
    hearts = [heart_of(side) for side in world.sides]
    for _ in range(12):
        for heart in hearts:
            heart.tick()
        world.beat()

    assert is_behind(world.mah)
    assert len(world.cmo.entries(Role.MAH)) == size


@pytest.mark.parametrize("places", [1, 64])
@pytest.mark.parametrize("order", ["damaged sound", "sound damaged", "sound damaged sound", "damaged damaged sound"])
def test_of_two_pages_that_wait_at_one_place_the_damaged_one_is_set_aside_and_never_the_sound_one(
    world: World, monkeypatch: pytest.MonkeyPatch, order: str, places: int
) -> None:
    monkeypatch.setattr("services.gateway.exchange.receiving.waiting.MAX_WAITING_PAGES", places)
    first, sound, damaged = held_back(world)
    topic = world.wire.topics[MAH_TOPIC]

    for name in order.split():
        topic.append({"sound": sound, "damaged": damaged}[name])
        world.cmo.read()
    topic.append(first)
    world.cmo.read()

    held = world.cmo.channel.held.size
    with world.cmo.store.reading() as reading:
        aside = [each.digest for each in reading.quarantine(NUMBER)]
    assert aside == [sha256(damaged.value).digest()]
    assert held == world.mah.channel.own.size
    assert world.cmo.channel.waiting == {}


def held_back(world: World) -> tuple[WireRecord, WireRecord, WireRecord]:
    """Two pages that the wire keeps back: the first, the second, and the second with a digit of a head turned."""
    world.settle()
    topic = world.wire.topics[MAH_TOPIC]
    start = len(topic)
    for number in ("D-1", "D-2"):
        world.mah.open_deviation(number)
        world.mah.publish()
    first, second = (record for record in topic[start:] if record.kind == "page")
    del topic[start:]
    at = second.value.index(b'"time":"') + len(b'"time":"202')
    turned = b"7" if second.value[at : at + 1] != b"7" else b"8"
    return first, second, WireRecord("page", second.value[:at] + turned + second.value[at + 1 :])
