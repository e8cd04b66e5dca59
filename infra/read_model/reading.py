"""Questions to the read model on one consistent view."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from events.encoding.identifiers import Role
from events.stored.read_model import ClockVersion, ItemVersion, ReceivedStep
from infra.read_model.conditions import ItemFilter, conditions_of, ordered, valid_at
from infra.read_model.rows import decode_row, encode_row
from infra.read_model.tables import CLOCK_VERSION, ITEM_VERSION, PROJECTION_POSITION, RECEIVED_STEP
from infra.store.columns import RoleNumber, among_texts
from infra.store.reading_journal import AnyRow

_FETCHED_AT_ONCE = 1000
NO_CLOCK = encode_row({})

_POSITION = select(PROJECTION_POSITION.c.position)
_ITEM = (
    ITEM_VERSION.c.relationship,
    ITEM_VERSION.c.item,
    ITEM_VERSION.c.category,
    ITEM_VERSION.c.valid_from,
    ITEM_VERSION.c.row,
)
_CLOCK = (CLOCK_VERSION.c.item, CLOCK_VERSION.c.name, CLOCK_VERSION.c.valid_from, CLOCK_VERSION.c.row)
_STEP = (RECEIVED_STEP.c.role, RECEIVED_STEP.c.seen, RECEIVED_STEP.c.time, RECEIVED_STEP.c.sequence)
_OF_STEPS = (
    RECEIVED_STEP.c.relationship == bindparam("relationship"),
    RECEIVED_STEP.c.role == bindparam("role", type_=RoleNumber),
)
_STEPS = select(*_STEP).where(*_OF_STEPS).order_by(RECEIVED_STEP.c.seen)
_STEP_AFTER = _STEPS.where(RECEIVED_STEP.c.seen > bindparam("position")).limit(1)


class SqlReadModelReading:
    """Everything that screens and projections ask; it fits the port `ReadModelReading`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self) -> int:
        """Return the local sequence up to which rows are folded."""
        return int(self._connection.execute(_POSITION).scalar_one())

    def items(self, query: ItemFilter) -> Sequence[tuple[int, ItemVersion]]:
        """Return (relationship, row version) in the order asked for, at most `limit`.

        Raises:
            ValueError: there is no such order.
        """
        asked = ordered(select(*_ITEM).where(*conditions_of(query)), query).limit(query.limit)
        return [_item_of(row) for row in self._connection.execute(asked)]

    def count_items(self, query: ItemFilter) -> int:
        """Count the rows of a query, its limit and keyset apart."""
        asked = select(func.count()).select_from(ITEM_VERSION).where(*conditions_of(query))
        return int(self._connection.execute(asked).scalar_one())

    def item(self, item: str, as_of: int | None = None) -> tuple[int, ItemVersion] | None:
        """Return the row of one item, now or as of a local sequence."""
        asked = select(*_ITEM).where(ITEM_VERSION.c.item == item, valid_at(ITEM_VERSION, as_of))
        row = self._connection.execute(asked.order_by(ITEM_VERSION.c.relationship).limit(1)).first()
        return None if row is None else _item_of(row)

    def current_items(self, relationship: int, items: Collection[str]) -> Mapping[str, ItemVersion]:
        """Return the present rows of these items."""
        asked = select(*_ITEM).where(
            ITEM_VERSION.c.relationship == relationship,
            among_texts(ITEM_VERSION.c.item, "items"),
            valid_at(ITEM_VERSION, None),
        )
        found = self._connection.execute(asked, {"items": list(items)}) if items else ()
        return {row.item: _item_of(row)[1] for row in found}

    def all_items(self, relationship: int) -> Sequence[str]:
        """Return the ids of all items of a relationship."""
        asked = select(ITEM_VERSION.c.item).where(
            ITEM_VERSION.c.relationship == relationship, valid_at(ITEM_VERSION, None)
        )
        return list(self._connection.execute(asked.order_by(ITEM_VERSION.c.item)).scalars())

    def clocks(
        self, items: Collection[str], as_of: int | None = None, relationship: int | None = None
    ) -> Sequence[ClockVersion]:
        """Return the clocks of these items, by item and name; of one relationship, or of all."""
        asked = (
            select(*_CLOCK)
            .where(
                among_texts(CLOCK_VERSION.c.item, "items"),
                valid_at(CLOCK_VERSION, as_of),
                CLOCK_VERSION.c.row != NO_CLOCK,
            )
            .order_by(CLOCK_VERSION.c.item, CLOCK_VERSION.c.name)
        )
        if relationship is not None:
            asked = asked.where(CLOCK_VERSION.c.relationship == relationship)
        found = self._connection.execute(asked, {"items": list(items)}) if items else ()
        return [ClockVersion(row.item, row.name, row.valid_from, decode_row(row.row)) for row in found]

    def received_at(self, relationship: int, role: Role, position: int, as_of: int | None = None) -> str | None:
        """Return the time at which the reader of a journal had taken in this position (formats.md 4)."""
        asked = {"relationship": relationship, "role": role, "position": position}
        row = self._connection.execute(_STEP_AFTER, asked).first()
        if row is None or (as_of is not None and row.sequence > as_of):
            return None
        return str(row.time)

    def steps(self, relationship: int, role: Role) -> Sequence[ReceivedStep]:
        """Return all received steps of a journal, by `seen`."""
        found = self._connection.execute(_STEPS, {"relationship": relationship, "role": role})
        return [ReceivedStep(*row) for row in found]

    def digest(self, relationship: int) -> Mapping[str, Any]:
        """Return counts and a hash over all row versions, for comparing a rebuild with what stands."""
        return {
            "items": len(self.all_items(relationship)),
            "item_versions": self._digest(_versions(ITEM_VERSION, relationship)),
            "clock_versions": self._digest(_versions(CLOCK_VERSION, relationship)),
            "received_steps": self._digest(
                select(*_STEP).where(_OF_STEPS[0]).order_by(*RECEIVED_STEP.primary_key.columns), relationship
            ),
        }

    def _digest(self, statement: Select[*tuple[Any, ...]], relationship: int | None = None) -> dict[str, Any]:
        """Return how many rows there are and the SHA-256 over them."""
        asked = {} if relationship is None else {"relationship": relationship}
        count, found = 0, hashlib.sha256()
        options = {"yield_per": _FETCHED_AT_ONCE}
        for count, row in enumerate(self._connection.execute(statement, asked, execution_options=options), 1):  # noqa: B007 - the last number is the count
            found.update("\t".join(map(str, row)).encode() + b"\n")
        return {"count": count, "sha256": found.hexdigest()}


def _versions(table: Any, relationship: int) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - one of the two tables of versions
    columns = [column for column in table.c if column.name in {"item", "name", "valid_from", "valid_to", "row"}]
    return select(*columns).where(table.c.relationship == relationship).order_by(*table.primary_key.columns)


def _item_of(row: AnyRow) -> tuple[int, ItemVersion]:
    return row.relationship, ItemVersion(row.item, row.category, row.valid_from, decode_row(row.row))
