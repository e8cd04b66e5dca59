"""`python -m tests.compliance` runs the compliance tests and prints clause -> rule -> event -> endpoint -> test.

Exit code 1 when a test fails or something in the matrix is wrong: a rule of law that no test made run, or a wording
that the announcement has not. `--json`: in full; `--cited`: by what the tests cite, without running them.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from io import StringIO

import pytest

from tests.architecture.tracked import PROJECT
from tests.compliance.matrix.collected import files
from tests.compliance.matrix.faults import faults
from tests.compliance.matrix.law import DOCUMENT
from tests.compliance.matrix.printed import printed, summed_up
from tests.compliance.matrix.ran import RAN
from tests.compliance.matrix.table import Line, Matrix

HELD, FAILED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests, print the matrix, and return the exit code."""
    asked = _parser().parse_args(arguments)
    failed = None if asked.cited else _run()
    matrix = Matrix(None if asked.cited else RAN)
    wrong = faults(matrix)
    if failed is not None:
        sys.stderr.write(failed)
        wrong.append("the compliance tests do not pass")
    return tell(matrix.lines(), wrong, as_json=asked.json)


def tell(lines: Sequence[Line], wrong: Sequence[str], *, as_json: bool = False) -> int:
    """Print lines and what is wrong with them, and return the exit code."""
    if as_json:
        told = {"document": DOCUMENT, "ok": not wrong, "lines": [asdict(line) for line in lines], "faults": [*wrong]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in (DOCUMENT, *printed(lines), "", summed_up(lines)))
        sys.stderr.writelines(f"error: {fault}\n" for fault in wrong)
    return FAILED if wrong else HELD


def _run() -> str | None:
    """Run the compliance tests in this process, and return what was said if one fails."""
    said = StringIO()
    with redirect_stdout(said):
        code = pytest.main(["-q", "-p", "no:cacheprovider", *(str(PROJECT / path) for path in files())])
    return None if code == pytest.ExitCode.OK else said.getvalue()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.compliance", description="Show which rule and test answers to which clause."
    )
    parser.add_argument("--json", action="store_true", help="every line with all names, and what is wrong, as JSON")
    parser.add_argument("--cited", action="store_true", help="by what the tests cite, without running them")
    return parser


if __name__ == "__main__":
    sys.exit(main())
