"""Items that could not be folded: parked, tried again, and resumed by a rebuild once they can be.

An item that fails is parked in the transaction of the step that found it, and its rows stand still; all others go on.
It is tried again five times, each after a longer pause, and once more after each start of the process, for another
version may do better. Once it can be folded, all rows are rebuilt beside those that stand: so it has the versions that
it would have had, and none is missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from domain.items.item import item_of
from domain.items.rows import rows_of
from events.stored.read_model import ParkedItem
from infra.errors import InfraError
from services.gateway.ports.read_model import ReadModelReading, Rows
from services.gateway.ports.store import Reading, Store
from services.gateway.projections.held import load_held
from services.gateway.projections.matters import histories, keys_for

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each of the tries

Place = tuple[int, str]
"""The number of a relationship and an item of it."""

OnParked = Callable[[Sequence[str]], None]
"""Hears which items stand still, whenever that changes; of none once all go on."""


@dataclass(slots=True)
class _Trying:
    parked: ParkedItem
    due: float
    tries: int = 0


class Parking:
    """Tries parked items again, in the thread of the projections."""

    def __init__(self, store: Store, rows: Rows, monotonic: Callable[[], float], on_parked: OnParked) -> None:
        self._store = store
        self._rows = rows
        self._monotonic = monotonic
        self._on_parked = on_parked
        self._trying: dict[Place, _Trying] = {}
        self._told: list[str] = []

    def hear(self, parked: Sequence[tuple[int, ParkedItem]]) -> None:
        """Take in which items are parked now; one that was tried already keeps its count."""
        due, before = self._monotonic() + PAUSES[0], self._trying
        self._trying = {}
        for relationship, each in parked:
            place = (relationship, each.item)
            self._trying[place] = before.get(place) or _Trying(each, due)
        self._tell()

    def can_resume(self) -> bool:
        """Try what is due; tell whether anything of it can be folded again.

        Raises:
            InfraError: the store could not be reached; nothing counts as tried.
        """
        now = self._monotonic()
        due = [(place, each) for place, each in self._trying.items() if each.tries < len(PAUSES) and each.due <= now]
        return any([self._try(place[0], each, now) for place, each in due])  # noqa: C419 - each of them is tried

    def _try(self, relationship: int, trying: _Trying, now: float) -> bool:
        with self._store.reading() as reading, self._rows.reading() as rows:
            error = fault_of(reading, rows, relationship, trying.parked)
        if error is None:
            return True
        trying.tries += 1
        if trying.tries < len(PAUSES):
            trying.due = now + PAUSES[trying.tries]
        return False

    def _tell(self) -> None:
        said = [
            f"{item} of relationship {number}: {each.parked.detail}" for (number, item), each in self._trying.items()
        ]
        if said != self._told:
            self._told = said
            self._on_parked(said)


def fault_of(reading: Reading, rows: ReadModelReading, relationship: int, parked: ParkedItem) -> Exception | None:
    """Fold an item as it is now and throw the rows away; return what went wrong, None when nothing did.

    Raises:
        InfraError: the store could not be reached.
    """
    keys = [key for key in keys_for(parked.item) if key.owner is parked.owner]
    position = rows.position()
    try:
        held = load_held(reading, relationship, as_of=position)
        for events in histories(reading, relationship, keys).values():
            item = item_of([past for past in events if past.sequence <= position], held.surroundings)
            if item is not None:
                rows_of(item, held.surroundings, partial(rows.received_at, relationship, as_of=position))
    except InfraError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the item stays parked
        return error
    return None
