"""`python -m bench`: measure rows, keep the raw samples as JSON, print the table."""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from bench.attachments import measure_p11
from bench.attack import ASKED as ATTACKED
from bench.attack import line_of_attack, measure_attack
from bench.ingest import measure_p5, measure_p6
from bench.lists import line_of_lists, measure_p9
from bench.relationships import measure_p12
from bench.replay import measure_p7, measure_p10_memory, measure_p10_rate, measure_p10_start
from bench.rows import Measured, Servers, Sizes, measure_p1, measure_p4, measure_p13
from bench.table import Asked, Line, as_text, line_of_delays, line_of_rates, line_of_shares
from infra.servers.choose import kafka_server, postgres_server

RESULTS = Path(__file__).parent / "results"
QUICK = Sizes(
    bulk_rows=500,
    rows_a_command=250,
    messages=1_000,
    seconds=2,
    repeats=1,
    resync_rows=1_000,
    grown_events=40_000,
    grown_items=10_000,
    attachment_mib=64,
)


Measure = Callable[[Servers, Sizes], Measured]
MakeLine = Callable[[Asked, Measured], Line]


@dataclass(frozen=True)
class Row:
    """How a row is measured, what is asked of it, and how its line is made."""

    measure: Measure
    asked: Asked
    line: MakeLine


_ALL = (
    Row(
        measure_p1,
        Asked("P1", "events/s, command to both sides durable and in the partner's read model", 0.7, 2.0),
        line_of_rates,
    ),
    Row(
        measure_p4,
        Asked("P4", "added p99 at 100 commands/s, answer to visible at the partner", 25.0, 5.0),
        line_of_delays,
    ),
    Row(
        measure_p5,
        Asked("P5", "64 concurrent single commands beside `Application.save`, PostgreSQL", 5.0, 15.0),
        line_of_rates,
    ),
    Row(
        partial(measure_p6, "postgresql"),
        Asked("P6", "100 entries a call beside `insert_events`, PostgreSQL", 1.5, 3.0),
        line_of_rates,
    ),
    Row(
        partial(measure_p6, "sqlite"),
        Asked("P6s", "100 entries a call beside `insert_events`, SQLite", 0.7, 0.9),
        line_of_rates,
    ),
    Row(
        measure_p7,
        Asked("P7", "verified replay on one core beside a raw scan and `json.loads`", 0.3, 1.4),
        line_of_rates,
    ),
    Row(
        measure_p9,
        Asked("P9", "p95 of lists and timelines at 1,000,000 items beside 10,000, the worst kind", 1.3, 1.1),
        line_of_lists,
    ),
    Row(
        measure_p10_rate,
        Asked("P10r", "rate at the millionth event beside the first ten thousand", 0.9, 0.95),
        line_of_rates,
    ),
    Row(
        measure_p10_start,
        Asked("P10s", "start-up (s) at a million events beside ten thousand", 2.0, 1.2),
        line_of_shares,
    ),
    Row(
        measure_p10_memory,
        Asked("P10m", "memory (MiB) of a full replay of a million beside a hundred thousand", 1.1, 1.02),
        line_of_shares,
    ),
    Row(
        measure_p11,
        Asked("P11", "MiB/s of an upload of 1 GiB until it is durable beside a bare copy with fsync", 0.7, 0.95),
        line_of_rates,
    ),
    Row(
        measure_p12,
        Asked("P12", "events/s of one gateway with 50 partners beside one with a single partner", 0.8, 0.95),
        line_of_rates,
    ),
    Row(
        measure_p13,
        Asked("P13", "resync after the broker lost everything beside P1's rate", 0.7, 1.2),
        line_of_rates,
    ),
    Row(measure_attack, ATTACKED, line_of_attack),
)
ROWS = {row.asked.row: row for row in _ALL}


def main() -> int:
    """Measure what is asked for and print it, met or missed."""
    asked = _arguments()
    sizes = QUICK if asked.quick else Sizes()
    sizes = sizes if asked.repeats is None else replace(sizes, repeats=asked.repeats)
    measured: dict[str, Measured] = {}
    with kafka_server() as broker, postgres_server() as postgres:
        for row in asked.rows:
            print(f"measuring {row} ...", file=sys.stderr, flush=True)
            measured[row] = ROWS[row].measure(Servers(broker, postgres), sizes)
    lines = [ROWS[row].line(ROWS[row].asked, samples) for row, samples in measured.items()]
    kept = _keep(measured, lines, sizes)
    print(as_text(lines))
    print(f"raw samples: {kept}", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; all by default")
    parser.add_argument("--repeats", type=int, help="how often each row is measured")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast it is")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.rows) - ROWS.keys()):
        parser.error(f"unknown: {', '.join(unknown)}; try: {', '.join(ROWS)}")
    asked.rows = asked.rows or list(ROWS)
    return asked


def _keep(measured: dict[str, Measured], lines: list[Line], sizes: Sizes) -> Path:
    RESULTS.mkdir(exist_ok=True)
    at = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    document = {
        "at": at,
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
        "sizes": asdict(sizes),
        "lines": [asdict(line) | {"met": line.met} for line in lines],
        "samples": {row: asdict(samples) for row, samples in measured.items()},
    }
    path = RESULTS / f"{at}.json"
    path.write_text(json.dumps(document, indent=1))
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
