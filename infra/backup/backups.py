"""Make a backup, look at one, restore one."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from infra.backup import postgresql_store, sqlite_store
from infra.backup.archive import ArchiveReader, reading_archive, writing_archive
from infra.backup.errors import BackupError, BackupUnfitError, PlaceNotEmptyError
from infra.backup.manifest import POSTGRESQL, SQLITE, Manifest
from infra.keys.key_files import MARK_FILE, RECOVERY_FILE, keys_folder
from infra.keys.party import party_file
from infra.keys.private_files import make_private_folder, sync_folder, write_synced

LEFT_OUT = frozenset({MARK_FILE, RECOVERY_FILE})
"""Key files that no backup holds."""

_PARTY = "party.json"


def write_backup(archive: Path, *, data: Path, store_url: str, made_at: str) -> Manifest:
    """Back up a gateway's data folder and store into a new file; the gateway may run meanwhile.

    `made_at` is the recorded time, in UTC. The store comes first: keys are made before their relationship is written
    down, so those of every relationship in it are found afterwards.

    Raises:
        BackupError: something cannot be read or written; there is no file then.
        StoreUnavailableError: the database could not be reached.
    """
    kind = _kind_of(store_url)
    tables: dict[str, list[str]] = {}
    with writing_archive(archive) as writer:
        if kind == SQLITE:
            version = sqlite_store.add_sqlite(writer, sqlite_store.sqlite_path(store_url), archive.absolute().parent)
        else:
            version, tables = postgresql_store.add_postgresql(writer, store_url)
        for name, path in _private_files(data):
            writer.add_file(name, path)
        manifest = Manifest(made_at, kind, version, tables, writer.files)
        writer.close_with(manifest)
    return manifest


def check_backup(archive: Path) -> Manifest:
    """Compare every file of a backup with its digest and return the manifest.

    Raises:
        BackupDamagedError: it is no backup, or damaged.
        BackupError: it cannot be read.
    """
    with reading_archive(archive) as reader:
        return reader.manifest


def restore_backup(archive: Path, *, data: Path, store_url: str) -> Manifest:
    """Restore a backup into a place where nothing is. The party's file comes last: without it no gateway starts.

    Raises:
        BackupDamagedError: the backup is damaged; nothing was written.
        BackupUnfitError: it is of another kind of store; nothing was written.
        PlaceNotEmptyError: there are keys, a party or a store; nothing was written.
        BackupError, StoreUnavailableError: the system or the database refused.
    """
    with reading_archive(archive) as reader:
        if reader.manifest.store != _kind_of(store_url):
            raise BackupUnfitError(f"it is of a store in {reader.manifest.store}; try: COUNTERFOIL_STORE of that kind")
        _refuse_present(data)
        try:
            _restore(reader, data, store_url)
        except OSError as failure:
            raise BackupError(f"cannot restore: {failure}; try: an empty folder on a disk with space") from failure
        return reader.manifest


def _restore(reader: ArchiveReader, data: Path, store_url: str) -> None:
    if reader.manifest.store == SQLITE:
        sqlite_store.restore_sqlite(reader, sqlite_store.sqlite_path(store_url))
    else:
        postgresql_store.restore_postgresql(reader, store_url)
    for name in sorted(reader.manifest.files):
        if name.startswith("keys/"):
            _restore_file(reader, name, data)
    if _PARTY in reader.manifest.files:
        _restore_file(reader, _PARTY, data)


def _kind_of(store_url: str) -> str:
    try:
        kind = make_url(store_url).get_backend_name()
    except ArgumentError as failure:
        raise BackupError("the store's address is not sqlite:/// or postgresql://; try: COUNTERFOIL_STORE") from failure
    if kind not in (SQLITE, POSTGRESQL):
        raise BackupError(f"a store of kind {kind} is not known; try: sqlite:/// or postgresql://")
    return kind


def _private_files(data: Path) -> Iterator[tuple[str, Path]]:
    if party_file(data).is_file():
        yield _PARTY, party_file(data)
    folder = keys_folder(data)
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and path.name not in LEFT_OUT and not path.name.startswith("."):
            yield f"keys/{path.relative_to(folder).as_posix()}", path


def _refuse_present(data: Path) -> None:
    folder = keys_folder(data)
    for present in (party_file(data), *(folder.iterdir() if folder.is_dir() else ())):
        if present.exists():
            raise PlaceNotEmptyError(f"{present} is there; try: an empty folder, or move it away first")


def _restore_file(reader: ArchiveReader, name: str, data: Path) -> None:
    path = data / name
    make_private_folder(path.parent)
    write_synced(path, reader.pieces(name))
    sync_folder(path.parent)
