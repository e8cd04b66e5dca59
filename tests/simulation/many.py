"""Many seeds, over several processes: what they reached in sum, and the first that failed."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from services.gateway.ports.steps import Step
from tests.simulation.drawing import draw
from tests.simulation.playing import Outcome, play
from tests.simulation.words import POINTS
from tests.simulation.world.client import OK
from tests.simulation.world.people import steps_of_matters

SEEDS_AT_ONCE = 20
MOST_TOLD = 20  # names of steps that were never done


@dataclass
class Reached:
    """What a number of seeds reached; of those that failed, the faults by seed."""

    seeds: int = 0
    actions: int = 0
    entries: int = 0
    seconds: float = 0.0
    longest: int = 0  # heartbeats until rest, at most
    hits: Counter[str] = field(default_factory=Counter)
    seeds_hit: Counter[str] = field(default_factory=Counter)  # in how many seeds each fault hit
    deaths: Counter[tuple[str, str]] = field(default_factory=Counter)  # (side, point)
    let_in: Counter[tuple[str, str]] = field(default_factory=Counter)  # (point, part)
    commands: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)  # of matters: (event, outcome)
    failed: dict[int, list[str]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.actions += len(outcome.schedule.actions)
        self.entries += outcome.entries
        self.longest = max(self.longest, outcome.rounds)
        self.hits += outcome.hits
        self.seeds_hit.update(outcome.hits.keys())
        self.deaths += outcome.deaths
        self.let_in += outcome.let_in
        self.commands += outcome.commands
        self.steps += outcome.steps
        if outcome.faults:
            self.failed[outcome.schedule.seed] = outcome.faults

    def add_all(self, other: "Reached") -> None:
        for name in ("seeds", "actions", "entries", "hits", "seeds_hit", "deaths", "let_in", "commands", "steps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)
        self.failed |= other.failed

    @property
    def steps_by_outcome(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for (_, outcome), count in self.steps.items():
            counts[outcome] += count
        return counts

    def never_done(self) -> list[str]:
        """Return every step of a matter that people have and that nobody brought about yet."""
        return [name for name in steps_of_matters() if not self.steps[name, OK]]

    def not_died_at(self) -> list[tuple[str, str]]:
        """Return every crash point, on each side, at which nobody died yet."""
        return [(side, point) for side in ("mah", "cmo") for point in POINTS if not self.deaths[side, point]]


def run(first: int, seeds: int, processes: int, told: Callable[[Reached], None]) -> Reached:
    """Play seeds from `first` on until all are played or one has failed; `told` hears how far it is."""
    reached, begun = Reached(), time.monotonic()
    for part in _parts(first, seeds, processes):
        reached.add_all(part)
        reached.seconds = time.monotonic() - begun
        told(reached)
        if reached.failed:
            break
    return reached


def cores() -> int:
    """Return how many processes may run at once."""
    return len(os.sched_getaffinity(0))


def _parts(first: int, seeds: int, processes: int) -> Iterator[Reached]:
    end = first + seeds
    pieces = [(start, min(end, start + SEEDS_AT_ONCE)) for start in range(first, end, SEEDS_AT_ONCE)]
    if processes == 1:
        yield from map(play_some, pieces)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(play_some, pieces)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def play_some(piece: tuple[int, int]) -> Reached:
    """Play the seeds from one number up to another, up to the first that fails."""
    reached = Reached()
    for seed in range(*piece):
        reached.add(play(draw(seed)))
        if reached.failed:
            break
    return reached


def report(reached: Reached) -> str:
    """Return what was reached, in words and numbers."""
    rate = reached.seeds / reached.seconds if reached.seconds else 0.0
    steps = [point for point in POINTS if point in {step.value for step in Step}]
    died = 2 * len(steps) - sum(point in steps for _, point in reached.not_died_at())
    never = reached.never_done()
    lines = [
        f"{reached.seeds} seeds in {reached.seconds:.0f} s: {rate:.1f} a second",
        f"{reached.actions} actions, {reached.entries} entries; rest after at most {reached.longest} heartbeats",
        f"commands: {_listed(reached.commands)}",
        f"steps of matters: {_listed(reached.steps_by_outcome)}",
        f"of {len(steps_of_matters())} steps of matters never done: {len(never)} {', '.join(never[:MOST_TOLD])}",
        "faults that hit (times, in seeds):",
        *(f"  {name:34}{count:>9}{reached.seeds_hit[name]:>8}" for name, count in sorted(reached.hits.items())),
        f"deaths: {sum(reached.deaths.values())}; {died} of {2 * len(steps)} named steps, both sides, were one",
        f"parts let in between two steps: {sum(reached.let_in.values())}, {len(reached.let_in)} pairs of step and part",
    ]
    return "\n".join(lines)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
