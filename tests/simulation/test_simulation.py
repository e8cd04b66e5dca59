"""Both gateways in one thread under seeded faults: whatever happens, nothing is lost, doubled, invented or changed."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.simulation.drawing import draw
from tests.simulation.many import cores, report, run
from tests.simulation.playing import Outcome, play
from tests.simulation.schedule import Action, Schedule
from tests.simulation.shrinking import shrink
from tests.sizes import size

SEEDS = size("seeds", small=25, campaign=500)
FOUND = sorted((Path(__file__).parent / "found").glob("*.json"))  # schedules that failed once, cut down
ALL_POINTS_FROM = 500  # seeds after which somebody died at every point on both sides, and every fault hit somebody
FAULTS = {
    *("acknowledgements lost", "backups", "broker expires the first records", "broker forgets everything"),
    *("broker forgets the last records", "clock jumps", "commits unknown, done", "commits unknown, not done"),
    *("disk full", "foreign records", "lies", "offsets wrong", "older stores restored", "publications cut"),
    *("reads cut", "records damaged", "records delayed", "records lost", "records reordered", "records repeated"),
    *("store unreachable",),
}


@pytest.mark.campaign
def test_no_seed_loses_doubles_invents_or_changes_anything() -> None:
    reached = run(0, SEEDS, cores(), lambda _: None)

    print(report(reached))  # noqa: T201 - the figures of the campaign
    for seed, faults in reached.failed.items():
        schedule = shrink(draw(seed), play)
        told = [*play(schedule).trace, *faults]
        pytest.fail(f"seed {seed}, cut down to {len(schedule.actions)} actions:\n" + "\n".join(told))
    if SEEDS >= ALL_POINTS_FROM:
        assert reached.not_died_at() == []
        assert reached.hits.keys() >= FAULTS


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.stem)
def test_what_failed_once_is_well(file: Path) -> None:
    assert play(Schedule.load(file.read_text("utf-8"))).faults == []


@pytest.mark.parametrize("seed", [3, 11])
def test_a_seed_repeats_exactly_also_in_another_process(seed: int) -> None:
    first = play(draw(seed))
    again = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.simulation", "--seed", str(seed)],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert play(draw(seed)).digest == first.digest
    assert f"digest {first.digest}" in again.stdout


def test_a_schedule_that_was_kept_is_the_same_schedule() -> None:
    for seed in range(50):
        schedule = draw(seed)
        assert Schedule.load(schedule.dump()) == schedule


def test_what_a_schedule_leaves_out_ends_nothing_else() -> None:
    """Any half of a schedule can be played too: that is what cutting down does."""
    schedule = draw(7)

    for part in (schedule.actions[::2], schedule.actions[1::2], schedule.actions[: len(schedule.actions) // 2], ()):
        assert play(schedule.with_actions(part)).faults == []


def test_a_failing_schedule_is_cut_down_to_what_it_takes() -> None:
    schedule = Schedule(0, "agreed", tuple(Action("advance", None, (float(number),)) for number in range(100)))
    culprits = {Action("advance", None, (17.0,)), Action("advance", None, (80.0,))}

    def played(tried: Schedule) -> Outcome:
        faults = ["K1: both are there"] if culprits <= set(tried.actions) else []
        return Outcome(tried, faults=faults)

    assert set(shrink(schedule, played).actions) == culprits
    assert shrink(replace(schedule, actions=()), played).actions == ()
