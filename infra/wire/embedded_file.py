"""The SQLite file behind the embedded wire: topics with an id and an end, records by topic and offset."""

import fcntl
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from events.journal.wire import FILES_SUFFIX, WireRecord
from infra.wire.errors import WireUnavailableError
from infra.wire.records import CUT_BYTES, delivered_record

MAX_FILE_RECORDS = 512  # kept of a topic of files; ours have a quarter of a MiB
MAX_READ_BYTES = 8_388_608  # 8 MiB: the most that one read returns, but for its last record

_BUSY_SECONDS = 10.0
_TURN_PAUSE_SECONDS = 0.002
_TOPIC_ID_BYTES = 16
_KIND_BYTES = 64  # more than any kind has, so that a longer one is still seen to be odd
_SETTINGS = (
    "PRAGMA page_size = 16384",  # only for a file made anew: large records take few pages, small ones one
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 67108864",  # bytes
    "PRAGMA wal_autocheckpoint = 1000",  # pages: a checkpoint each 16 MiB
)
_TABLES = (
    """CREATE TABLE IF NOT EXISTS topic (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, id TEXT NOT NULL, "end" INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS record (
        topic INTEGER NOT NULL, "offset" INTEGER NOT NULL, kind TEXT, value BLOB
    ) STRICT""",
    'CREATE UNIQUE INDEX IF NOT EXISTS record_place ON record (topic, "offset")',
)
_TOPIC = 'SELECT number, id, "end" FROM topic WHERE name = ?'
_MAKE_TOPIC = 'INSERT INTO topic (name, id, "end") VALUES (?, ?, 0) ON CONFLICT (name) DO NOTHING'
_MOVE_END = 'UPDATE topic SET "end" = ? WHERE number = ?'
_DROP = 'DELETE FROM record WHERE topic = ? AND "offset" < ?'
_ADD = 'INSERT INTO record (topic, "offset", kind, value) VALUES (?, ?, ?, ?)'
_RECORDS = (
    f'SELECT "offset", substr(CAST(kind AS BLOB), 1, {_KIND_BYTES}), substr(value, 1, {CUT_BYTES})'  # noqa: S608 - numbers
    ' FROM record WHERE topic = ? AND "offset" >= ? ORDER BY "offset" LIMIT ?'
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is now: `end` is the offset that its next record will have."""

    number: int
    id: str
    end: int


class EmbeddedFile:
    """One connection to the file; for one thread at a time.

    Any method may raise `sqlite3.Error`, the constructor `OSError` too; the connection is then of no more use.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _opening_alone(path):
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                for statement in (*_SETTINGS, *_TABLES):
                    self._connection.execute(statement)
                self._identity = _identity(path)
            except BaseException:
                self.close()
                raise

    def is_in_place(self) -> bool:
        """Tell whether the open file still has its name, so that both gateways mean the same one."""
        try:
            return _identity(self._path) == self._identity
        except FileNotFoundError:
            return False

    @contextmanager
    def transaction(self, closed: threading.Event) -> Iterator[None]:
        """Wait for the turn to write, unless the wire is closed; committed at the end of the block."""
        self._take_turn(closed)
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def make_topic(self, name: str) -> None:
        """Make a topic with an id of its own unless it exists."""
        self._connection.execute(_MAKE_TOPIC, (name, secrets.token_hex(_TOPIC_ID_BYTES)))

    def topic(self, name: str) -> Topic | None:
        """Return a topic by its name."""
        row = self._connection.execute(_TOPIC, (name,)).fetchone()
        return None if row is None else Topic(*row)

    def add(self, name: str, records: Sequence[WireRecord]) -> None:
        """Add records at a topic's end; within a transaction.

        Raises:
            WireUnavailableError: there is no such topic (any more).
        """
        topic = self.topic(name)
        if topic is None:
            raise WireUnavailableError(f"the topic {name} does not exist")
        rows = [(topic.number, offset, record.kind, record.value) for offset, record in enumerate(records, topic.end)]
        self._connection.executemany(_ADD, rows)
        end = topic.end + len(rows)
        self._connection.execute(_MOVE_END, (end, topic.number))
        if name.endswith(FILES_SUFFIX):
            self._connection.execute(_DROP, (topic.number, end - MAX_FILE_RECORDS))

    def records(self, topic: int, start: int, limit: int) -> list[tuple[int, WireRecord]]:
        """Return records with their offsets from a place on, until there are enough or they are large enough."""
        found: list[tuple[int, WireRecord]] = []
        size = 0
        rows = self._connection.execute(_RECORDS, (topic, start, limit))
        try:
            for offset, kind, value in rows:
                found.append((offset, delivered_record((kind,), value)))
                size += len(value or b"")
                if size >= MAX_READ_BYTES:
                    break
        finally:
            rows.close()  # a statement left open would keep the log from being checkpointed
        return found

    def close(self) -> None:
        """Close the connection."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def _take_turn(self, closed: threading.Event) -> None:
        """Look every few milliseconds; SQLite's own waiting grows to 100 ms."""
        deadline = time.monotonic() + _BUSY_SECONDS
        self._connection.execute("PRAGMA busy_timeout = 0")
        while not self._begin():
            if closed.is_set() or time.monotonic() > deadline:
                raise WireUnavailableError("the other gateway does not let go of the file")
            closed.wait(_TURN_PAUSE_SECONDS)
        self._connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")

    def _begin(self) -> bool:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as failure:
            if failure.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # the primary code
                return False
            raise
        return True


@contextmanager
def _opening_alone(path: Path) -> Iterator[None]:
    """Let one process at a time open the file, and clear away what was left of one that somebody removed.

    A new file must not meet the log of an old one; and two processes that made it at once would collide.
    """
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for left in ("-wal", "-shm"):
                path.with_name(path.name + left).unlink(missing_ok=True)
        yield


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
