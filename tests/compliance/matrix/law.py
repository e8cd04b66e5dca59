"""The announcement's text, and where in it a cited wording stands.

A wording may leave words out (`...`) and begins in either case; nothing else may differ from the text.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from domain.citations import Citation

DOCUMENT = "NMPA 134/2025"
OMISSION = "..."

Passage = range
"""A part of a clause's text, by its characters."""


@dataclass(frozen=True, eq=False)
class Law:
    """A document and its clauses in their order: the text of each by its number, such as `(V)`."""

    document: str
    clauses: dict[str, str]

    @cache  # noqa: B019 - there is one law, and it is kept
    def passages(self, cited: Citation) -> tuple[Passage, ...]:
        """Return where the wording stands in its clause, one passage for each part; nothing if it does not."""
        text = self.clauses.get(cited.clause, "").lower()
        if cited.document != self.document or not cited.wording.strip(" ."):
            return ()
        found = list(_passages(text, cited.wording.lower().split(OMISSION)))
        is_in_order = all(before.stop <= after.start for before, after in pairwise(found))
        return tuple(found) if all(found) and is_in_order else ()

    def knows(self, cited: Citation) -> bool:
        """Tell whether the clause says this."""
        return bool(self.passages(cited))

    def meet(self, one: Citation, other: Citation) -> bool:
        """Tell whether two citations share words of one clause."""
        if one.clause != other.clause:
            return False
        pairs = ((mine, theirs) for mine in self.passages(one) for theirs in self.passages(other))
        return any(max(mine.start, theirs.start) < min(mine.stop, theirs.stop) for mine, theirs in pairs)


@cache
def law() -> Law:
    """Return the announcement as it is kept beside this module."""
    kept = json.loads(Path(__file__).with_name("law.json").read_text("utf-8"))
    return Law(kept["document"], {clause: "\n".join(parts) for clause, parts in kept["clauses"].items()})


def _passages(text: str, parts: Iterable[str]) -> Iterable[Passage]:
    """Return where each part stands behind the one before; an empty passage for one that does not."""
    after = 0
    for part in parts:
        wanted = part.strip()
        start = text.find(wanted, after)
        yield range(start, start + len(wanted)) if start >= 0 and wanted else range(0)
        after = max(after, start + len(wanted))
