"""Generations of rows: the one that screens read, and one that a rebuild writes beside it.

What is lost if the process dies: nothing. Until `take_over` commits, the old rows stand; what a rebuild has written so
far is taken up again by the next start, and rows of no generation in use are deleted, some at a time.
"""

from collections.abc import Iterator
from enum import IntEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, Table, and_, delete, func, insert, select, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from infra.read_model.tables import (
    CLOCK_VERSION,
    CONCLUSION,
    ITEM_MARK,
    ITEM_VERSION,
    PARKED_ITEM,
    PROJECTION_POSITION,
    RECEIVED_STEP,
)

TABLES = (ITEM_VERSION, ITEM_MARK, CLOCK_VERSION, RECEIVED_STEP, CONCLUSION, PARKED_ITEM)

_PLACES = PROJECTION_POSITION.c


class Place(IntEnum):
    """A line of `projection_position`: the rows that stand, or those that a rebuild writes."""

    STANDING = 1
    REBUILT = 2


def generation_at(place: Place) -> ScalarSelect[int]:
    """Return the generation of a place, for use inside a statement."""
    return select(_PLACES.generation).where(_PLACES.id == int(place)).scalar_subquery()


def of_place(table: Table, place: Place) -> ColumnElement[bool]:
    """Return the condition that a row of a table is of the generation at a place."""
    return table.c.generation == generation_at(place)


def begin(connection: Connection, software: str) -> None:
    """Begin a rebuild from entry 0; one that was under way is forgotten."""
    newest = select(func.max(_PLACES.generation) + 1).scalar_subquery()
    generation = connection.execute(select(newest)).scalar_one()
    connection.execute(delete(PROJECTION_POSITION).where(_PLACES.id == int(Place.REBUILT)))
    line = {"id": int(Place.REBUILT), "position": 0, "generation": generation, "software": software}
    connection.execute(insert(PROJECTION_POSITION), [line])


def take_over(connection: Connection, position: int) -> bool:
    """Let the rebuilt rows stand if both stand at this position; tell whether they now do."""
    ready = select(_PLACES.id).where(_PLACES.id == int(Place.REBUILT), _PLACES.position == position).exists()
    moved = (
        update(PROJECTION_POSITION)
        .where(_PLACES.id == int(Place.STANDING), _PLACES.position == position, ready)
        .values(generation=generation_at(Place.REBUILT))
    )
    if connection.execute(moved).rowcount != 1:
        return False
    connection.execute(delete(PROJECTION_POSITION).where(_PLACES.id == int(Place.REBUILT)))
    return True


def discard(connection: Connection, limit: int) -> int:
    """Delete up to `limit` rows of generations that are no longer in use; return how many, 0 when there are none."""
    used = sorted(connection.execute(select(_PLACES.generation)).scalars())
    for table in TABLES:
        for unused in _between(table.c.generation, used):
            deleted = connection.execute(_deletion(table, unused, limit)).rowcount
            if deleted:
                return deleted
    return 0


def _between(generation: ColumnElement[int], used: list[int]) -> Iterator[ColumnElement[bool]]:
    """Return the ranges of generations that are not in use, so that an index finds them at once."""
    yield generation < used[0]
    for lower, upper in pairwise(used):
        yield and_(generation > lower, generation < upper)
    yield generation > used[-1]


def _deletion(table: Table, unused: ColumnElement[bool], limit: int) -> Any:  # noqa: ANN401 - SQLAlchemy's own generic type
    key = list(table.primary_key.columns)
    chosen: Select[Any] = select(*key).where(unused).order_by(*key).limit(limit)
    return delete(table).where(tuple_(*key).in_(chosen))
