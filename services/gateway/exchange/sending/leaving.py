"""What is committed and has not left yet, handed over by the writer so that it need not be read again at once.

What is lost if the process dies: nothing. After a restart, and where too much waits, pages are read from the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from events.journal.page import Page

MAX_LEAVING_PAGES = 64
MAX_LEAVING_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LeavingReceipt:
    """A receipt on its way: its bytes, the own size that it states (pages up to it leave before it), what is judged."""

    value: bytes
    own_size: int
    judged: int


@dataclass(slots=True)
class LeavingPages:
    """How far the own journal is durable, and its latest pages until they are sent; any thread may use it."""

    size: int = 0  # of the own journal, as it is committed
    judged: int = 0  # of the partner's journal, as it is committed
    _pages: dict[int, Page] = field(default_factory=dict)  # by first
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def hand_over(self, pages: Sequence[Page], size: int, judged: int) -> None:
        """Take over what a transaction committed; pages beyond the bound are left to the store."""
        with self._lock:
            for page in pages:
                used = sum(map(len, page.lines))
                if len(self._pages) < MAX_LEAVING_PAGES and self._bytes + used <= MAX_LEAVING_BYTES:
                    self._pages[page.first] = page
                    self._bytes += used
            self.size, self.judged = size, judged

    def following(self, start: int, limit: int) -> Sequence[Page]:
        """Return pages that follow each other from a position on, as many as are here; those before it have left."""
        with self._lock:
            for first in [first for first in self._pages if first < start]:
                self._bytes -= sum(map(len, self._pages.pop(first).lines))
            found: list[Page] = []
            while start in self._pages and len(found) < limit:
                found.append(self._pages[start])
                start = found[-1].end
            return found
