"""The read model itself: rows and position move in one transaction, or not at all."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from events.stored.read_model import ClockVersion, ItemVersion, ReceivedStep
from infra.read_model.reading import SqlReadModelReading
from infra.read_model.rows import Values, clock_values, item_values, step_values
from infra.read_model.tables import CLOCK_VERSION, ITEM_VERSION, PROJECTION_POSITION, RECEIVED_STEP
from infra.store.columns import among_texts
from infra.store.errors import PositionMovedError, StoreLockedError
from infra.store.sql_store import SqlStore

Version = TypeVar("Version", ItemVersion, ClockVersion)
Key = tuple[str, ...]


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


class SqlReadModel:
    """Row versions in the store's database; it fits the port `ReadModel`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    @contextmanager
    def reading(self) -> Iterator[SqlReadModelReading]:
        """Open a consistent view."""
        with self._store.reading_connection() as connection:
            yield SqlReadModelReading(connection)

    def apply(self, batch: Batch, *, expected: int) -> None:
        """Write a batch: close versions that end, insert new ones, move the position, in one transaction.

        Raises:
            PositionMovedError: the position is not `expected`; nothing was written.
            StoreUnavailableError: the database could not be reached, is full or refused; nothing was written.
        """
        with self._writing() as connection:
            _move_position(connection, expected, batch.position)
            self._add(connection, ITEM_VERSION, _by_relationship(batch.items), item_values)
            self._add(connection, CLOCK_VERSION, _by_relationship(batch.clocks), clock_values)
            steps = [step_values(relationship, step) for relationship, step in batch.steps]
            self._store.database.insert_rows(connection, RECEIVED_STEP, steps)

    def clear(self) -> None:
        """Forget every row and go back to position 0."""
        with self._writing() as connection:
            for table in (ITEM_VERSION, CLOCK_VERSION, RECEIVED_STEP):
                connection.execute(delete(table))
            connection.execute(update(PROJECTION_POSITION).values(position=0))

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
        connection: Connection,
        table: Table,
        versions: dict[int, list[Version]],
        values_of: Callable[[int, Version, int | None], Values],
    ) -> None:
        for relationship, added in versions.items():
            chains = _chains(added)
            _end_standing(connection, table, relationship, {key: chain[0].valid_from for key, chain in chains.items()})
            rows = [values_of(relationship, *place) for chain in chains.values() for place in _with_ends(chain)]
            self._store.database.insert_rows(connection, table, rows)


def _move_position(connection: Connection, expected: int, position: int) -> None:
    moved = (
        update(PROJECTION_POSITION)
        .where(PROJECTION_POSITION.c.id == 1, PROJECTION_POSITION.c.position == expected)
        .values(position=position)
    )
    if connection.execute(moved).rowcount != 1:
        raise PositionMovedError(f"the rows are not folded up to {expected}")


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


def _end_standing(connection: Connection, table: Table, relationship: int, begins: dict[Key, int]) -> None:
    """End the version that stands where the new one begins; one with the same beginning gives way."""
    key_columns = [column for column in table.primary_key.columns if column.name in {"item", "name"}]
    asked = select(*key_columns, table.c.valid_from).where(
        table.c.relationship == relationship, table.c.valid_to.is_(None), among_texts(table.c.item, "items")
    )
    found = connection.execute(asked, {"items": list({key[0] for key in begins})})
    ended: list[dict[str, Any]] = []
    replaced: list[dict[str, Any]] = []
    for *key, valid_from in found:
        end = begins.get(tuple(key))
        if end is None:
            continue
        place = {"of_relationship": relationship, "of_valid_from": valid_from}
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
