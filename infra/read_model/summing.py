"""The sum over the shared rows that stand, moved on by what a batch lets stand and what it ends.

It is made of the very texts that the tables hold, so a row that was not written, or was changed behind the gateway's
back and then replaced, shows in the sum as soon as it is touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from sqlalchemy import Connection, bindparam, select

from events.conclusions.shared_rows import NO_ROW, shared_clock, shared_item, shared_step
from events.conclusions.total import BYTES, MODULUS, Concluded, Sizes, weight
from events.encoding.identifiers import Role
from events.stored.read_model import ReceivedStep
from infra.read_model.tables import CONCLUSION
from infra.store.database import upsert

_KNOWN = select(CONCLUSION.c.relationship, CONCLUSION.c.mah, CONCLUSION.c.cmo, CONCLUSION.c.total).where(
    CONCLUSION.c.generation == bindparam("generation")
)

Key = tuple[str, ...]
"""The UUID of an item; with the name of a clock of it."""


class TakenIn(Protocol):
    """Which entries of a relationship a batch took in."""

    @property
    def sizes(self) -> Mapping[Role, int]: ...  # noqa: D102 - of each journal of which there were any, its size now
    @property
    def is_first(self) -> bool: ...  # noqa: D102 - nothing of the relationship was folded before


class Changes:
    """By how much one batch changes the sums, by relationship."""

    def __init__(self) -> None:
        self._changes: dict[int, int] = defaultdict(int)

    def stand(self, relationship: int, key: Key, row: str) -> None:
        """Add a row that stands from now on: of an item, or of a clock, as its key says."""
        self._changes[relationship] += _weight(key, row)

    def end(self, relationship: int, key: Key, row: str) -> None:
        """Take off a row that stood until now."""
        self._changes[relationship] -= _weight(key, row)

    def receive(self, relationship: int, step: ReceivedStep) -> None:
        """Add since when a journal counts as received."""
        self._changes[relationship] += weight(shared_step(step.role, step.seen, step.time))

    def of(self, relationship: int) -> int:
        """Return what is to be added; it may be negative."""
        return self._changes[relationship]


class Sums:
    """The sums of one place, as they stood after the last batch; only the thread that writes rows may use it."""

    def __init__(self) -> None:
        self._at: tuple[int, int] | None = None  # generation and position at which they are known
        self._known: dict[int, Concluded] = {}

    def load(self, connection: Connection, generation: int, expected: int) -> None:
        """Read the sums, unless those in memory are of this generation and position."""
        if self._at != (generation, expected):
            self._known = read_sums(connection, generation)

    def move(
        self, connection: Connection, generation: int, taken: Mapping[int, TakenIn], changes: Changes
    ) -> dict[int, Concluded]:
        """Write the sums of the relationships that were taken in, and return them. Memory follows with `keep`."""
        moved: dict[int, Concluded] = {}
        for relationship, each in taken.items():
            before = self._known.get(relationship, _NOTHING if each.is_first else None)
            if before is not None:  # else nobody has summed up what stands here
                moved[relationship] = _moved(before, each.sizes, changes.of(relationship))
        upsert(connection, CONCLUSION, [_values(generation, *each) for each in moved.items()])
        return moved

    def keep(self, generation: int, position: int, moved: Mapping[int, Concluded]) -> None:
        """Remember what is committed."""
        self._known.update(moved)
        self._at = (generation, position)


def read_sums(connection: Connection, generation: int) -> dict[int, Concluded]:
    """Return the sums of a generation, by relationship."""
    found = connection.execute(_KNOWN, {"generation": generation})
    return {number: Concluded(Sizes(mah, cmo), int.from_bytes(total, "big")) for number, mah, cmo, total in found}


def total_of(shared: Iterable[bytes]) -> int:
    """Return the sum over shared rows."""
    return sum(map(weight, shared)) % MODULUS


_NOTHING = Concluded(Sizes(0, 0), 0)


def _weight(key: Key, row: str) -> int:
    encoded = row.encode()
    if encoded == NO_ROW:
        return 0
    item, *clock = key
    return weight(shared_clock(item, clock[0], encoded) if clock else shared_item(item, encoded))


def _moved(before: Concluded, sizes: Mapping[Role, int], change: int) -> Concluded:
    mah, cmo = sizes.get(Role.MAH, before.sizes.mah), sizes.get(Role.CMO, before.sizes.cmo)
    return Concluded(Sizes(mah, cmo), (before.total + change) % MODULUS)


def _values(generation: int, relationship: int, concluded: Concluded) -> dict[str, int | bytes]:
    return {
        "generation": generation,
        "relationship": relationship,
        "mah": concluded.sizes.mah,
        "cmo": concluded.sizes.cmo,
        "total": concluded.total.to_bytes(BYTES, "big"),
    }
