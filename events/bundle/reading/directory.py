"""The central directory of a zip, read strictly and within bounds before anything else of it is believed.

What lenient readers forgive is refused, for it lets one archive show different files to different readers: bytes before
the first file or after the end, a comment, encryption, links, folders, names that are not UTF-8 or not safe on every
system, one name twice (also in another case), files that overlap, methods other than stored and deflated.

Source: PKWARE APPNOTE 6.3.10, 4.3.12 (central directory), 4.3.14 to 4.3.16 (ends), 4.5.3 (zip64).
"""

import os
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from events.bundle.faults import BundleError
from events.bundle.layout import MAX_FILES, why_name_is_refused

STORED, DEFLATED = 0, 8
LOCAL_HEADER_BYTES = 30

_END = struct.Struct("<4sHHHHIIH")
_ZIP64_LOCATOR = struct.Struct("<4sIQI")
_ZIP64_END = struct.Struct("<4sQHHIIQQQQ")
_HEADER = struct.Struct("<4sBBHHHHHIIIHHHHHII")
_FIELD = struct.Struct("<HH")

_MAX_DIRECTORY_BYTES = 64 * 1024 * 1024
_MAX_INFLATED_BYTES = 64 * 1024 * 1024  # that any archive may hold beyond the ratio
_MAX_RATIO = 200  # of all deflated files together to the archive
_ALL_ONES_16, _ALL_ONES_32 = 0xFFFF, 0xFFFFFFFF
_ZIP64_FIELD = 1
_UTF8 = 1 << 11
_ALLOWED_FLAGS = _UTF8 | 1 << 3 | 0b110  # UTF-8; sizes behind the file; how hard it was deflated
_UNIX, _REGULAR, _DOS_FOLDER = 3, 0o10, 0x10


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: where its local header is, how it is packed, its sizes in bytes."""

    name: str
    raw_name: bytes
    offset: int
    method: int
    packed: int
    size: int


class _Header(NamedTuple):
    signature: bytes
    version: int
    system: int
    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name_length: int
    extra_length: int
    comment_length: int
    disk: int
    internal: int
    attributes: int
    offset: int


def read_directory(file: BinaryIO) -> dict[str, Member]:
    """Return the files of an archive by name, in the order in which they lie in it.

    Raises:
        BundleError: `archive.*`.
    """
    total = file.seek(0, os.SEEK_END)
    count, start, end = _find_directory(file, total)
    if count > MAX_FILES:
        raise BundleError("archive.too_many_files", "", f"{count} files; a bundle has at most {MAX_FILES}")
    if end - start > _MAX_DIRECTORY_BYTES:
        raise _unreadable("its directory is larger than that of any bundle")
    members = sorted(_members(_read_at(file, start, end - start), count), key=lambda each: each.offset)
    _check_places(members, start)
    _check_ratio(members, total)
    return _by_name(members)


def _find_directory(file: BinaryIO, total: int) -> tuple[int, int, int]:
    """Return how many files the directory lists, where it begins and where it ends."""
    end = total - _END.size
    signature, disk, first_disk, here, count, size, start, comment = _END.unpack(_read_at(file, end, _END.size))
    if signature != b"PK\5\6" or comment or disk or first_disk or here != count:
        raise _unreadable("no zip of one piece that ends where it should; it may be cut short")
    if count == _ALL_ONES_16 or _ALL_ONES_32 in (size, start):
        count, size, start, end = _find_zip64(file, end - _ZIP64_LOCATOR.size)
    if start + size != end:
        raise _unreadable("its directory does not lie right before its end")
    return count, start, end


def _find_zip64(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
    signature, disk, place, disks = _ZIP64_LOCATOR.unpack(_read_at(file, end, _ZIP64_LOCATOR.size))
    if signature != b"PK\6\7" or disk or disks != 1 or place + _ZIP64_END.size != end:
        raise _unreadable("its zip64 end is not where it should be")
    fields = _ZIP64_END.unpack(_read_at(file, place, _ZIP64_END.size))
    signature, length, _, _, disk, first_disk, here, count, size, start = fields
    if signature != b"PK\6\6" or length != _ZIP64_END.size - 12 or disk or first_disk or here != count:
        raise _unreadable("its zip64 end is broken")
    return count, size, start, place


def _members(raw: bytes, count: int) -> Iterator[Member]:
    place = 0
    for _ in range(count):
        if len(raw) - place < _HEADER.size:
            raise _unreadable("its directory ends early")
        header = _Header(*_HEADER.unpack_from(raw, place))
        name_end = place + _HEADER.size + header.name_length
        extra_end = name_end + header.extra_length
        if header.signature != b"PK\1\2" or extra_end + header.comment_length > len(raw):
            raise _unreadable("its directory is broken")
        yield _member(header, raw[place + _HEADER.size : name_end], raw[name_end:extra_end])
        place = extra_end + header.comment_length
    if place != len(raw):
        raise _unreadable("its directory lists more than it counts")


def _member(header: _Header, raw_name: bytes, extra: bytes) -> Member:
    name = _name(header, raw_name)
    if header.flags & ~_ALLOWED_FLAGS or header.disk not in (0, _ALL_ONES_16):
        raise BundleError("archive.unreadable", name, "it is encrypted, patched, or in another piece")
    if header.method not in (STORED, DEFLATED):
        raise BundleError("archive.unreadable", name, f"packed by method {header.method}, neither stored nor deflated")
    kind = header.attributes >> 28 if header.system == _UNIX else 0
    if kind not in (0, _REGULAR) or header.attributes & _DOS_FOLDER:
        raise BundleError("archive.not_a_file", name, "a link, a folder or a device")
    wide = iter(_zip64_values(extra, name))
    size, packed, offset = (
        next(wide, -1) if value == _ALL_ONES_32 else value for value in (header.size, header.packed, header.offset)
    )
    if min(size, packed, offset) < 0 or (header.method == STORED and size != packed):
        raise BundleError("archive.unreadable", name, "its sizes cannot be")
    return Member(name, raw_name, offset, header.method, packed, size)


def _name(header: _Header, raw: bytes) -> str:
    try:
        name = raw.decode("utf-8" if header.flags & _UTF8 else "ascii")
    except UnicodeDecodeError as error:
        raise BundleError(
            "archive.name_refused", "", f"the name {raw[:80]!r} is not marked and written as UTF-8"
        ) from error
    reason = why_name_is_refused(name)
    if reason is not None:
        raise BundleError("archive.name_refused", "", f"the name {name[:80]!r}: {reason}")
    return name


def _zip64_values(extra: bytes, name: str) -> Iterator[int]:
    """Yield the wide values of a file's zip64 field, as many as it has."""
    while len(extra) >= _FIELD.size:
        kind, length = _FIELD.unpack_from(extra)
        content, rest = extra[_FIELD.size : _FIELD.size + length], extra[_FIELD.size + length :]
        if len(content) != length:
            break
        if kind == _ZIP64_FIELD:
            yield from (value for (value,) in struct.iter_unpack("<Q", content[: length // 8 * 8]))
            return
        extra = rest
    if extra:
        raise BundleError("archive.unreadable", name, "its extra fields are broken")


def _check_places(members: Iterable[Member], directory: int) -> None:
    """Ask that the files lie behind one another from the first byte on, none within another."""
    end = 0
    for member in members:
        if member.offset < end or (end == 0 and member.offset):
            raise BundleError("archive.overlap", member.name, "it overlaps another file, or bytes stand before it")
        end = member.offset + LOCAL_HEADER_BYTES + len(member.raw_name) + member.packed
    if end > directory:
        raise BundleError("archive.overlap", "", "a file reaches into the directory")


def _check_ratio(members: Iterable[Member], total: int) -> None:
    inflated = sum(member.size for member in members if member.method == DEFLATED)
    if inflated > _MAX_INFLATED_BYTES + _MAX_RATIO * total:
        raise BundleError("archive.bomb", "", f"{total} bytes would become {inflated}")


def _by_name(members: Iterable[Member]) -> dict[str, Member]:
    found: dict[str, Member] = {}
    folded: set[str] = set()
    for member in members:
        key = unicodedata.normalize("NFKC", member.name).casefold()
        if key in folded:
            raise BundleError(
                "archive.duplicate", member.name, "the archive has two files that some system takes for one"
            )
        folded.add(key)
        found[member.name] = member
    return found


def _read_at(file: BinaryIO, place: int, length: int) -> bytes:
    if place < 0:
        raise _unreadable("it is too small to be a zip")
    file.seek(place)
    raw = file.read(length)
    if len(raw) != length:
        raise _unreadable("it is cut short")
    return raw


def _unreadable(detail: str) -> BundleError:
    return BundleError("archive.unreadable", "", f"this is no archive that can be read: {detail}")
