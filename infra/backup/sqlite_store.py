"""Backup of a store in SQLite by the database's own online backup: a running gateway goes on writing meanwhile."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from infra.backup.archive import ArchiveReader, ArchiveWriter
from infra.backup.errors import BackupDamagedError, BackupError, PlaceNotEmptyError
from infra.backup.manifest import SQLITE_FILE
from infra.keys.private_files import PRIVATE_FOLDER, sync_folder, write_synced
from infra.store.migrations.run import VERSION_TABLE

_BESIDE = ("", "-wal", "-shm", "-journal")


def sqlite_path(store_url: str) -> Path:
    """Return the file of a store.

    Raises:
        BackupError: the address names none.
    """
    database = make_url(store_url).database
    if not database or database == ":memory:":
        raise BackupError("a store needs a file: sqlite:///path/to/file")
    return Path(database)


def add_sqlite(archive: ArchiveWriter, path: Path, beside: Path) -> str:
    """Copy the store as it is at one moment into a file in the folder `beside`, add it, and return its schema version.

    Raises:
        BackupError: there is no store, or it cannot be read.
        BackupDamagedError: the copy does not pass the database's own check.
    """
    if not path.is_file():
        raise BackupError(f"there is no store {path}; try: check COUNTERFOIL_DATA and COUNTERFOIL_STORE")
    with tempfile.TemporaryDirectory(dir=beside, prefix=".backup-") as folder:
        copy = Path(folder) / "store.sqlite"
        try:
            version = _copy(path, copy)
        except sqlite3.Error as failure:
            raise BackupError(f"cannot copy {path}: {failure}; try: again, or make space") from failure
        archive.add_file(SQLITE_FILE, copy)
    return version


def restore_sqlite(archive: ArchiveReader, path: Path) -> None:
    """Write the store to its place and check it.

    Raises:
        PlaceNotEmptyError: there is a store.
        BackupDamagedError: it does not pass the database's own check.
    """
    refuse_present_store(path)
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.restored")
    hidden.unlink(missing_ok=True)
    try:
        write_synced(hidden, archive.pieces(SQLITE_FILE))
        with closing(sqlite3.connect(f"{hidden.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            _check(connection)
        os.link(hidden, path)
    except sqlite3.Error as failure:
        raise BackupDamagedError(f"the store in it cannot be opened ({failure}); try: another backup") from failure
    finally:
        hidden.unlink(missing_ok=True)
    sync_folder(path.parent)


def refuse_present_store(path: Path) -> None:
    """Refuse a place where a store is.

    Raises:
        PlaceNotEmptyError: there is one, or what belongs to one.
    """
    for suffix in _BESIDE:
        present = path.with_name(path.name + suffix)
        if present.exists():
            raise PlaceNotEmptyError(f"{present} is there; try: an empty folder, or move it away first")


def _copy(path: Path, copy: Path) -> str:
    """Copy in one step, under one view of the database; in WAL mode nobody waits for it."""
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        _check(target)
        row = target.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - a constant
    if row is None:
        raise BackupError(f"{path} holds no store; try: start the gateway once")
    return str(row[0])


def _check(connection: sqlite3.Connection) -> None:
    said = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != ("ok",):
        raise BackupDamagedError(
            f"the store does not pass SQLite's check: {said}; try: an older backup, then the partner"
        )
