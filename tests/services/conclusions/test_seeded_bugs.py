"""Bugs planted in the projections of one gateway: both notice within a heartbeat, and name where they differ."""

from collections.abc import Iterator
from itertools import chain, islice
from random import Random
from typing import cast

import pytest

from events.encoding.identifiers import Role
from infra.read_model.sql_read_model import SqlReadModel
from services.gateway.exchange.conclusions import DIFFER
from services.gateway.projections.auditing import Auditor
from services.gateway.projections.projector import Projector
from services.gateway.projections.rebuilding import Projections
from tests.services.conclusions.bugs import draw_bug
from tests.services.conclusions.bugs.bug import BuggyProjector
from tests.services.conclusions.story import beat, shown_items
from tests.simulation.world.side import Side
from tests.simulation.world.world import World
from tests.sizes import size

BUGS = size("bugs", small=40, campaign=200)
DRAWN = 1_000  # seeds among which each bug is drawn


def fold_anew(side: Side, kind: type[Projector], limit: int = 2000) -> None:
    """Forget a side's rows and fold them again, some entries at a time."""
    engine = side.running
    SqlReadModel(engine.store).clear()
    projector = kind(engine.store, engine.read_model, side.parked.append, on_concluded=engine.writer.conclude)
    projector.catch_up(limit)
    engine.projections = cast("Projections", projector)  # it is only stepped


def named(side: Side) -> set[str]:
    """The items that a side names once it has compared its rows with a fresh fold."""
    auditor = Auditor(side.store, side.running.read_model, lambda: side.running.writer.channels)
    while auditor.step():
        pass
    difference = side.channel.conclusions.difference
    return set(difference.items or ()) if difference else set()


def is_alarmed(side: Side) -> bool:
    side.running.heart.tick()
    sizes = str(side.channel.conclusions.latest)
    return any(alarm.code == DIFFER and sizes in alarm.detail for alarm in side.alarms.standing())


def test_the_story_shows_everything_that_a_bug_could_spoil(world: World) -> None:
    shown = shown_items(world.both[0])
    rows = shown.values()

    assert shown == shown_items(world.both[1])
    assert {row["state"] for row in rows} >= {"opened", "approval_pending", "closed"}
    for mark in ("violates", "disputed", "overtaken", "historical"):
        assert {row[mark] for row in rows} == {True, False}


def seeds() -> Iterator[int]:
    """The seeds to be tried: first one for each different bug, then others, of the same bugs elsewhere."""
    different: dict[str, int] = {}
    for seed in range(DRAWN):
        different.setdefault(draw_bug(seed).what, seed)
    assert len(different) >= 40
    firsts = list(different.values())
    return islice(chain(firsts, (seed for seed in range(DRAWN) if seed not in firsts)), BUGS)


@pytest.mark.campaign
def test_every_bug_in_the_rows_of_one_side_is_noticed_within_a_heartbeat(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    missed: list[str] = []
    unnamed: list[str] = []
    for seed in seeds():
        chance = Random(seed)  # noqa: S311 - a seed draws bugs, no secrets
        bug = draw_bug(seed)
        side = world.sides[chance.choice(list(Role))]
        honest = world.sides[side.role.other]
        fold_anew(side, type("Planted", (BuggyProjector,), {"bug": bug}), chance.choice((2, 5, 9)))

        beat(world)

        if not (is_alarmed(side) and is_alarmed(honest)):
            missed.append(f"{seed}: {bug.what}")
        if not named(side) or named(honest):
            unnamed.append(f"{seed}: {bug.what}")
        fold_anew(side, Projector)
        beat(world)
        assert not is_alarmed(side)
        assert not is_alarmed(honest)
    with capsys.disabled():
        print(f"\n{BUGS - len(missed)} of {BUGS} seeded bugs noticed, {BUGS - len(unnamed)} of them by item")  # noqa: T201 - the figures of a campaign
    assert missed == []
    assert unnamed == []
