"""What the announcement asks and this product does not do yet: a table, so that the matrix hides nothing.

Each line names the kinds of subjects that would bring it; once the catalogue has one of them, the line is out of date.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.citations import Citation
from events.catalogue.registry import all_event_types
from tests.compliance.matrix.law import DOCUMENT


@dataclass(frozen=True, slots=True)
class Gap:
    """A demand that nothing answers yet, in words, and the kinds of subjects that would."""

    cited: Citation
    what: str
    kinds: frozenset[str]

    @property
    def built(self) -> frozenset[str]:
        """The kinds that the catalogue has all the same."""
        return self.kinds & {type_.subject_kind for type_ in all_event_types()}


@cache
def gaps() -> tuple[Gap, ...]:
    """Return the table, in the order of the clauses."""
    kept = json.loads(Path(__file__).with_name("not_yet_built.json").read_text("utf-8"))
    return tuple(
        Gap(Citation(DOCUMENT, line["clause"], line["wording"]), line["what"], frozenset(line["kinds"]))
        for line in kept
    )
