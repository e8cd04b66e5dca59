"""Kills at random: each gateway 200 to 800 ms after each time it became ready, now and then broker or database."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from infra.servers.native_kafka import NativeKafka
from infra.servers.native_postgres import NativePostgres
from tests.kills.stage.gateways import PATIENCE_SECONDS, pause
from tests.kills.stage.ground import Ground, start_again
from tests.kills.stage.killing import bare_seconds
from tests.kills.stage.pair import ROLES, Pair, Side
from tests.kills.stage.verdict import settled

LIVES = (0.2, 0.8)  # seconds after each time it became ready
SERVERS = (4.0, 12.0)  # seconds between two ends of a server
DOWN = (0.0, 3.0)  # seconds that a server stays away

Tell = Callable[[str], None]


class Loop:
    """Kills everything of one pair at random until told to stop; then all of it runs again."""

    def __init__(self, pair: Pair, ground: Ground, seed: int) -> None:
        self._pair, self._ground, self._seed = pair, ground, seed
        self._ending = threading.Event()
        self.kills: Counter[str] = Counter()
        self.unready: Counter[str] = Counter()  # starts that ended before they were ready, for the database was away
        self.server_starts: list[float] = []
        self.bare: list[float] = []
        self.failures: list[str] = []

    def run(self, seconds: float, tell: Tell = lambda _: None) -> None:
        """Kill for so long, and start everything again."""
        works = [partial(self._kill_gateway, side) for side in self._pair.sides.values()]
        threads = [
            threading.Thread(target=self._guarded, args=(work, random.Random(f"{self._seed} {number}")))  # noqa: S311 - repeats itself
            for number, work in enumerate([*works, self._kill_servers])
        ]
        end = time.monotonic() + seconds
        for thread in threads:
            thread.start()
        while time.monotonic() < end and not self.failures:
            self.bare.append(bare_seconds())
            tell(f"{dict(self.kills)}")
            self._ending.wait(min(10.0, max(0.0, end - time.monotonic())))
        self._ending.set()
        for thread in threads:
            thread.join(3 * PATIENCE_SECONDS)
        assert not self.failures, "; ".join(self.failures)
        self._ground.mend()
        self._pair.start()

    def starts(self) -> Sequence[float]:
        """The seconds of each start of a gateway until it was ready."""
        return sorted(seconds for side in self._pair.sides.values() for seconds in side.process.starts)

    def _guarded(self, work: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            work(chance)
        except Exception as failure:  # noqa: BLE001 - told by the thread that waits
            self.failures.append(f"{type(failure).__name__}: {failure}")

    def _kill_gateway(self, side: Side, chance: random.Random) -> None:
        while not self._ending.wait(chance.uniform(*LIVES)):
            side.process.kill()
            self.kills[side.role] += 1
            self._start(side)

    def _start(self, side: Side) -> None:
        """Start it, again and again as a supervisor does while its database is away."""
        deadline = time.monotonic() + 3 * PATIENCE_SECONDS
        side.process.start()
        while not side.process.await_ready():
            assert time.monotonic() < deadline, side.process.log_end()
            self.unready[side.role] += 1
            pause(0.2)
            side.process.start()

    def _kill_servers(self, chance: random.Random) -> None:
        left: list[NativeKafka | NativePostgres] = []  # none waits longer for its turn than three ends
        while not self._ending.wait(chance.uniform(*SERVERS)):
            left = left or chance.sample([self._ground.broker, self._ground.postgres, self._ground.postgres], 3)
            server = left.pop()
            immediate = chance.random() < 0.5
            name = "broker" if isinstance(server, NativeKafka) else "database, immediate" if immediate else "database"
            if name == "database, immediate":
                self._ground.end_postgres(signal.SIGQUIT)
            else:
                server.kill()
            self.kills[name] += 1
            self._ending.wait(chance.uniform(*DOWN))
            self.server_starts.append(start_again(server))


def one_round(
    ground: Ground, folder: Path, on_postgres: str, *, seconds: float, seed: int, tell: Tell = lambda _: None
) -> dict[str, Any]:
    """Kill everything of a fresh pair at random for so long; return what was done and what the checker says of it."""
    with ground.pair(folder, on_postgres) as (pair, load):
        loop = Loop(pair, ground, seed)
        with load.running():
            loop.run(seconds, lambda text: tell(f"{text} {dict(load.outcomes)}"))
            answered = load.answered
        outcome = settled(pair, load)
    starts = loop.starts()
    return {
        "stores": {role: "postgresql" if role == on_postgres else "sqlite" for role in ROLES},
        "kills": dict(loop.kills),
        "unready": dict(loop.unready),
        "ready_seconds": {"median": round(median(starts), 2), "most": round(starts[-1], 2), "starts": len(starts)},
        "bare_seconds": round(median(loop.bare), 2),
        "commands": outcome.document["counts"]["commands"],
        "answered_between_kills": answered,
        "unanswered": dict(load.unanswered),
        "told": {"stories": load.story.times, "steps": len(load.story.told)},
        "refused": dict(load.refused),
        "entries": outcome.document["counts"]["entries"],
        "drained_seconds": round(outcome.drained_seconds, 1),
        "failed": outcome.failed,
        "checks": {name: check["examined"] for name, check in outcome.document["checks"].items()},
    }
