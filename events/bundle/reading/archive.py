"""The files of a bundle's archive, streamed: nothing is unpacked to a disk, no file is trusted to be as long as said.

Checksums of the zip are not looked at: every byte of a bundle stands under a SHA-256.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from events.bundle.faults import BundleError
from events.bundle.layout import CHUNK_BYTES
from events.bundle.reading.directory import DEFLATED, LOCAL_HEADER_BYTES, Member, read_directory

_LOCAL = struct.Struct("<4sHHHHHIIIHH")


class Archive:
    """A bundle's archive over a file that can seek; one thread reads one file of it at a time.

    Raises:
        BundleError: `archive.*`: it is not one that can be read, or not within bounds.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members = read_directory(file)

    @property
    def names(self) -> list[str]:
        """Return the names of all files, in the order in which they lie in the archive."""
        return list(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Return the size that the archive states for a file, in bytes; `chunks` yields so many or raises."""
        return self._member(name).size

    def read(self, name: str, most: int) -> bytes:
        """Return a whole file of at most so many bytes.

        Raises:
            BundleError: `bag.missing`, `archive.too_large`, or what `chunks` raises.
        """
        if self.size(name) > most:
            raise BundleError("archive.too_large", name, f"more than {most} bytes")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece, each of 256 KiB at most.

        Raises:
            BundleError: `bag.missing`; `archive.damaged`: its header, its packing or its length is not as stated.
        """
        member = self._member(name)
        packed = self._packed(member)
        yield from packed if member.method != DEFLATED else _inflated(member, packed)

    def _member(self, name: str) -> Member:
        member = self._members.get(name)
        if member is None:
            raise BundleError("bag.missing", name, "the bundle lacks this file")
        return member

    def _packed(self, member: Member) -> Iterator[bytes]:
        place = self._content_of(member)
        end = place + member.packed
        while place < end:
            self._file.seek(place)
            chunk = self._file.read(min(CHUNK_BYTES, end - place))
            if not chunk:
                raise _damaged(member, "the archive is cut short")
            place += len(chunk)
            yield chunk

    def _content_of(self, member: Member) -> int:
        """Return where the bytes of a file begin, behind a local header that says what the directory says."""
        self._file.seek(member.offset)
        raw = self._file.read(LOCAL_HEADER_BYTES + len(member.raw_name))
        if len(raw) != LOCAL_HEADER_BYTES + len(member.raw_name):
            raise _damaged(member, "the archive is cut short")
        signature, _, _, method, _, _, _, _, _, name_length, extra_length = _LOCAL.unpack_from(raw)
        if signature != b"PK\3\4" or method != member.method or name_length != len(member.raw_name):
            raise _damaged(member, "its own header is another than the directory's")
        if raw[LOCAL_HEADER_BYTES:] != member.raw_name:
            raise _damaged(member, "its own header has another name than the directory")
        return member.offset + len(raw) + int(extra_length)


def _inflated(member: Member, packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    try:
        for chunk in _unpack(inflater, packed):
            size += len(chunk)
            if size > member.size:
                raise _damaged(member, "it is longer than it says")
            yield chunk
    except zlib.error as error:
        raise _damaged(member, "it cannot be unpacked") from error
    if size != member.size or not inflater.eof:
        raise _damaged(member, "it is shorter than it says")


def _unpack(inflater: "zlib._Decompress", packed: Iterator[bytes]) -> Iterator[bytes]:
    for piece in packed:
        waiting = piece
        while waiting and not inflater.eof:
            yield inflater.decompress(waiting, CHUNK_BYTES)
            waiting = inflater.unconsumed_tail
    while not inflater.eof and (chunk := inflater.decompress(b"", CHUNK_BYTES)):
        yield chunk


def _damaged(member: Member, detail: str) -> BundleError:
    return BundleError("archive.damaged", member.name, detail)
