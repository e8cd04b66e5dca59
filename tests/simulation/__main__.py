"""`python -m tests.simulation --seeds N` plays many seeds, `--seed S` one, told in full, `--schedule FILE` a kept one.

Exit code 1 when a seed failed: it is cut down, told, and kept as a file that can be played again.
"""

import argparse
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from tests.simulation.drawing import draw
from tests.simulation.many import Reached, cores, report, run
from tests.simulation.playing import Outcome, play
from tests.simulation.schedule import Schedule
from tests.simulation.shrinking import shrink

PROGRESS_EACH = 200  # seeds


def main(arguments: Sequence[str] | None = None) -> int:
    """Play what is asked for, and return the exit code."""
    asked = _parser().parse_args(arguments)
    warnings.simplefilter("ignore")
    if asked.schedule is not None:
        return _told(play(Schedule.load(asked.schedule.read_text("utf-8"))))
    if asked.seed is not None:
        return _told(play(draw(asked.seed)))
    reached = run(asked.first, asked.seeds, asked.processes, _progress)
    _say(report(reached))
    for seed, faults in sorted(reached.failed.items()):
        _tell_failure(seed, faults, is_cut=not asked.no_shrink)
    return int(bool(reached.failed))


def _tell_failure(seed: int, faults: Sequence[str], *, is_cut: bool) -> None:
    _say(f"\nseed {seed} FAILED; again: python -m tests.simulation --seed {seed}")
    schedule = draw(seed)
    if is_cut:
        _say(f"cutting down {len(schedule.actions)} actions ...")
        schedule = shrink(schedule, play)
    file = Path(tempfile.gettempdir()) / f"counterfoil-seed-{seed}.json"
    file.write_text(schedule.dump(), "utf-8")
    outcome = play(schedule)
    _told(outcome)
    if outcome.is_well:
        _say("cut down it does not fail; in full it said:\n" + "\n".join(faults))
    _say(f"{len(schedule.actions)} actions are left; again: python -m tests.simulation --schedule {file}")


def _told(outcome: Outcome) -> int:
    _say("\n".join(outcome.trace))
    _say("\n".join(f"FAULT {fault}" for fault in outcome.faults) or "all is well")
    _say(f"digest {outcome.digest}")
    return int(not outcome.is_well)


def _progress(reached: Reached) -> None:
    if reached.seeds % PROGRESS_EACH == 0:
        rate = reached.seeds / reached.seconds
        sys.stderr.write(f"{reached.seeds} seeds, {rate:.1f} a second\n")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=500, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first of them")
    parser.add_argument("--processes", type=int, default=cores(), help="how many at once")
    parser.add_argument("--no-shrink", action="store_true", help="leave a schedule that fails as it is")
    parser.add_argument("--seed", type=int, help="play one seed and tell all of it")
    parser.add_argument(
        "--schedule", type=Path, metavar="FILE", help="play a schedule that was kept, and tell all of it"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
