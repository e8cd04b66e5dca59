"""The projector: folds what is new in the store into the read model, one step after another.

What is lost if the process dies: nothing, for rows and position move together, and all of it can be folded again.
"""

from collections.abc import Callable, Iterable

from events.stored.journal import StoredEntry
from events.stored.read_model import ClockVersion, ItemVersion, ReceivedStep
from services.gateway.ports.read_model import ProjectedBatch, ReadModel, ReadModelReading
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Reading, Store
from services.gateway.projections.folding import Folding
from services.gateway.projections.held import HeldJournals, load_held

STEP_ENTRIES = 2000
"""How many entries are folded in one transaction."""

_NOWHERE = -1


class Projector:
    """Moves the read model on, in one thread; `on_failed` is told of an item that could not be folded and is parked."""

    def __init__(
        self, store: Store, read_model: ReadModel, on_failed: Callable[[str], None], reached: Reached = go_on
    ) -> None:
        self._store = store
        self._read_model = read_model
        self._on_failed = on_failed
        self._reached = reached
        self._held: dict[int, HeldJournals] = {}
        self._position = _NOWHERE  # up to which `_held` is read

    def step(self, limit: int = STEP_ENTRIES) -> int:
        """Fold up to `limit` new entries; return how many were taken, 0 when the rows are up to date.

        Raises:
            InfraError: the store could not be reached; nothing was written, the step may be taken again.
        """
        with self._store.reading() as reading, self._read_model.reading() as rows:
            position = rows.position()
            entries = reading.since(position, limit)
            if not entries:
                return 0
            foldings = self._fold(reading, rows, position, entries)
        batch = _batch_of(entries[-1][1].sequence, foldings)
        self._reached(Step.ROWS_FOLDED)
        self._read_model.apply(batch, expected=position)
        self._reached(Step.ROWS_WRITTEN)
        self._position = batch.position
        return len(entries)

    def catch_up(self, limit: int = STEP_ENTRIES) -> int:
        """Take steps until the rows are up to date; return how many entries were taken."""
        total = 0
        while taken := self.step(limit):
            total += taken
        return total

    def rebuild(self) -> None:
        """Forget all rows and fold everything from entry 0."""
        self._position = _NOWHERE
        self._read_model.clear()
        self.catch_up()

    def _fold(
        self, reading: Reading, rows: ReadModelReading, position: int, entries: Iterable[tuple[int, StoredEntry]]
    ) -> dict[int, Folding]:
        if position != self._position:
            self._held = {}
        self._position = _NOWHERE  # until the step is written: what is in memory runs ahead of the rows
        foldings: dict[int, Folding] = {}
        for relationship, entry in entries:
            if relationship not in foldings:
                held = self._held_of(reading, rows, relationship, position)
                foldings[relationship] = Folding(reading, rows, held, self._on_failed)
            foldings[relationship].take(entry)
        for folding in foldings.values():
            folding.finish()
        return foldings

    def _held_of(self, reading: Reading, rows: ReadModelReading, relationship: int, position: int) -> HeldJournals:
        if relationship not in self._held:
            self._held[relationship] = load_held(reading, rows, relationship, as_of=position)
        return self._held[relationship]


def _batch_of(position: int, foldings: dict[int, Folding]) -> ProjectedBatch:
    items: list[tuple[int, ItemVersion]] = []
    clocks: list[tuple[int, ClockVersion]] = []
    steps: list[tuple[int, ReceivedStep]] = []
    for relationship, folding in foldings.items():
        items.extend((relationship, version) for version in folding.items)
        clocks.extend((relationship, version) for version in folding.clocks)
        steps.extend((relationship, step) for step in folding.steps)
    return ProjectedBatch(position, items, clocks, steps)
