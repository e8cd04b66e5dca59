"""`python -m tests.kills --minutes 30`: kill at random for so long, and end with one JSON verdict.

Each round has a fresh pair, with the two kinds of store changed over, and ends with the checker's verdict on it. Exit
code 0: every check of every round held.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.kills.stage.ground import own_servers
from tests.kills.stage.looping import Tell, one_round
from tests.kills.stage.pair import ROLES


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, check, print, and return the exit code."""
    asked = _parser().parse_args(arguments)
    begun = time.monotonic()
    rounds: list[dict[str, Any]] = []
    with own_servers() as ground, tempfile.TemporaryDirectory(prefix="counterfoil-kills-") as folder:
        while (left := 60 * asked.minutes - (time.monotonic() - begun)) > 0:
            number = len(rounds)
            place, on_postgres = Path(folder) / str(number), ROLES[number % 2]
            tell = _teller(number, begun)
            seconds = min(left, asked.round_seconds)
            told = one_round(ground, place, on_postgres, seconds=seconds, seed=asked.seed + number, tell=tell)
            rounds.append(told)
            tell(json.dumps({name: told[name] for name in ("kills", "commands", "drained_seconds", "failed")}))
    document = _summed(asked.seed, rounds)
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    return 0 if document["ok"] else 1


def _summed(seed: int, rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    kills: dict[str, int] = {}
    for told in rounds:
        for name, count in told["kills"].items():
            kills[name] = kills.get(name, 0) + count
    return {
        "ok": all(not told["failed"] for told in rounds),
        "seed": seed,
        "kills": kills,
        "ready_seconds_median": round(median(told["ready_seconds"]["median"] for told in rounds), 2),
        "bare_seconds_median": round(median(told["bare_seconds"] for told in rounds), 2),
        "commands": sum(told["commands"].get("ok", 0) for told in rounds),
        "entries": sum(sum(told["entries"].values()) for told in rounds),
        "drained_seconds_most": max(told["drained_seconds"] for told in rounds),
        "rounds": list(rounds),
    }


def _teller(number: int, begun: float) -> Tell:
    return lambda text: print(f"{time.monotonic() - begun:7.1f} s, round {number}: {text}", file=sys.stderr, flush=True)  # noqa: T201 - progress


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description="Kill gateways and servers at random.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--round-seconds", type=float, default=240.0, help="how long one pair lives")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    return parser


if __name__ == "__main__":
    sys.exit(main())
