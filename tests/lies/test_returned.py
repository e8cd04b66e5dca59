"""A partner that gives back what a restored store has lost cannot change a word of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from events.encoding.identifiers import Role
from events.journal.page import Page, parse_page
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import put
from tests.services.exchange.test_restored_store import back_up, go_on, is_behind, restore
from tests.services.exchange.world import World

ORIGIN = RELATIONSHIP.origin(Role.CMO)
TOPIC = RELATIONSHIP.topic(Role.CMO)


def lost(world: World) -> list[Page]:
    """Restore the manufacturer's store from a backup; return the pages that it has lost and its partner holds."""
    go_on(world, 0, 1)
    backup = back_up(world.cmo)
    size = world.cmo.channel.own.size
    go_on(world, 1, 3)
    restore(world.cmo, backup)
    pages = [parse_page(record.value, ORIGIN) for record in world.wire.topics[TOPIC] if record.kind == "page"]
    return sorted({page.first: page for page in pages if page.first >= size}.values(), key=lambda page: page.first)


def other_body(line: bytes) -> bytes:
    return line.replace("悬浮粒子".encode(), "悬浮微粒".encode())


def without_body(line: bytes) -> bytes:
    return line.partition(b"\t")[0]


def other_head(line: bytes) -> bytes:
    return line.replace(b"system/eqms", b"system/eqmz", 1)


@pytest.mark.parametrize("change", [other_body, without_body, other_head], ids=lambda way: way.__name__)
def test_an_own_page_that_comes_back_changed_is_set_aside_and_the_true_one_heals_the_store(
    world: World, change: Callable[[bytes], bytes]
) -> None:
    pages = lost(world)
    changed = [replace(page, lines=tuple(map(change, page.lines))) for page in pages]
    put(world.mah, *(page.encode() for page in changed if page.lines), kind="returned")
    size = world.cmo.channel.own.size
    world.cmo.read()

    assert world.cmo.channel.own.size == size
    assert set(world.cmo.quarantined()) == {"page.root_mismatch"}
    assert is_behind(world.cmo)
    for _ in range(10):
        world.beat()
    assert not is_behind(world.cmo)
    assert world.agree()
    assert [entry.code for entry in world.cmo.entries(Role.CMO)] == [None] * len(world.cmo.entries(Role.CMO))
