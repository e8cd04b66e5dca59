"""The simulation finds bugs: each of these, put into the engine, is found by some seed and told in a few actions."""

import pytest

from tests.simulation.drawing import draw
from tests.simulation.planted import PLANTS
from tests.simulation.playing import play
from tests.simulation.schedule import Schedule
from tests.simulation.shrinking import kind_of, shrink
from tests.sizes import size

MOST_SEEDS = 150
MOST_PLAYS = 120  # while cutting down
SHORT = 40  # actions
PLANTED = list(PLANTS)[: size("plants", small=2, campaign=12)]


@pytest.mark.campaign
@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_in_the_engine_is_found_and_told_in_few_actions(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert play(draw(0)).is_well  # beginnings are made by an engine without the bug
    PLANTS[name](monkeypatch)

    found = _first_that_fails()
    short = shrink(found, play, MOST_PLAYS)

    print(f"{name}: seed {found.seed}, {len(found.actions)} actions cut down to {len(short.actions)}")  # noqa: T201
    assert kind_of(play(short)) == kind_of(play(found)) != ""
    assert len(short.actions) <= SHORT


def _first_that_fails() -> Schedule:
    for seed in range(MOST_SEEDS):
        schedule = draw(seed)
        if not play(schedule).is_well:
            return schedule
    raise AssertionError(f"no seed of {MOST_SEEDS} finds it")
