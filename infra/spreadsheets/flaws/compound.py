"""Streams of a compound file ([MS-CFB]), the container of .xls workbooks and of encrypted ones."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from infra.spreadsheets.errors import DamagedFileError

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")

_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIIII")
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_LAST_SECTOR = 0xFFFFFFFA  # what is larger ends a chain
_ROOT = 5
_MAX_SECTOR_SHIFT = 12


@dataclass(frozen=True, slots=True)
class CompoundFile:
    """The directory of a compound file, and where its streams lie."""

    raw: bytes
    sector_bytes: int
    fat: Sequence[int]
    small_fat: Sequence[int]
    small_bytes: int
    cutoff: int
    small_stream: bytes
    entries: dict[str, tuple[int, int]]  # name -> (first sector, size)

    def stream(self, name: str) -> bytes | None:
        """Return a stream of the root folder, None if there is none of that name.

        Raises:
            DamagedFileError: its chain of sectors is broken.
        """
        if name not in self.entries:
            return None
        start, size = self.entries[name]
        if size < self.cutoff:
            return _joined(self.small_stream, 0, self.small_bytes, self.small_fat, start)[:size]
        return _joined(self.raw, self.sector_bytes, self.sector_bytes, self.fat, start)[:size]


def parse_compound(raw: bytes) -> CompoundFile:
    """Read the directory of a compound file.

    Raises:
        DamagedFileError: it makes no sense.
    """
    try:
        return _parse(raw)
    except (struct.error, IndexError, UnicodeDecodeError) as failure:
        raise _damaged() from failure


def _parse(raw: bytes) -> CompoundFile:
    fields = _HEADER.unpack_from(raw)
    shift, small_shift = fields[3:5]
    directory, _, cutoff, small_start, _, more_start, _ = fields[7:14]
    if not raw.startswith(MAGIC) or shift > _MAX_SECTOR_SHIFT or small_shift > shift:
        raise _damaged()
    size = 1 << shift
    fat = _fat(raw, size, more_start)
    small_fat = _numbers(_joined(raw, size, size, fat, small_start)) if small_start < _LAST_SECTOR else ()
    listing = _joined(raw, size, size, fat, directory)
    entries, root = _entries(listing)
    small_stream = _joined(raw, size, size, fat, root[0])[: root[1]] if root[0] < _LAST_SECTOR else b""
    return CompoundFile(raw, size, fat, small_fat, 1 << small_shift, cutoff, small_stream, entries)


def _fat(raw: bytes, size: int, more: int) -> Sequence[int]:
    """Return the table of sectors: for each the next one of its chain. It is itself listed in the header and beyond."""
    listed = list(_numbers(raw[76:_HEADER_BYTES]))
    seen = 0
    while more < _LAST_SECTOR and seen <= len(raw) // size:
        sector = _numbers(_sector(raw, size, size, more))
        listed += sector[:-1]
        more, seen = sector[-1], seen + 1
    return _numbers(b"".join(_sector(raw, size, size, each) for each in listed if each < _LAST_SECTOR))


def _entries(listing: bytes) -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    entries, root = {}, (_LAST_SECTOR, 0)
    for offset in range(0, len(listing) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        entry = listing[offset : offset + _ENTRY_BYTES]
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == _ROOT:
            root = (start, size)
        elif kind:
            entries[entry[: max(0, length - 2)].decode("utf-16-le")] = (start, size)
    return entries, root


def _joined(raw: bytes, offset: int, size: int, fat: Sequence[int], sector: int) -> bytes:
    """Return the sectors of a chain; one that is longer than the whole file runs in a circle."""
    found = []
    while sector < _LAST_SECTOR:
        found.append(_sector(raw, offset, size, sector))
        sector = fat[sector]
        if len(found) > len(fat):
            raise _damaged()
    return b"".join(found)


def _sector(raw: bytes, offset: int, size: int, number: int) -> bytes:
    start = offset + number * size
    if start >= len(raw):
        raise _damaged()
    return raw[start : start + size]


def _numbers(raw: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _damaged() -> DamagedFileError:
    return DamagedFileError("the file is cut off or changed; try: save it once more, or as .xlsx")
