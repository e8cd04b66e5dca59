"""The projector: folds what is new in the store into the read model, one step after another.

What is lost if the process dies: nothing, for rows and position move together, and all of it can be folded again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from domain.items.surroundings import EVERYTHING
from events.conclusions.total import Concluded
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from events.stored.read_model import ClockVersion, ItemVersion, ParkedItem, ReceivedStep
from services.gateway.exchange.remembering import ReadEntry, past_of
from services.gateway.ports.read_model import ProjectedBatch, ReadModelReading, Rows, Taken
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Reading, Store
from services.gateway.projections.folding import Folding
from services.gateway.projections.held import HeldJournals, load_held
from services.gateway.projections.pages import whole_pages

STEP_ENTRIES = 2000
"""How many entries are folded in one transaction."""

_NOWHERE = -1

OnConcluded = Callable[[int, Concluded], None]
"""Hears what the rows of a relationship (its number) come to, once they are committed."""


def tell_nobody(_relationship: int, _concluded: Concluded) -> None:
    """Do nothing with what rows come to."""


class Projector:
    """Moves one generation of rows on, in one thread.

    `on_failed` is told of an item that could not be folded and is parked, `on_parked` of all that are, `on_concluded`
    what the rows come to. `last` says up to which local sequence there can be entries at all.
    """

    def __init__(
        self,
        store: Store,
        rows: Rows,
        on_failed: Callable[[str], None],
        reached: Reached = go_on,
        on_concluded: OnConcluded = tell_nobody,
        *,
        read: ReadEntry = past_of,
        on_parked: Callable[[Sequence[tuple[int, ParkedItem]]], None] = lambda _: None,
        last: Callable[[], int] = lambda: EVERYTHING,
    ) -> None:
        self._last = last
        self._on_parked = on_parked
        self._parked: list[tuple[int, ParkedItem]] = []
        self._store = store
        self._read = read
        self._rows = rows
        self._on_failed = on_failed
        self._reached = reached
        self._on_concluded = on_concluded
        self._held: dict[int, HeldJournals] = {}
        self._position = _NOWHERE  # up to which `_held` is read

    def step(self, limit: int = STEP_ENTRIES, until: int = EVERYTHING) -> int:
        """Fold up to `limit` new entries, and to the end of their pages, none beyond `until` (the end of a page).

        Returns how many were taken, 0 when the rows are up to date.

        Raises:
            InfraError: the store could not be reached; nothing was written, the step may be taken again.
        """
        position = self._remember()
        if position >= self._last():
            return 0
        with self._store.reading() as reading:
            taken = [each for each in reading.since(position, limit) if each[1].sequence <= until]
            if not taken:
                return 0
            entries, ends = whole_pages(reading, taken)
            with self._rows.reading() as rows:
                foldings = self._fold(reading, rows, position, entries, ends)
        batch = _batch_of(entries, foldings)
        self._reached(Step.ROWS_FOLDED)
        concluded = self._rows.apply(batch, expected=position)
        self._reached(Step.ROWS_WRITTEN)
        self._position = batch.position
        self._note_parked(batch.parked)
        self._tell(concluded)
        return len(entries)

    @property
    def position(self) -> int:
        """The local sequence up to which rows stand."""
        return self._remember()

    def catch_up(self, limit: int = STEP_ENTRIES) -> int:
        """Take steps until the rows are up to date; return how many entries were taken."""
        total = 0
        while taken := self.step(limit):
            total += taken
        return total

    def forget(self) -> None:
        """Read again what the rows say before the next step: others have taken their place."""
        self._position = _NOWHERE

    def _remember(self) -> int:
        """Return where the rows stand; read it at the start, and after a step that could not be written."""
        if self._position == _NOWHERE:
            with self._rows.reading() as rows:
                self._held = {}
                self._parked = []
                self._note_parked(rows.parked())
                self._tell(rows.conclusions())
                self._position = rows.position()
        return self._position

    def _note_parked(self, parked: Sequence[tuple[int, ParkedItem]]) -> None:
        before = len(self._parked)
        self._parked += parked
        if len(self._parked) != before or not before:
            self._on_parked(self._parked)

    def _tell(self, concluded: Mapping[int, Concluded]) -> None:
        """Say what rows come to; while an item of a relationship stands still they come to nothing that holds."""
        incomplete = {relationship for relationship, _ in self._parked}
        for relationship, each in concluded.items():
            if relationship not in incomplete:
                self._on_concluded(relationship, each)

    def _fold(
        self,
        reading: Reading,
        rows: ReadModelReading,
        position: int,
        entries: Iterable[tuple[int, StoredEntry]],
        ends: Mapping[int, int],
    ) -> dict[int, Folding]:
        self._position = _NOWHERE  # until the step is written: what is in memory runs ahead of the rows
        foldings: dict[int, Folding] = {}
        for relationship, entry in entries:
            if relationship not in foldings:
                held = self._held_of(reading, rows, relationship, position)
                parked = {each.item for number, each in self._parked if number == relationship}
                foldings[relationship] = Folding(reading, rows, held, self._on_failed, self._read, parked=parked)
            foldings[relationship].take(entry, ends[entry.sequence])
        for folding in foldings.values():
            folding.finish()
        return foldings

    def _held_of(self, reading: Reading, rows: ReadModelReading, relationship: int, position: int) -> HeldJournals:
        if relationship not in self._held:
            self._held[relationship] = held = load_held(reading, relationship, as_of=position)
            held.remember_steps(rows, position)
        return self._held[relationship]


def _batch_of(entries: Sequence[tuple[int, StoredEntry]], foldings: Mapping[int, Folding]) -> ProjectedBatch:
    items: list[tuple[int, ItemVersion]] = []
    clocks: list[tuple[int, ClockVersion]] = []
    steps: list[tuple[int, ReceivedStep]] = []
    for relationship, folding in foldings.items():
        items.extend((relationship, version) for version in folding.items)
        clocks.extend((relationship, version) for version in folding.clocks)
        steps.extend((relationship, step) for step in folding.steps)
    parked = [(number, each) for number, folding in foldings.items() for each in folding.parked.values()]
    return ProjectedBatch(entries[-1][1].sequence, items, clocks, steps, _taken(entries), parked)


def _taken(entries: Iterable[tuple[int, StoredEntry]]) -> dict[int, Taken]:
    """Return up to where the entries of a step reach in each relationship's journals."""
    sizes: dict[int, dict[Role, int]] = {}
    first: set[int] = set()
    for relationship, entry in entries:
        if relationship not in sizes:
            sizes[relationship] = {}
            if entry.position == 0:
                first.add(relationship)
        sizes[relationship][entry.role] = entry.position + 1
    return {relationship: Taken(reached, relationship in first) for relationship, reached in sizes.items()}
