"""All projections of a gateway: the rows that stand, moved on with each commit, and a rebuild beside them.

A rebuild folds everything anew from entry 0 while the rows that stand go on being moved, step by step in turn. Once
both stand at the same place the new rows take over in one transaction: who reads sees the old ones or the new ones,
whole. What nobody reads any more is deleted some rows at a time.

What is lost if the process dies: nothing. The old rows stand; the rebuild goes on from where it was, or begins anew
when another version of this software was started.
"""

import time
from collections.abc import Callable
from threading import Event

from domain.items.surroundings import EVERYTHING
from services.gateway.exchange.remembering import ReadEntry, past_of
from services.gateway.exchange.software import SOFTWARE
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.steps import Reached, go_on
from services.gateway.ports.store import Store
from services.gateway.projections.parking import OnParked, Parking
from services.gateway.projections.projector import STEP_ENTRIES, OnConcluded, Projector, tell_nobody

REBUILT_AT_ONCE = 500
"""How many entries a rebuild folds between two looks at what is new: live rows wait for no more than that."""

DISCARDED_AT_ONCE = 2000


class Projections:
    """Moves the rows on, in one thread; any thread may ask for a rebuild."""

    def __init__(
        self,
        store: Store,
        read_model: ReadModel,
        on_failed: Callable[[str], None],
        reached: Reached = go_on,
        on_concluded: OnConcluded = tell_nobody,
        *,
        read: ReadEntry = past_of,
        monotonic: Callable[[], float] = time.monotonic,
        on_parked: OnParked = lambda _: None,
        last: Callable[[], int] = lambda: EVERYTHING,
    ) -> None:
        self._parking = Parking(store, read_model, monotonic, on_parked)
        self._read_model = read_model
        self._standing = Projector(
            store, read_model, on_failed, reached, on_concluded, read=read, on_parked=self._parking.hear, last=last
        )
        self._rebuilt = Projector(store, read_model.rebuilt, on_failed)
        self._asked = Event()
        self._is_rebuilding: bool | None = None  # None: not looked yet
        self._has_unread_rows = True

    def step(self, limit: int = STEP_ENTRIES) -> int:
        """Fold what is new, then go on with a rebuild; return how much was done, 0 when there is nothing to do.

        Raises:
            InfraError: the store could not be reached; nothing was written, the step may be taken again.
        """
        taken = self._standing.step(limit)
        if not self._is_rebuilding and self._parking.can_resume():
            self.rebuild()
        return taken + (self._rebuild() or (0 if taken else self._discard()))

    @property
    def position(self) -> int:
        """The local sequence up to which the rows that are read stand."""
        return self._standing.position

    def catch_up(self, limit: int = STEP_ENTRIES) -> int:
        """Take steps until there is nothing to do; return how much was done."""
        total = 0
        while done := self.step(limit):
            total += done
        return total

    def rebuild(self) -> None:
        """Ask for all rows to be folded anew from entry 0, from the next step on."""
        self._asked.set()

    def _rebuild(self) -> int:
        """Fold some more of the rows that are to take over; let them once they stand where the others do."""
        if not self._begin():
            return 0
        position = self._standing.position
        done = self._rebuilt.step(REBUILT_AT_ONCE, until=position)
        if done:
            return done
        self._is_rebuilding, self._has_unread_rows = None, True  # whatever comes of it: a commit may lose its answer
        self._standing.forget()
        self._rebuilt.forget()
        self._read_model.take_over(position)
        self._is_rebuilding = False
        return 1

    def _begin(self) -> bool:
        """Tell whether a rebuild is under way, after looking whether one was left or is asked for."""
        if self._is_rebuilding is None:
            self._is_rebuilding = self._resume()
        if self._asked.is_set():
            self._read_model.begin_rebuild(SOFTWARE)
            self._asked.clear()
            self._rebuilt.forget()
            self._is_rebuilding = True
        return self._is_rebuilding

    def _resume(self) -> bool:
        """Take up a rebuild that the process before did not end; rows of another version are begun anew."""
        with self._read_model.reading() as rows:
            left = rows.rebuilding()
        if left is not None and left[1] != SOFTWARE:
            self.rebuild()
        return left is not None

    def _discard(self) -> int:
        """Delete some of the rows that nobody reads any more, when nothing else is to do."""
        if not self._has_unread_rows:
            return 0
        deleted = self._read_model.discard(DISCARDED_AT_ONCE)
        self._has_unread_rows = deleted > 0
        return deleted
