"""Author, receiver, restarted gateway and a third reader compute one verdict, whatever was said, in any order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from tests.services.exchange.liar import deviation_by, page_of, put, refused_by
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import Side, World, new_world

_LIES: list[dict[str, object]] = [
    {},
    {"revision": 3},
    {"time": "2026-11-01T00:00:00.000000Z"},
    {"seen": 0},
    {"labels": ["batch/B-1"]},
    {"source": "urn:uscc:91310115MA1H7XY23B"},
]


def verdicts(side: Side, role: Role) -> list[str | None]:
    return [entry.code for entry in side.entries(role)]


def all_agree(world: World) -> bool:
    journals = {role: [entry.line for entry in world.mah.entries(role)] for role in Role}
    again = judge_again(journals, world.mah.channel.labeller)
    return all([each.past.code for each in again[role]] == verdicts(world.mah, role) for role in Role)


def test_a_third_reader_agrees_with_both_gateways(world: World) -> None:
    for number in range(4):
        world.cmo.open_deviation(f"D-{number}")
        world.settle().beat()

    assert all_agree(world)
    assert verdicts(world.mah, Role.CMO) == verdicts(world.cmo, Role.CMO)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_third_reader_agrees_about_a_liar_however_its_pages_are_cut(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed that hypothesis can shrink
    world = new_world(tmp_path_factory.mktemp("world")).pair()
    lines: list[bytes] = []
    for _ in range(4):
        page = [_lie(world, chance, len(lines) + place).line for place in range(chance.randrange(1, 4))]
        put(world.cmo, _behind(world, lines, page))
        lines += page
        world.mah.read()
        if chance.random() < 0.3:
            world.mah.restart()
        world.clock.move(5)
        world.mah.heartbeat()

    found = verdicts(world.mah, Role.CMO)
    assert len(found) == 2 + len(lines)
    assert all_agree(world)
    assert refused_by(world.mah) == [(place, code) for place, code in enumerate(found) if code is not None]
    for side in world.sides:
        side.store.close()


def _lie(world: World, chance: random.Random, number: int) -> Entry:
    return deviation_by(world.cmo, number, **chance.choice(_LIES))


def _behind(world: World, lines: list[bytes], page: list[bytes]) -> bytes:
    from dataclasses import replace  # noqa: PLC0415 - only the liar cuts pages so

    signed = page_of(world.cmo, page, behind=lines)
    return replace(signed, first=world.cmo.channel.own.size + len(lines)).encode()
