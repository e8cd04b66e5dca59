"""What later checks need of a journal that was read: its roots by size, and which of its bodies are shown.

Kept small: 40 bytes for a page, one for an entry.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from events.bundle.entry_lines import SHOWN
from events.catalogue.opening import RelationshipOpened
from events.catalogue.protocol import KeyRotated
from events.encoding.identifiers import Role
from events.journal.tree import HASH_BYTES


@dataclass(slots=True)
class JournalTable:
    """One journal as the bundle has it."""

    role: Role
    shown: bytearray = field(default_factory=bytearray)  # one of the three, by position
    opened: RelationshipOpened | None = None
    rotations: list[tuple[int, KeyRotated]] = field(default_factory=list)
    _sizes: "array[int]" = field(default_factory=lambda: array("Q"))
    _roots: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        """The number of entries whose page was proved."""
        return self._sizes[-1] if self._sizes else 0

    @property
    def pages(self) -> int:
        """The number of pages."""
        return len(self._sizes)

    def add(self, size: int, root: bytes) -> None:
        """Take in the next page that was proved."""
        self._sizes.append(size)
        self._roots += root

    def page_ending(self, size: int) -> tuple[int, bytes] | None:
        """Return the first position of the page that ends at a size, and the root there; None where no page does."""
        place = bisect_left(self._sizes, size)
        if place == len(self._sizes) or self._sizes[place] != size:
            return None
        return (self._sizes[place - 1] if place else 0), bytes(
            self._roots[place * HASH_BYTES : (place + 1) * HASH_BYTES]
        )

    def is_shown(self, position: int) -> bool:
        """Tell whether an entry is here with its body."""
        return position < len(self.shown) and self.shown[position] == SHOWN

    def positions(self, state: int) -> Iterator[int]:
        """Yield the positions of entries that are shown so."""
        place = self.shown.find(state)
        while place >= 0:
            yield place
            place = self.shown.find(state, place + 1)
