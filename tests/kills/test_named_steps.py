"""Gateways killed at every named step of the way, both sides, both stores, under load."""

import json
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from services.gateway.ports.steps import Step
from tests.kills.stage.ground import Ground
from tests.kills.stage.killing import Deaths, Killing, deaths_for, steps_of, two_seconds_here
from tests.kills.stage.pair import ROLES, Pair
from tests.kills.stage.verdict import Outcome, assert_settles
from tests.sizes import size

CYCLES = size("kills", small=8, campaign=200)
CHECKED_EVERY = 50


@pytest.mark.campaign
def test_a_kill_at_any_step_of_either_side_loses_and_doubles_nothing(
    ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killings = []
    for on_postgres, deaths in deaths_for(CYCLES, seed=4).items():
        with ground.pair(tmp_path / on_postgres, on_postgres) as (pair, load):
            killing = Killing(pair)
            killings.append(killing)
            for part in parts(deaths):
                with load.running():
                    killing.run(part)
                settled = assert_settles(pair, load)
            tell(capsys, on_postgres, pair, killing, settled)
            starts = [seconds for side in pair.sides.values() for seconds in side.process.starts]
            assert median(starts) <= two_seconds_here(killing.bare), (median(starts), median(killing.bare))

    died = sum((killing.died for killing in killings), Counter[tuple[str, str]]())
    assert {step for _, step in died} == set(steps_of(CYCLES))
    missed = sum(sum(killing.missed.values()) for killing in killings)
    assert missed <= max(2, CYCLES // 10), "most of the steps that were meant were not come to"
    assert 4 * len(Step) > CYCLES or set(died) == {(role, step) for role in ROLES for step in Step}


def parts(deaths: Deaths) -> list[Deaths]:
    """Parts of both lists, after each of which everything is checked."""
    step = CHECKED_EVERY // 2
    longest = max(map(len, deaths.values()))
    return [{role: each[first : first + step] for role, each in deaths.items()} for first in range(0, longest, step)]


def tell(capsys: pytest.CaptureFixture[str], on_postgres: str, pair: Pair, killing: Killing, settled: Outcome) -> None:
    starts = sorted(seconds for side in pair.sides.values() for seconds in side.process.starts)
    figures = {
        "deaths": killing.cycles,
        "steps": len({step for _, step in killing.died}),
        "missed": {f"{role} {step}": count for (role, step), count in killing.missed.items()},
        "ready_seconds": {"median": round(median(starts), 2), "most": round(starts[-1], 2)},
        "bare_seconds": round(median(killing.bare), 2),
        "drained_seconds": round(settled.drained_seconds, 1),
        **settled.document["counts"],
    }
    with capsys.disabled():
        print(f"\nkills at named steps, {on_postgres} on PostgreSQL: {json.dumps(figures)}")  # noqa: T201 - told at the end
