"""Tests that cannot pass by accident: none is skipped, none waits for the clock, none replaces what it tests."""

import ast
import re

from tests.architecture.tracked import definitions, python_files, text_of

# With brackets, so that this file is not found by its own search.
FORBIDDEN = re.compile(
    r"pytest\.sk(ip)|mark\.(sk(ip)|xf(ail))|impor(torskip)|Magic(Mock)|\bMo(ck)\(|mock\.(patch)|time\.(sleep)\(|freeze(_time)"
    r"|assert (True)\b"
)
CHECKS = re.compile(r"(raises|warns|expect|assert|verify|check|fail|should|given|then|run_state_machine)")


def test_no_test_is_skipped_mocked_or_asleep() -> None:
    found = [
        f"{path}: {line.strip()}"
        for path in python_files("tests")
        for line in text_of(path).splitlines()
        if FORBIDDEN.search(line)
    ]

    assert found == []


def test_every_test_can_fail() -> None:
    found = [
        f"{path}: {name}"
        for path in python_files("tests")
        for name, node in definitions(path)
        if name.split(".")[-1].startswith("test_") and not _checks(node)
    ]

    assert found == []


def _checks(node: ast.AST) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Assert):
            return True
        if isinstance(part, ast.Call) and CHECKS.match(ast.unparse(part.func).split(".")[-1]):
            return True
    return False
