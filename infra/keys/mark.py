"""The mark: the largest own size and the largest judged size that ever left the process (formats.md 7, restored store).

It lies beside the keys and in no backup, so that a store restored from last night knows that it is behind. It is synced
before a note leaves. Two slots are written in turn, so that a torn write leaves the other; nothing in it ever falls.
"""

import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infra.keys.errors import KeysError, MarkError
from infra.keys.private_files import write_private

_SLOT_BYTES = 4096  # each slot in a block of its own
_DIGITS = 20
_SLOTS = 2
_MAX = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Marked:
    """What was signed at most: the size of the own journal, and the size of the partner's that was judged."""

    own_size: int = 0
    judged: int = 0


class MarkFile:
    """The mark of one journal, open for moving it forward. For one thread of one process: the writer's."""

    def __init__(self, path: Path) -> None:
        """Open the mark, making it if it is not there.

        Raises:
            MarkError: it cannot be made, opened or read, or neither slot is whole.
        """
        self._path = path
        self._file = _open(path)
        try:
            self._marked, self._slot = self._load()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def marked(self) -> Marked:
        """What was signed at most, as far as this file knows."""
        return self._marked

    def advance(self, own_size: int, judged: int) -> None:
        """Move the mark, durably, to where it is not yet; it never goes back.

        Raises:
            MarkError: it could not be made durable: the note it is for may not leave.
        """
        wanted = Marked(max(own_size, self._marked.own_size), max(judged, self._marked.judged))
        if wanted == self._marked:
            return
        slot = (self._slot + 1) % _SLOTS
        try:
            _write_all(self._file, _slot_bytes(wanted), slot * _SLOT_BYTES)
            os.fdatasync(self._file)
        except OSError as failure:
            raise MarkError(f"cannot move {self._path}: {failure.strerror}; try: make space on its disk") from failure
        self._slot, self._marked = slot, wanted

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _load(self) -> tuple[Marked, int]:
        try:
            raw = os.pread(self._file, _SLOTS * _SLOT_BYTES, 0)
        except OSError as failure:
            raise MarkError(f"cannot read {self._path}: {failure.strerror}; try: check its disk") from failure
        slots = (_parse_slot(raw[slot * _SLOT_BYTES :][:_SLOT_BYTES]) for slot in range(_SLOTS))
        found = [(marked.own_size, marked.judged, slot) for slot, marked in enumerate(slots) if marked is not None]
        if not found:
            raise MarkError(
                f"{self._path} is damaged; try: call the people of both parties, the store may be behind it"
            )
        own_size, judged, slot = max(found)
        return Marked(own_size, judged), slot


def _open(path: Path) -> int:
    try:
        if not path.exists():
            with suppress(FileExistsError):  # made this moment by another
                write_private(path, _slot_bytes(Marked()), replace=False)
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except KeysError as failure:
        raise MarkError(failure.detail) from failure
    except OSError as failure:
        raise MarkError(f"cannot open {path}: {failure.strerror}; try: check the rights of its folder") from failure


def _slot_bytes(marked: Marked) -> bytes:
    line = f"{marked.own_size:0{_DIGITS}d} {marked.judged:0{_DIGITS}d}".encode()
    return b"%b %08x\n" % (line, zlib.crc32(line))


def _parse_slot(raw: bytes) -> Marked | None:
    line, _, checksum = raw.split(b"\n", 1)[0].rpartition(b" ")
    if checksum != b"%08x" % zlib.crc32(line):
        return None
    own_size, _, judged = line.partition(b" ")
    if not own_size.isdigit() or not judged.isdigit():
        return None
    marked = Marked(int(own_size), int(judged))
    return marked if max(marked.own_size, marked.judged) <= _MAX else None


def _write_all(file: int, content: bytes, offset: int) -> None:
    while content:
        written = os.pwrite(file, content, offset)
        content, offset = content[written:], offset + written
