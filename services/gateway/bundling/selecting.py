"""Which bodies a bundle shows: entries in scope, and whatever those name as evidence, and so on.

Kept is one byte for each entry of the journals, and the references that were not followed yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from events.bundle.entry_lines import ShownEntry
from events.bundle.evidence import entries_named
from events.bundle.scope import Scope
from events.encoding.base64 import encode_base64
from events.encoding.entry import Head, names_body
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import check_whole
from services.gateway.ports.store import JournalReading

ENTRIES_AT_ONCE = 128  # each of 136 KiB at most


def journal_entries(reading: JournalReading, relationship: int, role: Role, size: int) -> Iterator[StoredEntry]:
    """Yield the entries of a journal up to a size, some at a time.

    Raises:
        StoreDamagedError: an entry is not as it was signed.
    """
    for start in range(0, size, ENTRIES_AT_ONCE):
        for entry in reading.entries(relationship, role, start, min(ENTRIES_AT_ONCE, size - start)):
            check_whole(entry)
            yield entry


def shown_entry(entry: StoredEntry, *, with_body: bool) -> ShownEntry:
    """Return an entry as a bundle shows it; a body that its head does not name is proved by nothing and left out."""
    body = entry.body if with_body and entry.body is not None and names_body(entry.head, entry.body) else None
    return ShownEntry(entry.role, entry.position, entry.head, body, entry.leaf)


@dataclass(slots=True)
class Selection:
    """The bodies of one bundle, by role and position; `sizes` are those of the journals."""

    scope: Scope
    sizes: Mapping[Role, int]
    _shown: dict[Role, bytearray] = field(init=False)
    _waiting: list[tuple[Role, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        whole = b"\1" if self.scope.stated.is_whole else b"\0"
        self._shown = {role: bytearray(whole * self.sizes[role]) for role in Role}

    def shows(self, role: Role, position: int) -> bool:
        """Tell whether the body of an entry is shown."""
        return bool(self._shown[role][position])

    def run(self, reading: JournalReading, relationship: int) -> None:
        """Find all of them.

        Raises:
            StoreDamagedError: an entry is not as it was signed.
        """
        if self.scope.stated.is_whole:
            return
        for role in Role:
            for entry in journal_entries(reading, relationship, role, self.sizes[role]):
                if not self.shows(role, entry.position) and self._is_in_scope(entry):
                    self._show(entry)
                self._follow(reading, relationship)

    def _is_in_scope(self, entry: StoredEntry) -> bool:
        try:
            return self.scope.holds(Head.parse(entry.head))
        except EntryError:
            return False

    def _show(self, entry: StoredEntry) -> None:
        self._shown[entry.role][entry.position] = 1
        for named in entries_named(shown_entry(entry, with_body=True).naming):
            if named.position < self.sizes[named.role] and not self.shows(named.role, named.position):
                self._waiting.append((named.role, named.position, named.leaf))

    def _follow(self, reading: JournalReading, relationship: int) -> None:
        """Show what is named by its leaf, and what that names."""
        while self._waiting:
            named, self._waiting = self._waiting[:ENTRIES_AT_ONCE], self._waiting[ENTRIES_AT_ONCE:]
            for role in Role:
                leaves = {(position, leaf) for of, position, leaf in named if of is role}
                self._show_named(reading.entries_at(relationship, role, {position for position, _ in leaves}), leaves)

    def _show_named(self, entries: Iterable[StoredEntry], named: set[tuple[int, str]]) -> None:
        for entry in entries:
            check_whole(entry)
            is_named = (entry.position, encode_base64(entry.leaf)) in named
            if is_named and not self.shows(entry.role, entry.position):
                self._show(entry)
