"""How a compliance test says what it shows: document, clause and short wording, as the announcement has it."""

from collections.abc import Callable
from typing import TypeVar

from domain.citations import Citation
from tests.compliance.matrix.law import DOCUMENT

CITED = "cited"
"""The attribute of a test that holds its citations."""

Test = TypeVar("Test", bound=Callable[..., object])


def cites(clause: str, *wordings: str, document: str = DOCUMENT) -> Callable[[Test], Test]:
    """Say that a test shows what a clause asks in these words; several clauses: several times."""

    def note(test: Test) -> Test:
        own = tuple(Citation(document, clause, wording) for wording in wordings)
        setattr(test, CITED, own + citations_of(test))
        return test

    return note


def citations_of(test: object) -> tuple[Citation, ...]:
    """Return what a test cites."""
    cited: tuple[Citation, ...] = getattr(test, CITED, ())
    return cited
