"""The mark: what this party ever signed at most, kept beside the keys and in no backup (formats.md 7).

Trust: whoever can lower it can make a restored store sign a second history; nobody else gains anything by it.
"""

from typing import Protocol


class Marked(Protocol):
    """The largest own size, and the largest judged size of the partner's journal, that ever left."""

    @property
    def own_size(self) -> int:
        """Entries of the own journal."""

    @property
    def judged(self) -> int:
        """Entries of the partner's journal."""


class Mark(Protocol):
    """Moves forward only."""

    @property
    def marked(self) -> Marked:
        """Where it stands."""

    def advance(self, own_size: int, judged: int) -> None:
        """Move it, durably, before a note leaves that says so much."""
