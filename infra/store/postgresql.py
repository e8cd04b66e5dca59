"""The store in one PostgreSQL database; its lock is an advisory lock of a session that does nothing else.

What is lost if the process dies: nothing that was committed, for a commit is answered when it is on the disk.
A pool between gateway and server must keep one server session per connection.
"""

import select
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    create_engine,
    event,
)
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool
from sqlalchemy.types import TypeEngine

from infra.store.columns import POSTGRESQL, RoleNumber
from infra.store.errors import StoreLockedError, StoreUnavailableError
from infra.store.translation import translate, translate_context

_LOCK_KEY = int.from_bytes(b"cntrfoil") >> 1
_CONNECT_SECONDS = 5
_LOCK_WAIT = "1s"  # the server lets the lock of a process that was killed go when it notices, most often at once
_WAIT_SECONDS = 10
_POOL_SIZE = 8
_POOL_OVERFLOW = 40

# For a gateway that is stopped inside a transaction: the server lets the row go, and whoever takes over gets on.
_EPOCH = """
SELECT epoch, set_config('idle_in_transaction_session_timeout', '60s', true)
FROM gateway_lock WHERE id = 1 FOR SHARE
"""
_SESSION = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    "SET plan_cache_mode = force_custom_plan",  # a plan made for an empty table would scan the full one
    "SET lock_timeout = '10s'",
)
_LOCK_SESSION = (
    "SET tcp_keepalives_idle = 10",  # a host that vanished holds the lock for half a minute at most
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 4",
    "SET idle_session_timeout = 0",
)


class PostgresqlDatabase:
    """One database; transactions that write see what is committed, views stay as they began."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self.engine = create_engine(
            self._url,
            connect_args={"connect_timeout": _CONNECT_SECONDS},
            poolclass=QueuePool,
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_OVERFLOW,
            pool_timeout=_WAIT_SECONDS,
            isolation_level="READ COMMITTED",
        )
        event.listen(self.engine, "handle_error", translate_context, retval=True)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "checkout", _look)
        self.reading_engine = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def take_lock(self) -> "PostgresqlLock":
        """Become the one process that writes."""
        return PostgresqlLock(self._url)

    def turn(self) -> AbstractContextManager[None]:
        """Wait for nobody: the server orders those who write."""
        return nullcontext()

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows by binary COPY, the fastest way (measured: half the time of arrays through unnest)."""
        if not rows:
            return
        statement, kinds = _copy_statement(table)
        try:
            with _driver_connection(connection).cursor() as cursor, cursor.copy(statement) as copy:
                copy.set_types(kinds)
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as error:
            raise translate(error) or error from error

    def is_broken(self, connection: Connection) -> bool:
        """Tell whether a statement failed, after which the server answers a commit with a silent rollback."""
        return _driver_connection(connection).info.transaction_status == psycopg.pq.TransactionStatus.INERROR

    def read_epoch(self, connection: Connection) -> int:
        """Return the epoch, shared: whoever takes over waits for this transaction."""
        epoch: int = connection.exec_driver_sql(_EPOCH).scalar_one()
        return epoch

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


class PostgresqlLock:
    """A session that holds the advisory lock as long as it lives."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername=POSTGRESQL).render_as_string(hide_password=False)
        self._turn = Lock()
        self._session = self._take()

    def is_held(self) -> bool:
        """Tell whether the session lives, by looking whether its end has come in: no question to the server."""
        return _lives(self._session)

    def retake(self) -> None:
        """Open another session and take the lock with it, unless another thread just did."""
        with self._turn:
            if not self.is_held():
                self._session.close()
                self._session = self._take()

    def release(self) -> None:
        """Give the lock up with its session."""
        self._session.close()

    def _take(self) -> psycopg.Connection[Any]:
        try:
            session = psycopg.connect(self._address, autocommit=True, connect_timeout=_CONNECT_SECONDS)
            for setting in _LOCK_SESSION:
                session.execute(setting)
            session.execute("SELECT set_config('lock_timeout', %s, false)", (_LOCK_WAIT,))
            session.execute("SELECT pg_advisory_lock(%s)", (_LOCK_KEY,))
        except psycopg.errors.LockNotAvailable as error:
            session.close()
            raise StoreLockedError("another session holds the lock of this database") from error
        except psycopg.Error as error:
            raise translate(error) or error from error
        return session


def _driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise StoreUnavailableError("the connection is closed")
    return driver


@cache
def _copy_statement(table: Table) -> tuple[str, list[str]]:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    kinds = [_kind(column.type) for column in table.c]
    return f'COPY "{table.name}" ({columns}) FROM STDIN (FORMAT BINARY)', kinds


def _kind(column_type: TypeEngine[Any]) -> str:
    """Return PostgreSQL's name of a column's type."""
    if isinstance(column_type, RoleNumber | SmallInteger):
        return "int2"
    if isinstance(column_type, BigInteger):
        return "int8"
    if isinstance(column_type, Integer):
        return "int4"
    if isinstance(column_type, LargeBinary):
        return "bytea"
    return "bool" if isinstance(column_type, Boolean) else "text"


def _lives(session: psycopg.Connection[Any]) -> bool:
    """Tell whether a session lives, by looking whether its end has come in: no question to the server."""
    if session.closed:
        return False
    try:
        waiting = select.poll()
        waiting.register(session.fileno(), select.POLLIN)
        if waiting.poll(0):
            session.pgconn.consume_input()
    except (psycopg.Error, OSError):
        return False
    return session.pgconn.status == psycopg.pq.ConnStatus.OK


def _look(connection: psycopg.Connection[Any], _record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """Have the pool open another session where the server has ended this one."""
    if not _lives(connection):
        raise DisconnectionError("the server has ended this session")


def _prepare(connection: psycopg.Connection[Any], _record: ConnectionPoolEntry) -> None:
    for setting in _SESSION:
        connection.execute(setting)
    connection.commit()
