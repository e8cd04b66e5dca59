"""Comparing the rows that stand with a fresh fold, to name the items that are shown otherwise than the journals say.

The fresh fold takes nothing from the read model. It folds every item whole, at the place where rows stood when the
comparison began, some at a time, so that the gateway goes on working meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from domain.items.item import item_of
from domain.items.rows import rows_of
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry, is_standing
from events.stored.read_model import ReceivedStep
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.conclusions import Difference
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.read_model import ReadModel, ReadModelReading
from services.gateway.ports.store import JournalReading, Store
from services.gateway.projections.held import HeldJournals
from services.gateway.projections.matters import ItemKey, histories, item_key
from services.gateway.projections.near import surroundings_at
from services.gateway.projections.received import ReceivedSteps

ITEMS_AT_ONCE = 200
ENTRIES_AT_ONCE = 2000

Shown = tuple[Mapping[str, Any], dict[str, Any]]
"""The row of an item and those of its clocks by name."""


class Audit:
    """One comparison of the rows of a relationship with a fresh fold."""

    def __init__(self, store: Store, read_model: ReadModel, relationship: int) -> None:
        self._store = store
        self._read_model = read_model
        self._relationship = relationship
        with read_model.reading() as rows:
            self._until = rows.position()
        self._keys: set[ItemKey] = set()
        self._received: list[ReceivedStep] = []
        self._held = HeldJournals(relationship, ReceivedSteps())
        self._differing: set[str] = set()
        self._parts = self._run()

    @property
    def differing(self) -> Sequence[str]:
        """What differs as far as compared: items by their UUID, and `received/<role>` for when a journal was read."""
        return sorted(self._differing)

    def step(self) -> bool:
        """Read or compare some more; tell whether there is more to do."""
        return next(self._parts, False)

    def run(self) -> Sequence[str]:
        """Compare everything; return what differs."""
        while self.step():
            pass
        return self.differing

    def _run(self) -> Iterator[bool]:
        for role in Role:
            yield from self._read(role)
        self._held.steps = ReceivedSteps(self._received)
        self._compare_received()
        under: dict[str, list[ItemKey]] = {}
        for key in sorted(self._keys, key=lambda key: key.item):
            under.setdefault(key.item, []).append(key)
        waiting = list(under.values())
        for start in range(0, len(waiting), ITEMS_AT_ONCE):
            self._compare([key for group in waiting[start : start + ITEMS_AT_ONCE] for key in group])
            yield True
        self._find_invented()

    def _read(self, role: Role) -> Iterator[bool]:
        """Read from the entries of a journal which items there are, and what all of them depend on."""
        start, taken = 0, 0
        while True:
            with self._store.reading() as reading:
                entries = reading.entries(self._relationship, role, start, ENTRIES_AT_ONCE)
            for entry in entries:
                if entry.code is None and entry.sequence <= self._until:
                    taken = self._take(entry, taken)
            if len(entries) < ENTRIES_AT_ONCE:
                return
            start += ENTRIES_AT_ONCE
            yield True

    def _take(self, entry: StoredEntry, taken: int) -> int:
        """Take in an accepted entry; return how much of the other journal its author has read."""
        if is_standing(entry.type, entry.subject):
            self._held.remember(past_of(entry))
        key = item_key(entry)
        if key is not None:
            self._keys.add(key)
        if entry.time is None or (entry.seen or 0) <= taken:
            return taken
        self._received.append(ReceivedStep(entry.role.other, entry.seen or 0, entry.time, entry.sequence))
        return entry.seen or 0

    def _compare_received(self) -> None:
        with self._read_model.reading() as rows:
            for role in Role:
                noted = [each for each in rows.steps(self._relationship, role) if each.sequence <= self._until]
                if noted != [each for each in self._received if each.role is role]:
                    self._differing.add(f"received/{role.value}")

    def _compare(self, keys: Sequence[ItemKey]) -> None:
        with self._store.reading() as reading:
            found = histories(reading, self._relationship, keys)
            fresh: dict[str, Shown | None] = {}
            for key in sorted(found, key=lambda each: each.rank):  # of two items under one UUID the first is shown
                fresh[key.item] = fresh.get(key.item) or self._fold(key, found[key], reading)
        with self._read_model.reading() as rows:
            shown = self._shown(rows, list(fresh))
        self._differing.update(item for item, folded in fresh.items() if folded != shown.get(item))

    def _fold(self, key: ItemKey, events: Sequence[PastEvent], reading: JournalReading) -> Shown | None:
        """Fold an item from its whole history; one that cannot be folded stands for nothing."""
        try:
            surroundings = surroundings_at(reading, self._held, key.kind, self._until)
            item = item_of([past for past in events if past.sequence <= self._until], surroundings)
            received = partial(self._held.steps.at, as_of=self._until)
            return None if item is None else rows_of(item, surroundings, received)
        except Exception:  # noqa: BLE001 - the projections have said what is wrong with it; here it only differs
            return None

    def _shown(self, rows: ReadModelReading, items: Sequence[str]) -> dict[str, Shown]:
        found = rows.current_items(self._relationship, items, self._until)
        shown: dict[str, Shown] = {item: (version.row, {}) for item, version in found.items()}
        for clock in rows.clocks(list(found), self._until, self._relationship):
            shown[clock.item][1][clock.name] = clock.row
        return shown

    def _find_invented(self) -> None:
        """Name the items that are shown and that no entry is about."""
        with self._read_model.reading() as rows:
            unknown = set(rows.all_items(self._relationship)) - {key.item for key in self._keys}
            self._differing.update(rows.current_items(self._relationship, unknown, self._until))


class Auditor:
    """Compares rows with a fresh fold whenever the partner concludes otherwise; one thread calls `step`."""

    def __init__(self, store: Store, read_model: ReadModel, channels: Callable[[], Mapping[int, Channel]]) -> None:
        self._store = store
        self._read_model = read_model
        self._channels = channels
        self._running: tuple[int, Difference, Audit] | None = None

    def step(self) -> bool:
        """Compare some more; tell whether there is anything to compare."""
        if self._running is None:
            self._running = self._next()
        if self._running is None:
            return False
        number, difference, audit = self._running
        if not audit.step():
            self._channels()[number].conclusions.name(difference, audit.differing)
            self._running = None
        return True

    def _next(self) -> tuple[int, Difference, Audit] | None:
        for number, channel in list(self._channels().items()):
            difference = channel.conclusions.difference
            if difference is not None and difference.items is None:
                return number, difference, Audit(self._store, self._read_model, number)
        return None
