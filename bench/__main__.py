"""`python -m bench`: measure rows, keep the raw samples as JSON, print the table."""

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from bench.rows import Measured, Servers, Sizes, measure_p1, measure_p4
from bench.table import Line, as_text, line_p1, line_p4
from infra.servers.choose import kafka_server, postgres_server

RESULTS = Path(__file__).parent / "results"
ROWS = {"P1": (measure_p1, line_p1), "P4": (measure_p4, line_p4)}
QUICK = Sizes(bulk_rows=500, rows_a_command=250, messages=1_000, seconds=2, repeats=1)


def main() -> int:
    """Measure what is asked for and print it, met or missed."""
    asked = _arguments()
    sizes = QUICK if asked.quick else Sizes()
    sizes = sizes if asked.repeats is None else replace(sizes, repeats=asked.repeats)
    measured: dict[str, Measured] = {}
    with kafka_server() as broker, postgres_server() as postgres:
        for row in asked.rows:
            print(f"measuring {row} ...", file=sys.stderr, flush=True)
            measured[row] = ROWS[row][0](Servers(broker, postgres), sizes)
    lines = [ROWS[row][1](samples) for row, samples in measured.items()]
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
