"""The store itself: views, transactions, the lock and its fence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from infra.store.columns import POSTGRESQL
from infra.store.database import Database, Lock
from infra.store.errors import StoreFencedError, StoreLockedError, StoreUnavailableError
from infra.store.migrations.run import is_current, migrate
from infra.store.postgresql import PostgresqlDatabase
from infra.store.reading import SqlReading
from infra.store.sqlite import SqliteDatabase
from infra.store.transactions import connected, transaction
from infra.store.writing import SqlWriting

QUARANTINE_BYTES = 64 * 1024 * 1024
"""How many bytes set aside are kept per relationship; beyond them only digests (formats.md 6)."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """The lock that this process holds and the epoch that began when it took it."""

    lock: Lock
    epoch: int


class SqlStore:
    """The database behind a gateway.

    A block of `writing()` is for one thread; on SQLite it may not open another within itself.
    """

    def __init__(self, database: Database, ownership: Ownership | None, quarantine_bytes: int) -> None:
        self._database = database
        self._ownership = ownership
        self._quarantine_bytes = quarantine_bytes
        self._closed = False

    @property
    def database(self) -> Database:
        """The database itself, for the read model beside the store."""
        return self._database

    @property
    def may_write(self) -> bool:
        """Whether this process took the lock when it opened the store."""
        return self._ownership is not None

    @contextmanager
    def reading(self) -> Iterator[SqlReading]:
        """Open a consistent view."""
        with self.reading_connection() as connection:
            yield SqlReading(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlWriting]:
        """Open a transaction: committed at the end of the block, undone when the block raises.

        Raises:
            StoreUnavailableError: the database could not be reached, is full or refused; nothing was written.
            StoreLockedError: another process has the lock, or took it over; nothing was written.
            CommitUnknownError: the outcome of the commit is not known; read the store again before signing.
        """
        with self.writing_connection() as connection:
            yield SqlWriting(connection, self._database, self._quarantine_bytes, may_write=self.may_write)

    @contextmanager
    def reading_connection(self) -> Iterator[Connection]:
        """Lend a connection with a consistent view."""
        self._refuse_if_closed()
        with connected(self._database.reading_engine) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """Lend a connection inside a fenced transaction."""
        with self._database.turn():
            self._refuse_if_closed()
            self._hold_lock()
            with transaction(self._database) as connection:
                self._check_epoch(connection)
                yield connection

    def close(self) -> None:
        """Let go of connections and of the lock."""
        self._closed = True
        self._database.close()
        if self._ownership is not None:
            self._ownership.lock.release()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreUnavailableError("this store was closed")

    def _hold_lock(self) -> None:
        """Have the lock; one that was lost is taken again, unless another process took the store over."""
        if self._ownership is None or self._ownership.lock.is_held():
            return
        try:
            self._ownership.lock.retake()
        except StoreLockedError:
            with connected(self._database.engine) as connection, connection.begin():
                self._check_epoch(connection)
            raise

    def _check_epoch(self, connection: Connection) -> None:
        """Refuse to write once another process took over, whatever this one still believes of its lock."""
        if self._ownership is None:
            return
        epoch = self._database.read_epoch(connection)
        if epoch != self._ownership.epoch:
            raise StoreFencedError(f"opened in epoch {self._ownership.epoch}, another process began epoch {epoch}")


def open_store(url: str, *, lock: bool = True, quarantine_bytes: int = QUARANTINE_BYTES) -> SqlStore:
    """Open the store at `sqlite:///path` or `postgresql://user@host/database`, and bring its tables up to date.

    Without the lock a store can be read, and tokens can be kept in it; nothing else can be written.

    Raises:
        StoreUnavailableError: the database could not be reached or is full.
        StoreLockedError: another process writes to this store.
        StoreVersionError: the tables are of a newer version of this software.
    """
    database = _database(url)
    try:
        if lock:
            return SqlStore(database, _take_over(database), quarantine_bytes)
        _look_in(database)
        return SqlStore(database, None, quarantine_bytes)
    except BaseException:
        database.close()
        raise


def _database(url: str) -> Database:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUnavailableError(
            "the address of the store is not of the form sqlite:/// or postgresql://"
        ) from error
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return SqliteDatabase(parsed)
    if kind == POSTGRESQL:
        return PostgresqlDatabase(parsed)
    raise StoreUnavailableError(f"a store of kind {kind} is not known; sqlite:/// and postgresql:// are")


def _take_over(database: Database) -> Ownership:
    """Take the lock, bring the tables up to date and begin an epoch: whoever wrote before is fenced off."""
    lock = database.take_lock()
    try:
        with database.turn(), transaction(database) as connection:
            migrate(connection)
            epoch = connection.exec_driver_sql("UPDATE gateway_lock SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch")
            return Ownership(lock, epoch.scalar_one())
    except BaseException:
        lock.release()
        raise


def _look_in(database: Database) -> None:
    """Use the tables as they are; only if they are missing or old, take the lock for as long as their making takes."""
    with connected(database.reading_engine) as connection, connection.begin():
        if is_current(connection):
            return
    try:
        _take_over(database).lock.release()
    except StoreLockedError as error:
        raise StoreLockedError("the gateway that runs on this store is of another version") from error
