"""A side's disk: the real store in its file, which may be full, away, or silent about a commit; the mark beside it.

A process that dies loses exactly what was not committed: its transaction is rolled back by the real store. Nothing is
synced, for the machine under the simulation does not fail.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, event, make_url

from infra.keys.errors import MarkError
from infra.store.errors import CommitUnknownError, StoreFullError, StoreUnavailableError
from infra.store.sql_store import QUARANTINE_BYTES, Ownership, SqlStore, open_store
from infra.store.sqlite import SqliteDatabase

FULL, LOST, DONE, AWAY = "full", "lost", "done", "away"
"""How a transaction may fail: no space; unknown and not committed; unknown and committed; the store not reachable."""

_HITS = {
    FULL: "disk full",
    LOST: "commits unknown, not done",
    DONE: "commits unknown, done",
    AWAY: "store unreachable",
}


@dataclass(slots=True)
class Disk:
    """What is wrong with it now: each fault for so many transactions. It outlives every process."""

    path: Path
    hits: Counter[str]
    reach: Callable[[str], None]
    faults: dict[str, int] = field(default_factory=dict)
    database: SqliteDatabase | None = None
    looking: sqlite3.Connection | None = None  # from outside, at what is committed

    def committed(self) -> dict[int, int]:
        """Return the sizes of both journals (0: of the MAH) as they are committed now, whatever a process believes."""
        if self.looking is None:
            self.looking = sqlite3.connect(self.path)
        return dict(self.looking.execute("SELECT role, size FROM journal"))

    def has_entry(self, event_id: str) -> bool:
        """Tell whether an entry is committed."""
        if self.looking is None:
            self.looking = sqlite3.connect(self.path)
        return self.looking.execute("SELECT 1 FROM entry WHERE id = ?", (event_id,)).fetchone() is not None

    def entry(self, event_id: str) -> tuple[str, int, bool] | None:
        """Return the recorded time of a committed entry, what it has seen, and whether it is marked."""
        if self.looking is None:
            self.looking = sqlite3.connect(self.path)
        asked = "SELECT time, seen, violates FROM entry WHERE id = ?"
        found = self.looking.execute(asked, (event_id,)).fetchone()
        return None if found is None else (found[0], found[1], bool(found[2]))

    def open(self) -> "FaultyStore":
        """Open the store as a new process does; only the migration, and what is open already, is spared."""
        if self.meets(AWAY):
            raise StoreUnavailableError("the store cannot be reached")
        if self.database is None:
            self.database = _database_at(self.path)
        lock = self.database.take_lock()
        with self.database.turn(), self.database.engine.begin() as connection:
            epoch = connection.exec_driver_sql("UPDATE gateway_lock SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch")
            return FaultyStore(self, self.database, Ownership(lock, epoch.scalar_one()))

    def looking_store(self) -> SqlStore:
        """Return the store as somebody sees it who only reads: what is committed, through no fault."""
        assert self.database is not None, "nobody has opened it yet"
        return SqlStore(self.database, None, QUARANTINE_BYTES)

    def close(self) -> None:
        if self.looking is not None:
            self.looking.close()
            self.looking = None
        if self.database is not None:
            self.database.close()
            self.database = None

    def copy_to(self, copy: Path) -> None:
        """Make a backup, consistent as SQLite makes it."""
        with closing(sqlite3.connect(self.path)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)

    def replace_by(self, copy: Path) -> None:
        """Put an older copy in the place of the store."""
        self.close()
        for suffix in ("-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(copy, self.path)

    def meets(self, *faults: str) -> str | None:
        """Return the first of these faults that is on, and count it down."""
        for fault in faults:
            if self.faults.get(fault, 0) > 0:
                self.faults[fault] -= 1
                self.hits[_HITS[fault]] += 1
                return fault
        return None

    def mend(self) -> None:
        self.faults.clear()


class FaultyStore(SqlStore):
    """The real store, whose transactions meet the faults of their disk."""

    def __init__(self, disk: Disk, database: SqliteDatabase, ownership: Ownership) -> None:
        super().__init__(database, ownership, QUARANTINE_BYTES)
        self._disk = disk
        self._owned = ownership

    @contextmanager
    def reading_connection(self) -> Iterator[Connection]:
        if self._disk.meets(AWAY):
            raise StoreUnavailableError("the store cannot be reached")
        with super().reading_connection() as connection:
            yield connection

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        if self._disk.meets(AWAY):
            raise StoreUnavailableError("the store cannot be reached")
        with super().writing_connection() as connection:
            yield connection
            fault = self._disk.meets(FULL, LOST, DONE)
            if fault == FULL:
                raise StoreFullError("no space left on the disk")
            if fault == LOST:
                raise CommitUnknownError("no answer to the commit")
        self._disk.reach("store.committed")
        if fault == DONE:
            raise CommitUnknownError("no answer to the commit")

    def let_go(self) -> None:
        """Give the lock up, as the system does for a process that died; the connections are kept for the next one."""
        self._closed = True
        self._owned.lock.release()


@dataclass(slots=True)
class DiskMark:
    """The mark: it outlives crashes and restored stores, and needs space like everything else."""

    disk: Disk
    own_size: int = 0
    judged: int = 0

    @property
    def marked(self) -> "DiskMark":
        return self

    def advance(self, own_size: int, judged: int) -> None:
        wanted = (max(self.own_size, own_size), max(self.judged, judged))
        if wanted == (self.own_size, self.judged):
            return
        if self.disk.faults.get(FULL, 0) > 0:
            self.disk.meets(FULL)
            raise MarkError("no space left on the disk")
        self.own_size, self.judged = wanted
        self.disk.reach("mark.moved")


@cache
def _database_at(path: Path) -> SqliteDatabase:
    """Return the database of a path; each schedule has its files at the same place, so statements are compiled once."""
    database = SqliteDatabase(make_url(f"sqlite:///{path}"))
    event.listen(database.engine, "connect", _do_not_sync)
    return database


def make_store(path: Path) -> None:
    """Make an empty store, migrated as a gateway does it."""
    open_store(f"sqlite:///{path}").close()


def _do_not_sync(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
