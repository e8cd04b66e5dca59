"""The store in one SQLite file, with its lock in a file beside it.

What is lost if the process dies: nothing that was committed, for each commit is synced (WAL, synchronous=FULL).
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Table, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from infra.store.errors import StoreLockedError, StoreUnavailableError
from infra.store.translation import translate_context

_BUSY_SECONDS = 10
_TURN_SECONDS = 60
_POOL_SIZE = 8
_POOL_OVERFLOW = 40
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cache_size=-8192",  # KiB
    "wal_autocheckpoint=4000",  # pages: a checkpoint each 16 MiB, not at every large append
    "journal_size_limit=67108864",  # bytes
)
_VIEW = "counterfoil_view"


class SqliteDatabase:
    """One file; one writer at a time, readers beside it on their own views."""

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise StoreUnavailableError("a store needs a file: sqlite:///path/to/file")
        self._path = Path(url.database)
        self._turn = Lock()
        self.engine = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS, "check_same_thread": False},
            poolclass=QueuePool,
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_OVERFLOW,
            pool_timeout=_BUSY_SECONDS,
        )
        event.listen(self.engine, "handle_error", translate_context, retval=True)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)
        self.reading_engine = self.engine.execution_options(**{_VIEW: True})

    def take_lock(self) -> "SqliteLock":
        """Become the one process that writes."""
        return SqliteLock(self._path.with_name(self._path.name + ".lock"))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for other threads of this process here: the file's own lock is polled, with pauses of up to 100 ms."""
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise StoreUnavailableError("another transaction of this process does not end")
        try:
            yield
        finally:
            self._turn.release()

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows by the driver's own loop over one prepared statement."""
        if rows:
            connection.exec_driver_sql(_insert_statement(table), list(rows))

    def is_broken(self, connection: Connection) -> bool:
        """Tell whether SQLite itself has rolled the transaction back, as it does when the disk fails."""
        driver = connection.connection.driver_connection
        return isinstance(driver, sqlite3.Connection) and not driver.in_transaction

    def read_epoch(self, connection: Connection) -> int:
        """Return the epoch; nobody else writes while this transaction does."""
        epoch: int = connection.exec_driver_sql("SELECT epoch FROM gateway_lock WHERE id = 1").scalar_one()
        return epoch

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


class SqliteLock:
    """An exclusive lock on a file: the system drops it with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = self._take()

    def is_held(self) -> bool:
        """Tell whether the file that is locked is still the one that others would lock."""
        if self._file is None:
            return False
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        mine = os.fstat(self._file)
        return (found.st_dev, found.st_ino) == (mine.st_dev, mine.st_ino)

    def retake(self) -> None:
        """Lock the file that now has the name."""
        taken = self._take()
        self.release()
        self._file = taken

    def release(self) -> None:
        """Give the lock up; the file stays, for removing it would let two processes lock two files."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _take(self) -> int:
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailableError(f"lock file: {error}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise StoreLockedError(f"another process holds {self._path.name}") from error
        return file


@cache
def _insert_statement(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    marks = ", ".join("?" * len(table.c))
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608 - names of our own tables


def _prepare(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A view begins at its first question; a writer takes its turn at once, so that it never has to give up."""
    is_view = connection.get_execution_options().get(_VIEW, False)
    connection.exec_driver_sql("BEGIN" if is_view else "BEGIN IMMEDIATE")
