"""Evidence: every entry that a shown body names, by journal, position and leaf, is shown too (formats.md 9).

At first only positions are noted, a byte for each entry. Leaves are compared in a second reading, and only of entries
that are named and not shown: in a good bundle next to none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from events.bundle.checking.completeness import MAX_OPEN, Completeness, is_erasable
from events.bundle.checking.tables import JournalTable
from events.bundle.entry_lines import ShownEntry
from events.bundle.evidence import entries_named
from events.bundle.faults import BundleError
from events.bundle.layout import entries_file
from events.encoding.base64 import encode_base64
from events.encoding.entry import Head
from events.encoding.identifiers import Role
from events.errors import EntryError

ReadAgain = Callable[[], Iterator[ShownEntry]]
"""Yields the entries of both journals once more, after they were proved."""


@dataclass(slots=True)
class EvidenceCheck:
    """Takes every shown entry; `settle` asks that what they name as evidence is shown too."""

    sizes: dict[Role, int]
    _named: dict[Role, bytearray] = field(init=False)

    def __post_init__(self) -> None:
        self._named = {role: bytearray(size) for role, size in self.sizes.items()}

    def take(self, body: Mapping[str, Any]) -> None:
        """Take the body of the next shown entry, decoded."""
        for named in entries_named(body):
            if named.position < self.sizes[named.role]:
                self._named[named.role][named.position] = 1

    def settle(self, read_again: ReadAgain, completeness: Completeness) -> None:
        """Ask that every entry that is named by its leaf is shown, or excused.

        Raises:
            BundleError: `evidence.body_missing`, at the entry that is missing.
        """
        missing = {role: self._missing(completeness.tables[role]) for role in Role}
        if not any(missing.values()):
            return
        leaves = {
            (entry.role, entry.position): encode_base64(entry.leaf)
            for entry in read_again()
            if entry.position in missing[entry.role] and not _is_excused(entry, completeness)
        }
        for entry in read_again():
            for named in entries_named(entry.naming):
                if leaves.get((named.role, named.position)) == named.leaf:
                    detail = f"{entry.role.value} {entry.position} names it as evidence; its body is not in the bundle"
                    file = entries_file(named.role)
                    raise BundleError("evidence.body_missing", file, detail, position=named.position)

    def _missing(self, table: JournalTable) -> set[int]:
        named, found = self._named[table.role], set[int]()
        place = named.find(1)
        while place >= 0 and len(found) <= MAX_OPEN:
            if not table.is_shown(place):
                found.add(place)
            place = named.find(1, place + 1)
        if len(found) > MAX_OPEN:
            detail = f"more than {MAX_OPEN} entries that others name are not shown"
            raise BundleError("evidence.body_missing", entries_file(table.role), detail, position=min(found))
        return found


def _is_excused(entry: ShownEntry, completeness: Completeness) -> bool:
    try:
        erasable = entry.head is not None and is_erasable(Head.parse(entry.head))
    except EntryError:
        erasable = False
    return completeness.is_excused(entry.role, entry.position, entry.leaf, erasable=erasable)
