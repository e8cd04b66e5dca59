"""A store's database, opened for reading only: SQLite by the standard library, PostgreSQL by psycopg."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import psycopg

Row = Sequence[Any]


class Database(Protocol):
    """A consistent view of one database."""

    def ask(self, statement: str, *values: object) -> list[Row]:
        """Return all rows of a statement; its places for values are written `%s`."""


class UnreadableError(Exception):
    """A store cannot be opened or read; the text says why."""


@contextmanager
def open_database(url: str) -> Iterator[Database]:
    """Open `sqlite:///path` or `postgresql://...` (a driver named behind a plus sign is not looked at).

    Raises:
        UnreadableError: it cannot be opened or read.
    """
    scheme, _, rest = url.partition("://")
    scheme = scheme.partition("+")[0]
    try:
        if scheme == "sqlite":
            with sqlite_view(Path(rest.removeprefix("/"))) as connection:
                yield _Sqlite(connection)
        elif scheme == "postgresql":
            with psycopg.connect(f"{scheme}://{rest}") as connected:
                connected.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                connected.read_only = True
                yield Postgresql(connected)
        else:
            raise UnreadableError(f"{scheme}: neither sqlite nor postgresql")
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        raise UnreadableError(f"{url}: {error}") from error


@contextmanager
def sqlite_view(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file for one consistent look."""
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, statement: str, *values: object) -> list[Row]:
        return self._connection.execute(statement.replace("%s", "?"), values).fetchall()


class Postgresql:
    """PostgreSQL, as a connection sees it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def ask(self, statement: str, *values: object) -> list[Row]:
        """Return all rows of a statement."""
        return self._connection.execute(statement.encode(), values).fetchall()
