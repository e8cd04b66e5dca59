"""What the gateway knows of files: who names one, and whether it is here.

Which files are named is read from the store behind its commits; every question catches up first, so that an answer
never lags behind what was committed before it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from events.encoding.identifiers import Role
from events.stored.files import NamedFile, Progress
from services.gateway.attachments.naming import files_named
from services.gateway.ports.blobs import Blobs, FileNames
from services.gateway.ports.store import Reading, Store

_ENTRIES = 64  # looked at in one step: their bodies are in memory together


@dataclass(frozen=True, slots=True)
class Missing:
    """How many files are named in a relationship and are not here: by the partner's journal, and by the own."""

    of_partner: int
    own: int


class Files:
    """The files of all relationships; `relationship` is the number of a `StoredRelationship`."""

    def __init__(self, store: Store, blobs: Blobs, names: FileNames, last: Callable[[], int] | None = None) -> None:
        """Take where entries, files and names are; `last` tells the last committed sequence without the store."""
        self.blobs = blobs
        self.names = names
        self.version = 0  # another one whenever other files are named
        self._store = store
        self._last = last
        self._reached = -1
        self._lock = Lock()
        self._checked = False

    def holds(self, relationship: int, sha256: str, size: int | None = None) -> bool:
        """Tell whether a file is here, whole, and of the size that is said."""
        if size is None:
            return self.blobs.holds(relationship, sha256)
        return self.blobs.progress(relationship, sha256) == Progress(size, size)

    def missing_among(self, relationship: int, files: Iterable[tuple[str, int]]) -> Sequence[str]:
        """Return which of these files, (SHA-256, size), are not here: what is given up for release must be."""
        return [sha256 for sha256, size in files if not self.holds(relationship, sha256, size)]

    def progress(self, relationship: int, sha256: str) -> Progress:
        """Return how far a file has come."""
        return self.blobs.progress(relationship, sha256)

    def is_named(self, relationship: int, sha256: str) -> bool:
        """Tell whether an accepted entry of either journal of a relationship names a file."""
        return any(self.sizes(relationship, role, sha256) for role in Role)

    def sizes(self, relationship: int, role: Role, sha256: str) -> Collection[int]:
        """Return the sizes that a journal gives for a file; none where it does not name it."""
        found = self.names.sizes(relationship, role, sha256)
        if not found:
            self.catch_up()
            found = self.names.sizes(relationship, role, sha256)
        return found

    def missing(self, relationship: int, own_role: Role) -> Missing:
        """Count the files that are named and not here."""
        self.catch_up()
        of_partner, own = (self.names.count_missing(relationship, role) for role in (own_role.other, own_role))
        return Missing(of_partner, own)

    def note_held(self, relationship: int, sha256: str) -> None:
        """Note that a file has become whole."""
        self.names.mark(relationship, sha256, held=True)

    def catch_up(self) -> None:
        """Take in what the journals name by now."""
        with self._lock:
            if self._last is not None and self._last() <= self._reached:
                return
            while self._follow():
                pass

    def _follow(self) -> bool:
        """Look at the next entries of the store; tell whether there may be more."""
        with self._store.reading() as reading:
            place = self.names.place()
            last = reading.last_sequence()
            if not self._checked:
                place = self._check(reading, place)
            self._reached = place[0]
            if last <= place[0]:
                return False
            entries = reading.naming_files(place[0], _ENTRIES)
            after = entries[-1][1].sequence if len(entries) == _ENTRIES else last
            found = [(number, each) for number, entry in entries for each in files_named(entry)]
            self.names.note((after, _leaf_at(reading, after)), found)
        self._reached = after
        self.version += bool(found)
        for number, each in found:
            if self.blobs.holds(number, each.sha256):
                self.note_held(number, each.sha256)
        return after < last

    def _check(self, reading: Reading, place: tuple[int, bytes]) -> tuple[int, bytes]:
        """See, once, that the store is the one that was looked at, and that what was held is still here."""
        if place[0] and _leaf_at(reading, place[0]) != place[1]:
            self.names.forget()
            place = (0, b"")
        for stored in reading.relationships():
            self._check_held(stored.number)
        self._checked = True
        return place

    def _check_held(self, relationship: int) -> None:
        for sha256 in list(self.names.held(relationship)):
            if not self.blobs.holds(relationship, sha256):
                self.names.mark(relationship, sha256, held=False)
        for role in Role:
            for each in self._all_missing(relationship, role):
                if self.blobs.holds(relationship, each.sha256):
                    self.note_held(relationship, each.sha256)

    def _all_missing(self, relationship: int, role: Role) -> Sequence[NamedFile]:
        return self.names.missing(relationship, role, self.names.count_missing(relationship, role))


def _leaf_at(reading: Reading, sequence: int) -> bytes:
    """Return the leaf of the entry with a local sequence, empty where there is none."""
    found = reading.since(sequence - 1, 1)
    return found[0][1].leaf if found and found[0][1].sequence == sequence else b""
