"""The files of the project: what git tracks, and what it would track."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ROOMS = ("domain", "events", "infra", "services")


@cache
def tracked() -> tuple[Path, ...]:
    """Return all files, relative to the project's folder."""
    command = ["git", "-C", str(PROJECT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return tuple(sorted(path for name in listed.split("\0") if name and (path := Path(name)).name and exists(path)))


def exists(path: Path) -> bool:
    return (PROJECT / path).is_file()


def text_of(path: Path) -> str:
    """Return a file's text; what is not UTF-8 shows as replacement characters."""
    return (PROJECT / path).read_text("utf-8", "replace")


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below these folders of the top level, all without any."""
    return [path for path in tracked() if path.suffix == ".py" and (not folders or path.parts[0] in folders)]


def definitions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """Yield every function and class of a file with its dotted name; what is local to a function is left out."""
    yield from _definitions(ast.parse(text_of(path)), "")


def _definitions(
    scope: ast.Module | ast.ClassDef, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _definitions(node, f"{prefix}{node.name}.")
