"""Where a file lies: names are made of a SHA-256 and of nothing else that comes from outside."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.blobs.errors import BlobDiskFullError, BlobsUnavailableError
from infra.keys.private_files import PRIVATE_FILE, PRIVATE_FOLDER

SPARED_BYTES = 64 * 1024**2  # that a file never takes of a disk: store, wire and logs may lie on it

_SHA256 = re.compile("[0-9a-f]{64}")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_RECORD = 40  # bytes: two numbers and the line's end, always of one length, so that it is written in one piece


@dataclass(frozen=True, slots=True)
class Place:
    """One file's place in its relationship's folder."""

    folder: Path
    sha256: str

    @property
    def whole(self) -> Path:
        """Where it lies once it was compared with its name."""
        return self.folder / self.sha256

    @property
    def part(self) -> Path:
        """Where it grows."""
        return self.folder / f"{self.sha256}.part"

    @property
    def record(self) -> Path:
        """What is durable of the part: a line with that length and the total."""
        return self.folder / f"{self.sha256}.have"

    def open_part(self, *, anew: bool) -> int:
        """Open the part for reading and writing, empty if it is to begin anew."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_TRUNC if anew else 0)
        return os.open(self.part, flags, PRIVATE_FILE)

    def open_record(self) -> int:
        """Open the record for writing."""
        return os.open(self.record, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)

    def drop_part(self) -> None:
        """Forget what came."""
        self.record.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)


def place_of(root: Path, relationship: int, sha256: str) -> Place:
    """Return a file's place.

    Raises:
        ValueError: that is no SHA-256.
    """
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("a file is named by 64 hexadecimal digits")
    return Place(root / str(int(relationship)), sha256)


def make_folder(folder: Path) -> None:
    """Make a folder that nobody else may read, durably, unless it is there."""
    if not folder.is_dir():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def record_line(have: int, total: int | None) -> bytes:
    """Return the record of a part."""
    return f"{have} {'-' if total is None else total}".ljust(_RECORD - 1).encode() + b"\n"


def read_record(path: Path) -> tuple[int, int | None]:
    """Return what is durable and the total; (0, None) where there is no record, or a torn one."""
    try:
        have, total = path.read_bytes()[:_RECORD].decode("ascii").split()
        return int(have), None if total == "-" else int(total)
    except (FileNotFoundError, ValueError):
        return 0, None


def room_on(folder: Path) -> int:
    """Return how many bytes a file may take of the disk."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize - SPARED_BYTES


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into our errors.

    Raises:
        BlobDiskFullError: there is no room. BlobsUnavailableError: anything else.
    """
    try:
        yield
    except OSError as failure:
        kind = BlobDiskFullError if failure.errno in _NO_ROOM else BlobsUnavailableError
        raise kind(f"{folder}: {failure.strerror}") from failure
