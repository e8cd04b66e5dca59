"""Which files the journals name, in a small SQLite file beside the files: made from the store, and made again so."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from events.encoding.identifiers import Role
from events.stored.files import NamedFile
from events.stored.relationship import WireCursor
from infra.blobs.errors import BlobsUnavailableError
from infra.blobs.places import make_folder

FILE = "names.sqlite"

_SETTINGS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA trusted_schema = OFF")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER, leaf BLOB) STRICT",
    """CREATE TABLE IF NOT EXISTS named (
        number INTEGER PRIMARY KEY, relationship INTEGER NOT NULL, role TEXT NOT NULL, sha256 TEXT NOT NULL,
        size INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, UNIQUE (relationship, role, sha256, size)
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS missing ON named (relationship, role, number) WHERE held = 0",
    "CREATE TABLE IF NOT EXISTS cursor (relationship INTEGER PRIMARY KEY, topic TEXT, place INTEGER) STRICT",
)
_NOTE = "INSERT INTO named (relationship, role, sha256, size) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SIZES = "SELECT size FROM named WHERE relationship = ? AND role = ? AND sha256 = ?"
_ANY = "SELECT 1 FROM named WHERE relationship = ? AND role = ? LIMIT 1"
_MISSING = "SELECT sha256, size FROM named WHERE relationship = ? AND role = ? AND held = 0 ORDER BY number LIMIT ?"
_COUNT = "SELECT count(*) FROM named WHERE relationship = ? AND role = ? AND held = 0"
_HELD = "SELECT number, sha256 FROM named WHERE relationship = ? AND held = 1 AND number > ? ORDER BY number LIMIT 1000"
_MARK = "UPDATE named SET held = ? WHERE relationship = ? AND role = ? AND sha256 = ?"


class NamesFile:
    """Names in a file; fits `services.gateway.ports.blobs.FileNames`."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; the file is made when it is first needed, and made anew where it cannot be read."""
        self._path = folder / FILE
        self._lock = Lock()
        self._open: sqlite3.Connection | None = None

    def place(self) -> tuple[int, bytes]:
        """Return how far the store was looked at."""
        with self._lend() as connection:
            row = connection.execute("SELECT sequence, leaf FROM place").fetchone()
        return (0, b"") if row is None else (row[0], row[1])

    def note(self, after: tuple[int, bytes], found: Sequence[tuple[int, NamedFile]]) -> None:
        """Keep what entries name, and the place of the last of them."""
        rows = [(relationship, each.role.value, each.sha256, each.size) for relationship, each in found]
        with self._lend() as connection, _transaction(connection):
            connection.executemany(_NOTE, rows)
            connection.execute("INSERT OR REPLACE INTO place VALUES (1, ?, ?)", after)

    def forget(self) -> None:
        """Begin anew."""
        with self._lend() as connection, _transaction(connection):
            for table in ("place", "named", "cursor"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own

    def sizes(self, relationship: int, role: Role, sha256: str) -> Collection[int]:
        """Return the sizes that a journal gives for a file."""
        with self._lend() as connection:
            return [size for (size,) in connection.execute(_SIZES, (relationship, role.value, sha256))]

    def names_any(self, relationship: int, role: Role) -> bool:
        """Tell whether a journal names any file."""
        with self._lend() as connection:
            return connection.execute(_ANY, (relationship, role.value)).fetchone() is not None

    def missing(self, relationship: int, role: Role, limit: int) -> Sequence[NamedFile]:
        """Return files that were not seen whole."""
        with self._lend() as connection:
            rows = connection.execute(_MISSING, (relationship, role.value, limit)).fetchall()
        return [NamedFile(role, sha256, size) for sha256, size in rows]

    def count_missing(self, relationship: int, role: Role) -> int:
        """Count them."""
        with self._lend() as connection:
            (count,) = connection.execute(_COUNT, (relationship, role.value)).fetchone()
        return int(count)

    def held(self, relationship: int) -> Iterator[str]:
        """Yield the files that were seen whole."""
        after = 0
        while True:
            with self._lend() as connection:
                rows = connection.execute(_HELD, (relationship, after)).fetchall()
            if not rows:
                return
            yield from (sha256 for _, sha256 in rows)
            after = rows[-1][0]

    def mark(self, relationship: int, sha256: str, *, held: bool) -> None:
        """Note that a file was seen whole, or that it is gone."""
        with self._lend() as connection, _transaction(connection):
            connection.executemany(_MARK, [(int(held), relationship, role.value, sha256) for role in Role])

    def cursor(self, relationship: int) -> WireCursor | None:
        """Return how far the partner's file topic was read."""
        with self._lend() as connection:
            asked = "SELECT topic, place FROM cursor WHERE relationship = ?"
            row = connection.execute(asked, (relationship,)).fetchone()
        return None if row is None else WireCursor(row[0], row[1])

    def save_cursor(self, relationship: int, cursor: WireCursor) -> None:
        """Keep how far the partner's file topic was read."""
        with self._lend() as connection, _transaction(connection):
            row = (relationship, cursor.topic_id, cursor.offset)
            connection.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)", row)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._give_up()

    @contextmanager
    def _lend(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._open is None:
                    self._open = self._connect()
                yield self._open
            except (sqlite3.Error, OSError) as failure:
                self._give_up()
                raise BlobsUnavailableError(f"{self._path}: {failure}") from failure

    def _connect(self) -> sqlite3.Connection:
        make_folder(self._path.parent)
        try:
            return _opened(self._path)
        except sqlite3.DatabaseError as failure:
            if isinstance(failure, sqlite3.OperationalError):
                raise
            for left in ("", "-wal", "-shm"):
                self._path.with_name(FILE + left).unlink(missing_ok=True)
            return _opened(self._path)

    def _give_up(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        for statement in (*_SETTINGS, *_TABLES):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
