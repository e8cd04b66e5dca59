"""A store restored from yesterday's backup signs nothing until its own later entries came back (formats.md 5 and 7)."""

import shutil
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from services.gateway.exchange.errors import SigningStoppedError
from services.gateway.exchange.sending.heart import Heart
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import deviation_by, page_of, put, refused_by
from tests.services.exchange.world import Side, World


def store_file(side: Side) -> Path:
    return Path(side.url.removeprefix("sqlite:///"))


def back_up(side: Side) -> Path:
    side.store.close()
    copy = store_file(side).with_suffix(".backup")
    shutil.copy(store_file(side), copy)
    side.open()
    return copy


def restore(side: Side, backup: Path) -> None:
    side.store.close()
    for leftover in store_file(side).parent.glob(store_file(side).name + "-*"):
        leftover.unlink()
    shutil.copy(backup, store_file(side))
    side.open()


def is_behind(side: Side) -> bool:
    return side.channel.behind


def go_on(world: World, start: int, end: int) -> None:
    for number in range(start, end):
        world.cmo.open_deviation(f"D-{number}")
        world.settle().beat()


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_a_restored_store_signs_nothing_until_it_has_what_it_signed_before(world: World, role: Role) -> None:
    side = world.mah if role is Role.MAH else world.cmo
    go_on(world, 0, 2)
    backup = back_up(side)
    go_on(world, 2, 5)
    size = side.channel.own.size
    restore(side, backup)

    assert is_behind(side)
    with pytest.raises(SigningStoppedError):
        side.open_deviation("D-9")
    side.heartbeat()
    assert side.channel.receipt is None

    for _ in range(4):
        world.beat()
    assert not is_behind(side)
    assert side.channel.own.size >= size
    assert world.agree()
    go_on(world, 5, 7)
    assert world.agree()


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_it_comes_back_also_when_the_broker_has_forgotten_everything(world: World, role: Role) -> None:
    side = world.mah if role is Role.MAH else world.cmo
    go_on(world, 0, 2)
    backup = back_up(side)
    go_on(world, 2, 5)
    restore(side, backup)
    world.wire.topics.clear()
    for each in world.sides:
        each.inbox.position = None
        each.inbox.loaded = True
    for _ in range(12):
        world.beat()

    assert not is_behind(side)
    assert world.agree()


def test_the_mark_alone_tells_that_a_store_is_behind(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    world.cmo.open_deviation("D-8")
    world.cmo.publish()
    restore(world.cmo, backup)

    assert world.cmo.channel.heard is not None
    assert world.cmo.channel.heard.held <= world.cmo.channel.own.size
    assert is_behind(world.cmo)


def test_people_hear_of_a_store_that_is_behind_until_it_is_not(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    go_on(world, 1, 2)
    restore(world.cmo, backup)
    heart = Heart(
        lambda: world.cmo.writer.channels,
        world.cmo.run,
        world.clock,
        world.cmo.guard,
        world.cmo.alarms,
        heartbeat_seconds=5,
        silence_seconds=3600,
    )
    heart.tick()
    assert "store.behind" in world.cmo.alarms.codes

    for _ in range(4):
        world.beat()
    heart.tick()
    assert "store.behind" not in world.cmo.alarms.codes


def test_what_was_refused_before_the_restore_is_not_refused_twice(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.mah)
    lines = [deviation_by(world.cmo, 700, labels=["batch/B-1"]).line]
    put(world.cmo, page_of(world.cmo, lines).encode())
    world.mah.read()
    world.mah.publish()
    said = refused_by(world.mah)
    assert len(said) == 1
    pages = [record for record in world.wire.topics[RELATIONSHIP.topic(Role.MAH)] if record.kind == "page"]
    restore(world.mah, backup)
    world.mah.read()
    assert is_behind(world.mah)
    put(world.cmo, pages[-1].value, kind="returned")
    world.mah.read()

    assert not is_behind(world.mah)
    assert refused_by(world.mah) == said


def test_a_page_that_comes_back_without_the_own_signature_is_set_aside(world: World) -> None:
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    world.cmo.open_deviation("D-8")
    world.cmo.publish()
    restore(world.cmo, backup)
    put(world.mah, page_of(world.mah, [deviation_by(world.cmo, 1).line]).encode(), kind="returned")
    world.cmo.read()

    assert world.cmo.quarantined() == ["page.wrong_journal"]
    assert is_behind(world.cmo)
