"""Tests that cannot pass by accident: none is skipped, none waits for the clock, none replaces what it tests."""

import ast
import re

from tests.architecture.tracked import definitions, python_files, text_of

FORBIDDEN = re.compile(
    r"pytest\.(skip|xfail|importorskip)|pytest\.mark\.(skip|skipif|xfail)"
    r"|(unittest\.)?mock(\.\w+)*|(Magic|Async)?Mock|time\.sleep|freeze_time"
)
CHECKS = re.compile(
    r"(raises|warns|expect|assert|await_|wait_|until|then|verify|validate|check|fail|should|given|run_state_machine)"
)


def test_no_test_is_skipped_mocked_or_asleep() -> None:
    found = [
        f"{path}:{node.lineno} {name}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Attribute | ast.Name) and FORBIDDEN.fullmatch(name := ast.unparse(node))
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
