"""Questions to the read model on one consistent view."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from events.conclusions.total import Concluded
from events.encoding.identifiers import Role
from events.stored.read_model import CategoryCount, ClockVersion, ItemVersion, ParkedItem, ReceivedStep
from infra.read_model.conditions import DUE_AT, ItemFilter, conditions_of, is_open_row, ordered, valid_at
from infra.read_model.generations import Place, generation_at, of_place
from infra.read_model.rows import decode_row, encode_row
from infra.read_model.summing import read_sums
from infra.read_model.tables import CLOCK_VERSION, ITEM_VERSION, PARKED_ITEM, PROJECTION_POSITION, RECEIVED_STEP
from infra.store.columns import RoleNumber, among_texts
from infra.store.reading_journal import AnyRow

_FETCHED_AT_ONCE = 1000
NO_CLOCK = encode_row({})

_POSITION = {
    place: select(PROJECTION_POSITION.c.position).where(PROJECTION_POSITION.c.id == int(place)) for place in Place
}
_PARKED_COLUMNS = tuple(PARKED_ITEM.c[name] for name in ("relationship", "item", "owner", "since", "detail"))
_PARKED = {
    place: select(*_PARKED_COLUMNS).where(of_place(PARKED_ITEM, place)).order_by(PARKED_ITEM.c.since) for place in Place
}
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
_STEPS = {
    place: select(*_STEP).where(of_place(RECEIVED_STEP, place), *_OF_STEPS).order_by(RECEIVED_STEP.c.seen)
    for place in Place
}
_AFTER = RECEIVED_STEP.c.seen > bindparam("position")
_STEP_AFTER = {place: steps.where(_AFTER).limit(1) for place, steps in _STEPS.items()}


class SqlReadModelReading:
    """Everything that screens and projections ask of one generation of rows; it fits the port `ReadModelReading`."""

    def __init__(self, connection: Connection, place: Place = Place.STANDING) -> None:
        self._connection = connection
        self._place = place

    def position(self) -> int:
        """Return the local sequence up to which rows are folded."""
        return int(self._connection.execute(_POSITION[self._place]).scalar_one())

    def parked(self) -> Sequence[tuple[int, ParkedItem]]:
        """Return (relationship, item) of all items whose rows stand still."""
        found = self._connection.execute(_PARKED[self._place])
        return [(row[0], ParkedItem(*row[1:])) for row in found]

    def items(self, query: ItemFilter) -> Sequence[tuple[int, ItemVersion]]:
        """Return (relationship, row version) in the order asked for, at most `limit`.

        Raises:
            ValueError: there is no such order.
        """
        asked = ordered(select(*_ITEM).where(*conditions_of(query, self._place)), query).limit(query.limit)
        return [_item_of(row) for row in self._connection.execute(asked)]

    def count_items(self, query: ItemFilter) -> int:
        """Count the rows of a query, its limit and keyset apart."""
        asked = select(func.count()).select_from(ITEM_VERSION).where(*conditions_of(query, self._place))
        return int(self._connection.execute(asked).scalar_one())

    def counts(self, query: ItemFilter, now: str, soon: str) -> Sequence[CategoryCount]:
        """Count the rows of a query by category; due and overdue are open ones, by these moments."""
        is_open = is_open_row()
        is_overdue, is_due = and_(is_open, now > DUE_AT), and_(is_open, now <= DUE_AT, soon > DUE_AT)
        numbers = [func.count(), *(func.sum(case((each, 1), else_=0)) for each in (is_open, is_due, is_overdue))]
        asked = select(ITEM_VERSION.c.category, *numbers).where(*conditions_of(query, self._place))
        grouped = asked.group_by(ITEM_VERSION.c.category).order_by(ITEM_VERSION.c.category)
        return [CategoryCount(row[0], *map(int, row[1:])) for row in self._connection.execute(grouped)]

    def item(
        self, item: str, as_of: int | None = None, relationship: int | None = None
    ) -> tuple[int, ItemVersion] | None:
        """Return the row of one item, now or as of a local sequence; of one relationship, or of all."""
        asked = select(*_ITEM).where(
            self._here(ITEM_VERSION), ITEM_VERSION.c.item == item, valid_at(ITEM_VERSION, as_of)
        )
        if relationship is not None:
            asked = asked.where(ITEM_VERSION.c.relationship == relationship)
        row = self._connection.execute(asked.order_by(ITEM_VERSION.c.relationship).limit(1)).first()
        return None if row is None else _item_of(row)

    def current_items(
        self, relationship: int, items: Collection[str], as_of: int | None = None
    ) -> Mapping[str, ItemVersion]:
        """Return the rows of these items, now or as of a local sequence."""
        asked = select(*_ITEM).where(
            self._here(ITEM_VERSION),
            ITEM_VERSION.c.relationship == relationship,
            among_texts(ITEM_VERSION.c.item, "items"),
            valid_at(ITEM_VERSION, as_of),
        )
        found = self._connection.execute(asked, {"items": list(items)}) if items else ()
        return {row.item: _item_of(row)[1] for row in found}

    def all_items(self, relationship: int) -> Sequence[str]:
        """Return the ids of all items of a relationship."""
        asked = select(ITEM_VERSION.c.item).where(
            self._here(ITEM_VERSION), ITEM_VERSION.c.relationship == relationship, valid_at(ITEM_VERSION, None)
        )
        return list(self._connection.execute(asked.order_by(ITEM_VERSION.c.item)).scalars())

    def clocks(
        self, items: Collection[str], as_of: int | None = None, relationship: int | None = None
    ) -> Sequence[ClockVersion]:
        """Return the clocks of these items, by item and name; of one relationship, or of all."""
        asked = (
            select(*_CLOCK)
            .where(
                self._here(CLOCK_VERSION),
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
        row = self._connection.execute(_STEP_AFTER[self._place], asked).first()
        if row is None or (as_of is not None and row.sequence > as_of):
            return None
        return str(row.time)

    def steps(self, relationship: int, role: Role) -> Sequence[ReceivedStep]:
        """Return all received steps of a journal, by `seen`."""
        found = self._connection.execute(_STEPS[self._place], {"relationship": relationship, "role": role})
        return [ReceivedStep(*row) for row in found]

    def digest(self, relationship: int) -> Mapping[str, Any]:
        """Return counts and a hash over all row versions, for comparing a rebuild with what stands."""
        return {
            "items": len(self.all_items(relationship)),
            "item_versions": self._digest(ITEM_VERSION, ("item", "valid_from", "valid_to", "row"), relationship),
            "clock_versions": self._digest(
                CLOCK_VERSION, ("item", "name", "valid_from", "valid_to", "row"), relationship
            ),
            "received_steps": self._digest(RECEIVED_STEP, ("role", "seen", "time", "sequence"), relationship),
        }

    def conclusions(self) -> Mapping[int, Concluded]:
        """Return the sums over the shared rows that stand, by relationship, with what they take in."""
        generation = self._connection.execute(select(generation_at(self._place))).scalar_one()
        return read_sums(self._connection, generation)

    def rebuilding(self) -> tuple[int, str] | None:
        """Return how far a rebuild has come, as a local sequence, and by which software; None without one."""
        line = select(PROJECTION_POSITION.c.position, PROJECTION_POSITION.c.software)
        found = self._connection.execute(line.where(PROJECTION_POSITION.c.id == int(Place.REBUILT))).first()
        return None if found is None else (int(found.position), str(found.software))

    def _here(self, table: Table) -> ColumnElement[bool]:
        return of_place(table, self._place)

    def _digest(self, table: Table, columns: tuple[str, ...], relationship: int) -> dict[str, Any]:
        """Return how many rows there are and the SHA-256 over them."""
        of_these = (self._here(table), table.c.relationship == relationship)
        statement = select(*(table.c[name] for name in columns)).where(*of_these).order_by(*table.primary_key.columns)
        count, found = 0, hashlib.sha256()
        options = {"yield_per": _FETCHED_AT_ONCE}
        for count, row in enumerate(self._connection.execute(statement, execution_options=options), 1):  # noqa: B007 - the last number is the count
            found.update("\t".join(map(str, row)).encode() + b"\n")
        return {"count": count, "sha256": found.hexdigest()}


def _item_of(row: AnyRow) -> tuple[int, ItemVersion]:
    return row.relationship, ItemVersion(row.item, row.category, row.valid_from, decode_row(row.row))
