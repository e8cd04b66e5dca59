"""What differs between the two databases, behind one small seam."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Executable, Table, Text, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from infra.store.columns import POSTGRESQL
from infra.store.sums import ROW_SUM, has_sum, sum_of_row


class Lock(Protocol):
    """The right of one process to write."""

    def is_held(self) -> bool:
        """Tell, without asking the database, whether the lock is still held as far as this process can see."""

    def retake(self) -> None:
        """Take a lock that was lost once more.

        Raises:
            StoreLockedError: another process has it.
        """

    def release(self) -> None:
        """Give the lock up."""


class Database(Protocol):
    """PostgreSQL or SQLite."""

    @property
    def engine(self) -> Engine:
        """The connections for transactions that write."""

    @property
    def reading_engine(self) -> Engine:
        """The same connections for consistent views."""

    def take_lock(self) -> Lock:
        """Become the one process that writes.

        Raises:
            StoreLockedError: another process is.
        """

    def turn(self) -> AbstractContextManager[None]:
        """Wait until no other thread of this process writes, where that helps."""

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of all columns of a table, in its order, as fast as the database can.

        Values are as the driver takes them: a role is its number.
        """

    def is_broken(self, connection: Connection) -> bool:
        """Tell whether the transaction can no longer be committed although nobody ended it."""

    def read_epoch(self, connection: Connection) -> int:
        """Return the epoch, held against changes until the transaction ends."""

    def close(self) -> None:
        """Let go of all connections."""


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows by column name, replacing those with the same primary key; each gets its sum where it has one."""
    if has_sum(table):
        rows = [{**row, ROW_SUM: sum_of_row(row)} for row in rows]
    if rows:
        connection.execute(_upsert_statement(connection.dialect.name, table), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows by column name; one whose primary key is there already is passed over."""
    if not rows:
        return
    if connection.dialect.name != POSTGRESQL:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)
        return
    columns = {column.name: [row[column.name] for row in rows] for column in table.c}
    connection.execute(_insert_new_statement(table), columns)  # one statement, however many rows


@cache
def _insert_new_statement(table: Table) -> Executable:
    """Return PostgreSQL's insertion of rows that are handed in column by column."""
    names = [column.name for column in table.c]
    values = [bindparam(column.name, type_=postgresql.ARRAY(_element_of(column.type))) for column in table.c]
    given = func.unnest(*values).table_valued(*names).render_derived()
    chosen = select(*(given.c[name] for name in names))
    return postgresql.insert(table).from_select(names, chosen).on_conflict_do_nothing()


def _element_of(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return Text() if isinstance(kind, Text) else kind  # an array has no collation


@cache
def _upsert_statement(dialect: str, table: Table) -> Executable:
    statement = postgresql.insert(table) if dialect == POSTGRESQL else sqlite.insert(table)
    replaced = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=replaced)
