"""A journal as one store holds it, read from its bytes: lines, leaves and roots are computed, never taken over."""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.checker.form.lines import Line, read_line
from tests.checker.form.tree import Roots, roots_of
from tests.checker.stores.rows import EntryRow, JournalRows, PageRow

REFUSED = "entry.refused.v1"
ERASED = "body.erased.v1"


@dataclass(frozen=True, slots=True)
class Held:
    """An entry with its row and what its bytes say."""

    row: EntryRow
    line: Line

    @property
    def position(self) -> int:
        """Return its place."""
        return self.row.position

    @property
    def accepted(self) -> bool:
        """Tell whether the store's verdict is that it stands."""
        return self.row.code is None and self.line.head is not None

    @property
    def subject(self) -> str:
        """Return what it is about, empty where the head is malformed."""
        return self.line.head["subject"] if self.line.head is not None else ""


@dataclass(slots=True)
class Journal:
    """One journal in one store."""

    role: str
    origin: str
    rows: JournalRows
    entries: list[Held] = field(default_factory=list)
    at: dict[int, Held] = field(default_factory=dict)
    by_leaf: dict[bytes, Held] = field(default_factory=dict)
    roots: Roots = field(default_factory=Roots)

    @property
    def size(self) -> int:
        """Return how many entries are held."""
        return len(self.entries)

    def root(self, size: int) -> bytes | None:
        """Return the root at a size, None beyond the end."""
        if size not in self.roots.at and size <= self.size:
            self.roots.at |= roots_of(self._leaves[:size], {size}).at
        return self.roots.at.get(size)

    def page_end(self, position: int) -> int | None:
        """Return the local sequence at which the page of an entry was whole, None where there is no such page."""
        place = bisect_right(self.rows.pages, position, key=_first) - 1
        page = self.rows.pages[place] if place >= 0 else None
        return page.sequence if page is not None and position < page.size else None

    def accepted(self, *types: str) -> list[Held]:
        """Return the accepted entries, of some types if any are named."""
        return [held for held in self.entries if held.accepted and (not types or held.line.type in types)]

    @property
    def _leaves(self) -> list[bytes]:
        return [held.line.leaf for held in self.entries]

    @classmethod
    def read(cls, role: str, origin: str, rows: JournalRows, sizes: Collection[int]) -> "Journal":
        """Read a journal; roots are computed at its page boundaries and at the sizes named."""
        journal = cls(role, origin, rows, _read_entries(rows.entries))
        journal.at = {held.position: held for held in journal.entries}
        journal.by_leaf = {held.line.leaf: held for held in journal.entries}
        boundaries = {page.size for page in rows.pages} | {journal.size}
        journal.roots = roots_of(journal._leaves, boundaries | set(sizes))
        return journal


def places_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a body or an answer that names an entry by position and leaf."""
    if type(value) is dict:
        if type(value.get("position")) is int and type(value.get("leaf")) is str:
            yield value
        for member in value.values():
            yield from places_in(member)
    elif type(value) is list:
        for member in value:
            yield from places_in(member)


def _first(page: PageRow) -> int:
    return page.first


def _read_entries(rows: list[EntryRow]) -> list[Held]:
    entries = [Held(row, read_line(row.head, row.body)) for row in rows]
    erasures = [held.line.body for held in entries if held.line.type == ERASED and held.accepted]
    erased = {body.get("position") for body in erasures if body is not None}
    return [
        Held(held.row, read_line(held.row.head, None, erased=True))
        if held.row.body is None and held.position in erased
        else held
        for held in entries
    ]
