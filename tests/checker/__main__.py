"""`python -m tests.checker --mah STORE_URL --cmo STORE_URL`: one verdict.

Exit code 1 when a check failed, 2 when none could be made.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.checker.run import check_stores
from tests.checker.stores.database import UnreadableError

HELD, FAILED, IMPOSSIBLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, print, and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        verdict = check_stores(
            asked.mah, asked.cmo, asked.client_log, asked.wire, asked.relationship, wire_forgot=asked.wire_forgot
        )
    except (UnreadableError, OSError, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return IMPOSSIBLE
    document = verdict.document()
    if asked.json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(document))
    return HELD if verdict.ok else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.checker", description="Check that two stores converged.")
    parser.add_argument("--mah", required=True, metavar="STORE_URL", help="sqlite:///FILE or postgresql://...")
    parser.add_argument("--cmo", required=True, metavar="STORE_URL")
    parser.add_argument("--client-log", nargs="+", type=Path, default=[], metavar="FILE", help="JSON lines (README.md)")
    parser.add_argument("--wire", metavar="WIRE", help="embedded:FILE or kafka:HOST:PORT")
    parser.add_argument("--wire-forgot", action="store_true", help="it lost or reordered records on purpose")
    parser.add_argument("--relationship", metavar="MAH/CMO", help="needed where the stores share several")
    parser.add_argument("--json", action="store_true", help="the whole verdict as one JSON object")
    return parser


def _lines(document: dict[str, Any]) -> list[str]:
    lines = []
    for name, check in document["checks"].items():
        state = "ok    " if check["ok"] else "FAILED"
        lines.append(f"{name:4}{state}{check['examined']:>9}  {check['what']}")
        lines += [f"      {json.dumps(example, ensure_ascii=False)}" for example in check["counterexamples"]]
    lines += [f"{name:4}not checked: {why}" for name, why in document["not_checked"].items()]
    return [*lines, json.dumps(document["counts"], ensure_ascii=False)]


if __name__ == "__main__":
    sys.exit(main())
