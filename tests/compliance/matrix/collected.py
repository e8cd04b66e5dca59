"""The compliance tests: every test of `tests/compliance` with what it cites, found by importing them."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path

from domain.citations import Citation
from tests.architecture.tracked import python_files
from tests.compliance.citing import citations_of

FOLDER = ("tests", "compliance")
OF_THE_MATRIX = "test_whole_matrix"
"""The tests of the matrix itself, which show no clause."""


@dataclass(frozen=True, slots=True)
class ComplianceTest:
    """A test by its file and its sentence, and what it cites."""

    module: str
    name: str
    citations: tuple[Citation, ...]

    @property
    def shown(self) -> str:
        """The name as it is printed: file and sentence."""
        return f"{self.module.rpartition('.')[2]}::{self.name}"


def files() -> tuple[Path, ...]:
    """Return the files of the compliance tests, without that of the matrix itself."""
    found = (path for path in python_files("tests") if path.parts[:-1] == FOLDER and path.stem.startswith("test_"))
    return tuple(path for path in found if path.stem != OF_THE_MATRIX)


@cache
def compliance_tests() -> tuple[ComplianceTest, ...]:
    """Return every compliance test, by file and name."""
    modules = [".".join(path.with_suffix("").parts) for path in files()]
    return tuple(
        ComplianceTest(module, name, citations_of(function))
        for module in modules
        for name, function in getmembers(import_module(module), isfunction)
        if name.startswith("test_") and function.__module__ == module
    )
