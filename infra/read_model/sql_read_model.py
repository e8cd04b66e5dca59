"""The read model itself: rows and position move in one transaction, or not at all."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from events.conclusions.total import Concluded
from events.stored.read_model import ClockVersion, ItemVersion, ParkedItem, ReceivedStep
from infra.read_model import generations
from infra.read_model.generations import TABLES, Place
from infra.read_model.reading import SqlReadModelReading
from infra.read_model.rows import Values, clock_values, item_values, marks_of, step_values
from infra.read_model.summing import Changes, Key, Sums, TakenIn
from infra.read_model.tables import (
    CLOCK_VERSION,
    ITEM_MARK,
    ITEM_VERSION,
    PARKED_ITEM,
    PROJECTION_POSITION,
    RECEIVED_STEP,
)
from infra.store.columns import among_texts
from infra.store.database import insert_new, upsert
from infra.store.errors import PositionMovedError, StoreLockedError
from infra.store.sql_store import SqlStore

Version = TypeVar("Version", ItemVersion, ClockVersion)


class Batch(Protocol):
    """What one step of the projections found."""

    @property
    def position(self) -> int: ...  # noqa: D102 - local sequence up to which entries are folded
    @property
    def items(self) -> Sequence[tuple[int, ItemVersion]]: ...  # noqa: D102 - (relationship, version)
    @property
    def clocks(self) -> Sequence[tuple[int, ClockVersion]]: ...  # noqa: D102 - as above
    @property
    def steps(self) -> Sequence[tuple[int, ReceivedStep]]: ...  # noqa: D102 - as above
    @property
    def taken(self) -> Mapping[int, TakenIn]: ...  # noqa: D102 - by relationship
    @property
    def parked(self) -> Sequence[tuple[int, ParkedItem]]: ...  # noqa: D102 - those that could not be folded


@dataclass(frozen=True, slots=True)
class _Into:
    """The transaction of a batch, the generation that it is of, and what it changes in the sums."""

    connection: Connection
    generation: int
    changes: Changes


class SqlReadModel:
    """Row versions in the store's database; it fits the port `ReadModel`."""

    def __init__(self, store: SqlStore, place: Place = Place.STANDING) -> None:
        self._store = store
        self._place = place
        self._sums = Sums()

    @property
    def rebuilt(self) -> "SqlReadModel":
        """The rows that a rebuild writes, beside those that stand."""
        return SqlReadModel(self._store, Place.REBUILT)

    @contextmanager
    def reading(self) -> Iterator[SqlReadModelReading]:
        """Open a consistent view."""
        with self._store.reading_connection() as connection:
            yield SqlReadModelReading(connection, self._place)

    def apply(self, batch: Batch, *, expected: int) -> Mapping[int, Concluded]:
        """Write a batch: close versions that end, insert new ones, move the position and the sums, in one transaction.

        Raises:
            PositionMovedError: the position is not `expected`; nothing was written.
            StoreUnavailableError: the database could not be reached, is full or refused; nothing was written.
        """
        changes = Changes()
        with self._writing() as connection:
            generation = _move_position(connection, self._place, expected, batch.position)
            self._sums.load(connection, generation, expected)
            into = _Into(connection, generation, changes)
            self._add(into, ITEM_VERSION, _by_relationship(batch.items), item_values)
            _mark(into, batch.items)
            self._add(into, CLOCK_VERSION, _by_relationship(batch.clocks), clock_values)
            self._add_steps(into, batch.steps)
            _park(into, batch.parked)
            moved = self._sums.move(connection, generation, batch.taken, changes)
        self._sums.keep(generation, batch.position, moved)
        return moved

    def clear(self) -> None:
        """Forget every row and go back to position 0; there is nothing to read until all is folded again."""
        with self._writing() as connection:
            for table in TABLES:
                connection.execute(delete(table))
            connection.execute(delete(PROJECTION_POSITION).where(PROJECTION_POSITION.c.id == int(Place.REBUILT)))
            connection.execute(update(PROJECTION_POSITION).values(position=0))

    def begin_rebuild(self, software: str) -> None:
        """Begin to build all rows anew from entry 0, beside those that stand; what was under way is forgotten."""
        with self._writing() as connection:
            generations.begin(connection, software)

    def take_over(self, position: int) -> None:
        """Let the rebuilt rows take the place of those that stand, in one transaction.

        Raises:
            PositionMovedError: not both stand at this position; nothing was changed.
        """
        with self._writing() as connection:
            if not generations.take_over(connection, position):
                raise PositionMovedError(f"old and new rows are not both folded up to {position}")

    def discard(self, limit: int) -> int:
        """Delete up to `limit` rows that nobody reads any more; return how many, 0 when there are none."""
        with self._writing() as connection:
            return generations.discard(connection, limit)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if not self._store.may_write:
            raise StoreLockedError(
                "this store was opened without the lock: rows are moved by the gateway that runs on it"
            )
        with self._store.writing_connection() as connection:
            yield connection

    def _add(
        self,
        into: _Into,
        table: Table,
        versions: dict[int, list[Version]],
        values_of: Callable[[int, int, Version, int | None], Values],
    ) -> None:
        row_place = [column.name for column in table.c].index("row")
        for relationship, added in versions.items():
            chains = _chains(added)
            begins = {key: chain[0].valid_from for key, chain in chains.items()}
            for key, ended in _end_standing(into.connection, table, (into.generation, relationship), begins):
                into.changes.end(relationship, key, ended)
            rows: list[Values] = []
            for key, chain in chains.items():
                rows += [values_of(into.generation, relationship, *place) for place in _with_ends(chain)]
                into.changes.stand(relationship, key, rows[-1][row_place])
            self._store.database.insert_rows(into.connection, table, rows)

    def _add_steps(self, into: _Into, steps: Sequence[tuple[int, ReceivedStep]]) -> None:
        for relationship, step in steps:
            into.changes.receive(relationship, step)
        rows = [step_values(into.generation, relationship, step) for relationship, step in steps]
        self._store.database.insert_rows(into.connection, RECEIVED_STEP, rows)


def _mark(into: _Into, versions: Sequence[tuple[int, ItemVersion]]) -> None:
    """Note what items are found by; what was noted stays, for versions of the past are found by it too."""
    found = {(mark, number, version.item) for number, version in versions for mark in marks_of(version.row)}
    names = ("mark", "relationship", "item")
    rows = [{"generation": into.generation, **dict(zip(names, each, strict=True))} for each in sorted(found)]
    insert_new(into.connection, ITEM_MARK, rows)


def _park(into: _Into, parked: Sequence[tuple[int, ParkedItem]]) -> None:
    """Note which items stand still from here on."""
    rows = [{"generation": into.generation, "relationship": number, **asdict(each)} for number, each in parked]
    upsert(into.connection, PARKED_ITEM, rows)


def _move_position(connection: Connection, place: Place, expected: int, position: int) -> int:
    """Move a position on and return the generation of its rows."""
    moved = (
        update(PROJECTION_POSITION)
        .where(PROJECTION_POSITION.c.id == int(place), PROJECTION_POSITION.c.position == expected)
        .values(position=position)
        .returning(PROJECTION_POSITION.c.generation)
    )
    generation: int | None = connection.execute(moved).scalar_one_or_none()
    if generation is None:
        raise PositionMovedError(f"the rows are not folded up to {expected}")
    return generation


def _by_relationship(versions: Sequence[tuple[int, Version]]) -> dict[int, list[Version]]:
    found: dict[int, list[Version]] = defaultdict(list)
    for relationship, version in versions:
        found[relationship].append(version)
    return found


def _chains(versions: list[Version]) -> dict[Key, list[Version]]:
    """Return the versions of each item or clock in order; of several with one beginning the last given counts."""
    chains: dict[Key, dict[int, Version]] = defaultdict(dict)
    for version in versions:
        chains[_key_of(version)][version.valid_from] = version
    return {key: [chain[begins] for begins in sorted(chain)] for key, chain in chains.items()}


def _key_of(version: ItemVersion | ClockVersion) -> Key:
    return (version.item, version.name) if isinstance(version, ClockVersion) else (version.item,)


def _with_ends(chain: list[Version]) -> list[tuple[Version, int | None]]:
    """Return each version of a chain with where the next begins; the last one stands."""
    ends: list[int | None] = [*(each.valid_from for each in chain[1:]), None]
    return list(zip(chain, ends, strict=True))


def _end_standing(
    connection: Connection, table: Table, of: tuple[int, int], begins: dict[Key, int]
) -> list[tuple[Key, str]]:
    """End the version that stands where the new one begins; one with the same beginning gives way.

    Returns the key and the row of each version that stands no more.
    """
    key_columns = [column for column in table.primary_key.columns if column.name in {"item", "name"}]
    generation, relationship = of
    asked = select(*key_columns, table.c.valid_from, table.c.row).where(
        table.c.generation == generation,
        table.c.relationship == relationship,
        table.c.valid_to.is_(None),
        among_texts(table.c.item, "items"),
    )
    found = connection.execute(asked, {"items": list({key[0] for key in begins})})
    gone: list[tuple[Key, str]] = []
    ended: list[dict[str, Any]] = []
    replaced: list[dict[str, Any]] = []
    for *key, valid_from, row in found:
        end = begins.get(tuple(key))
        if end is None:
            continue
        gone.append((tuple(key), row))
        place = {"of_generation": generation, "of_relationship": relationship, "of_valid_from": valid_from}
        place |= {f"of_{column.name}": value for column, value in zip(key_columns, key, strict=True)}
        if valid_from < end:
            ended.append({**place, "end": end})
        else:
            replaced.append(place)
    here = [column == bindparam(f"of_{column.name}") for column in table.primary_key.columns]
    if ended:
        connection.execute(update(table).where(*here).values(valid_to=bindparam("end")), ended)
    if replaced:
        connection.execute(delete(table).where(*here), replaced)
    return gone
