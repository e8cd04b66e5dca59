"""Imports run one way, and each outside library stays in the room it belongs to (pyproject.toml, importlinter)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tracked import PROJECT, python_files, text_of

# Libraries that one place alone may import, so that whatever they do wrong is dealt with there.
ALONE = {
    "kafka": "infra/wire/kafka",
    "python_calamine": "infra/spreadsheets",
    "holidays": "infra/calendar",
    "testcontainers": "infra/servers/docker.py",
}


def imported(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module)
    return modules


def test_the_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).parent / "lint-imports"

    said = subprocess.run([str(linter), "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("library", sorted(ALONE))
def test_a_library_stays_in_its_place(library: str) -> None:
    users = [path.as_posix() for path in python_files("domain", "events", "infra", "services")]
    users = [path for path in users if any(name.split(".")[0] == library for name in imported(Path(path)))]

    assert [path for path in users if not path.startswith(ALONE[library])] == []


def test_infra_knows_no_port_of_the_engine() -> None:
    found = [path for path in python_files("infra") if any(name.startswith("services") for name in imported(path))]

    assert found == []


def test_the_pure_rooms_read_no_clock_and_no_chance() -> None:
    impure = {"time", "random", "secrets", "socket", "subprocess", "threading", "asyncio", "tempfile", "urllib.request"}

    found = {path.as_posix(): sorted(imported(path) & impure) for path in python_files("domain", "events")}

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("name", ["mah_gateway", "cmo_gateway"])
def test_a_profile_is_data_and_a_main(name: str) -> None:
    files = [path for path in python_files("services") if path.parts[1] == name]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While)

    assert {path.name for path in files} == {"__init__.py", "__main__.py", "profile.py"}
    assert [path for path in files if any(isinstance(node, kinds) for node in ast.walk(ast.parse(text_of(path))))] == []
