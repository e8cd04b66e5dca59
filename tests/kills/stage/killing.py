"""Deaths at named steps: each side has its own list of them and dies of one after the other, under load."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from services.gateway.ports.steps import Step
from tests.kills.stage.broker import lose_unread
from tests.kills.stage.gateways import Death
from tests.kills.stage.pair import ROLES, Pair, Side, other

REACH_SECONDS = 15.0  # in which a step is reached under load, as this machine counts them, or it counts as missed
NOMINAL_BARE_SECONDS = 0.45  # what `BARE` takes on the machine that the two seconds were written for
BARE = "import fastapi, sqlalchemy"
TELLING = (
    Step.BEFORE_COMMIT,
    Step.PAGE_WRITTEN,
    Step.AFTER_COMMIT,
    Step.POSITION_KEPT,
    Step.PAGES_PUBLISHED,
    Step.ROWS_FOLDED,
    Step.RECEIPT_SIGNED,
    Step.REQUEST_PUBLISHED,
)
"""The steps at which most would go wrong; a short run takes these."""


RARE = (Step.REQUEST_PUBLISHED, Step.RECEIPT_TAKEN)  # steps that take their time to come again
Deaths = dict[str, list[Death]]  # by role


def steps_of(cycles: int) -> Sequence[Step]:
    """Return the steps at which so many deaths happen."""
    return TELLING if cycles < 2 * len(Step) else list(Step)


def deaths_for(cycles: int, seed: int) -> dict[str, Deaths]:
    """Return which side dies where, `cycles` deaths in all, every step equally often.

    A few deaths are of one pair, the holder on PostgreSQL; many are of two, which have the stores changed over.
    """
    chance = random.Random(seed)  # noqa: S311 - repeats itself, and guards nothing
    steps, is_short = steps_of(cycles), cycles < 2 * len(Step)
    found: dict[str, Deaths] = {
        on_postgres: {role: [] for role in ROLES} for on_postgres in (ROLES[:1] if is_short else ROLES)
    }
    places = [(on_postgres, role) for on_postgres in found for role in ROLES]
    for number in range(cycles):
        on_postgres, role = places[number % len(places)]
        step = steps[(number if is_short else number // len(places)) % len(steps)]
        found[on_postgres][role].append(Death(step, 1 if step in RARE else chance.randint(1, 3)))
    for deaths in found.values():
        for each in deaths.values():
            chance.shuffle(each)
    return found


class Killing:
    """Kills both sides of a pair at their steps, each side on its own; what was reached is counted."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self.died: Counter[tuple[str, str]] = Counter()  # by role and step
        self.missed: Counter[tuple[str, str]] = Counter()
        self.failures: list[str] = []
        self.bare: list[float] = []

    def run(self, deaths: Mapping[str, Sequence[Death]]) -> None:
        """Die of all; both sides are alive again in the end, each as soon as it has died of all of its own."""
        sides = [
            threading.Thread(target=self._run, args=(self._pair.sides[role], deaths[role]), name=f"killer of {role}")
            for role in ROLES
        ]
        self.bare.append(bare_seconds())
        for side in sides:
            side.start()
        while any(side.is_alive() for side in sides):
            self.bare.append(bare_seconds())
            for side in sides:
                side.join(3.0)
        assert not self.failures, "; ".join(self.failures)

    @property
    def cycles(self) -> int:
        return sum(self.died.values()) + sum(self.missed.values())

    def _run(self, side: Side, deaths: Sequence[Death]) -> None:
        try:
            for death in deaths:
                self._cycle(side, death)
            side.process.kill()
            side.process.start()  # the other side may still have deaths that it cannot reach alone
            assert side.process.await_ready(), side.process.log_end()
        except Exception as failure:  # noqa: BLE001 - told by the thread that waits
            self.failures.append(f"{side.role}: {type(failure).__name__}: {failure}")

    def _cycle(self, side: Side, death: Death) -> None:
        side.process.kill()
        if death.step == Step.REQUEST_PUBLISHED:
            lose_unread(self._pair.broker, self._pair.topic(other(side.role)))
        side.process.start(death)
        patience = REACH_SECONDS * slowness(self.bare)
        reached = not side.process.await_ready() or side.process.await_death(patience)
        if reached:
            assert side.process.died_by == -signal.SIGKILL, f"{death}: {side.process.died_by} {side.process.log_end()}"
        (self.died if reached else self.missed)[side.role, death.step] += 1


def bare_seconds() -> float:
    """Measure how long this machine takes now for the least that any such process does."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    return time.monotonic() - begun


def two_seconds_here(bare: Sequence[float]) -> float:
    """Return the two seconds as this machine counts them now."""
    return 2.0 * slowness(bare)


def slowness(bare: Sequence[float]) -> float:
    """Return how much slower this machine is now than the one that the two seconds were written for, at least 1."""
    return max(1.0, median(bare) / NOMINAL_BARE_SECONDS)
