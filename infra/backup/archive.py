"""The one file of a backup: a zip (zip64) whose manifest is written last and read first."""

import os
import secrets
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from infra.backup.errors import BackupDamagedError, BackupError
from infra.backup.manifest import MANIFEST, BackedUp, Manifest
from infra.keys.private_files import PRIVATE_FILE, sync_folder

CHUNK = 1 << 20
_MAX_MANIFEST = 1 << 20
_NO_ZIP = (BadZipFile, zlib.error, OSError, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArchiveWriter:
    """Adds files to a backup and remembers their digests."""

    def __init__(self, package: ZipFile) -> None:
        self._package = package
        self.files: dict[str, BackedUp] = {}

    def add_file(self, name: str, path: Path) -> None:
        """Add a file of the disk."""
        with self.adding(name) as write, path.open("rb") as file:
            while chunk := file.read(CHUNK):
                write(chunk)

    @contextmanager
    def adding(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Lend a function that takes the content of a file piece by piece."""
        digest, size = sha256(), 0
        with self._package.open(_entry(name), "w", force_zip64=True) as member:

            def write(piece: bytes) -> None:
                nonlocal size
                member.write(piece)
                digest.update(piece)
                size += len(piece)

            yield write
        self.files[name] = BackedUp(size, digest.hexdigest())

    def close_with(self, manifest: Manifest) -> None:
        """Add the manifest."""
        self._package.writestr(_entry(MANIFEST), manifest.dump())


@contextmanager
def writing_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write a backup under another name; at the end of the block it is synced and gets its name, or it never existed.

    Raises:
        BackupError: there is a file of that name, or the system refused.
    """
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
        with os.fdopen(descriptor, "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as package:
                yield ArchiveWriter(package)
            file.flush()
            os.fsync(file.fileno())
        os.link(hidden, path)
        sync_folder(path.parent)
    except FileExistsError as failure:
        raise BackupError(f"{path} is there already; try: another name") from failure
    except OSError as failure:
        raise BackupError(f"cannot write {path}: {failure.strerror}; try: another disk") from failure
    finally:
        hidden.unlink(missing_ok=True)


class ArchiveReader:
    """A backup whose every file was compared with its digest."""

    def __init__(self, package: ZipFile) -> None:
        """Read the manifest and all files once.

        Raises:
            BackupDamagedError: a file is missing, too many or changed.
        """
        self._package = package
        self.manifest = Manifest.parse(self._manifest_bytes())
        names = [member.filename for member in package.infolist()]
        if sorted(names) != sorted([*self.manifest.files, MANIFEST]):
            raise BackupDamagedError("it holds other files than its manifest says; try: another backup")
        for name, expected in self.manifest.files.items():
            self._compare(name, expected)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Return the content of a file piece by piece."""
        with self._package.open(name) as member:
            yield from _pieces(member)

    def _manifest_bytes(self) -> bytes:
        if MANIFEST not in self._package.namelist():
            raise BackupDamagedError("no manifest in it; try: a file that counterfoil backup wrote")
        with self._package.open(MANIFEST) as member:
            return member.read(_MAX_MANIFEST)

    def _compare(self, name: str, expected: BackedUp) -> None:
        digest, size = sha256(), 0
        for piece in self.pieces(name):
            digest.update(piece)
            size += len(piece)
            if size > expected.size:
                break
        if (size, digest.hexdigest()) != (expected.size, expected.sha256):
            raise BackupDamagedError(f"{name} is not as it was written; try: another backup")


@contextmanager
def reading_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open a backup and compare all of it with its manifest before anything is done with it.

    Raises:
        BackupDamagedError: it is no backup, or damaged.
        BackupError: it cannot be read.
    """
    with ExitStack() as closing:
        try:
            file = closing.enter_context(path.open("rb"))
        except OSError as failure:
            raise BackupError(f"cannot read {path}: {failure.strerror}; try: check name and rights") from failure
        try:
            reader = ArchiveReader(closing.enter_context(ZipFile(file)))
        except _NO_ZIP as failure:
            raise BackupDamagedError(f"{path} is damaged or no backup ({failure}); try: another backup") from failure
        yield reader


def _pieces(member: IO[bytes]) -> Iterator[bytes]:
    while piece := member.read(CHUNK):
        yield piece


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = PRIVATE_FILE << 16
    return entry
