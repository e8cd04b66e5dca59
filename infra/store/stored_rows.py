"""The rows of the store as the database keeps them, for checking; fits `services.gateway.ports.stored_rows`."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    Table,
    Text,
    and_,
    cast,
    func,
    literal,
    not_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Boolean, SmallInteger, TypeEngine

from infra.store.columns import ROLE_NUMBERS, RoleNumber
from infra.store.reading import SqlReading
from infra.store.sql_store import SqlStore
from infra.store.sums import ROW_SUM, has_sum, sum_of_entry, sum_of_row
from infra.store.tables import ENTRY, METADATA, RELATIONSHIP

AT_ONCE = 1000  # rows read together

_ROLES = ("role", "author", "own_role")


class SqlStoredRows:
    """Raw rows of one connection with a consistent view."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, table: str, **equal: int) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of a table in the order of its primary key, those whose columns have these values."""
        yield from self._rows(METADATA.tables[table], equal)

    def after(
        self, table: str, key: tuple[object, ...] | None, limit: int, **equal: int
    ) -> Sequence[Mapping[str, Any]]:
        """Return the next rows of a table behind a primary key (from the first, without one), in its order."""
        return self._after(METADATA.tables[table], key, limit, equal)

    def is_whole(self, table: str, row: Mapping[str, Any]) -> bool:
        """Tell whether a row has the sum of its other columns, or needs none."""
        if table == ENTRY.name:
            made = sum_of_entry(row["revision"], row["order_major"], row["code"], row["violates"], row["body"])
            return bool(row[ROW_SUM] == made)
        return not has_sum(METADATA.tables[table]) or row[ROW_SUM] == sum_of_row(row)

    def strays(self, table: str) -> int:
        """Count the rows that belong to no relationship of this gateway, or to no journal of one."""
        found = METADATA.tables[table]
        known = [found.c.relationship.in_(select(RELATIONSHIP.c.number))] if "relationship" in found.c else []
        roles = [_raw(found.c[name]).in_(ROLE_NUMBERS.values()) for name in _ROLES if name in found.c]
        asked = select(func.count()).select_from(found).where(not_(and_(*known, *roles)))
        return self._connection.execute(asked).scalar() or 0

    def wrong_sums(self) -> Iterator[tuple[str, str]]:
        """Yield table and key of each row whose sum is not that of its other columns."""
        for table in METADATA.sorted_tables:
            if has_sum(table):
                for row in self._rows(table, {}):
                    if row[ROW_SUM] != sum_of_row(row):
                        yield table.name, " ".join(str(row[column.name]) for column in table.primary_key)

    def complaints(self) -> Sequence[str]:
        """Return what SQLite finds wrong with its file; PostgreSQL has no such question."""
        if not isinstance(self._connection.connection.driver_connection, sqlite3.Connection):
            return []
        said = [str(row[0]) for row in self._connection.exec_driver_sql("PRAGMA integrity_check(100)")]
        return [] if said == ["ok"] else said

    def _rows(self, table: Table, equal: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
        """Read by key, so that a long table is never in memory and another question may be asked meanwhile."""
        last: tuple[object, ...] | None = None
        while found := self._after(table, last, AT_ONCE, equal):
            yield from found
            last = tuple(found[-1][column.name] for column in table.primary_key)

    def _after(
        self, table: Table, key: tuple[object, ...] | None, limit: int, equal: Mapping[str, int]
    ) -> Sequence[Mapping[str, Any]]:
        columns = [_raw(column) for column in table.primary_key]
        asked = select(*(_raw(column).label(column.name) for column in table.c)).order_by(*columns).limit(limit)
        asked = asked.where(*(_raw(table.c[name]) == value for name, value in equal.items()))
        if key is not None:
            asked = asked.where(tuple_(*columns) > tuple_(*map(_bound, key)))
        return [dict(row) for row in self._connection.execute(asked).mappings()]


@contextmanager
def checking(store: SqlStore) -> Iterator[tuple[SqlStoredRows, SqlReading]]:
    """Open one consistent view for raw rows and for questions; text that is no UTF-8 can be read in it."""
    with store.reading_connection() as connection:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.text_factory = _text
        try:
            yield SqlStoredRows(connection), SqlReading(connection)
        finally:
            if isinstance(driver, sqlite3.Connection):
                driver.text_factory = str


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _bound(value: object) -> ColumnElement[Any]:
    """Return a value as a parameter, also a text that is no UTF-8."""
    raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b""
    if raw.decode("utf-8", "ignore").encode() != raw:  # only SQLite keeps such a text
        return cast(literal(raw, LargeBinary()), Text())
    return literal(value)


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """Return a column without what turns its values into ours."""
    if isinstance(column.type, RoleNumber | Boolean):
        plain: TypeEngine[int] = SmallInteger()
        return type_coerce(column, plain)
    return column
