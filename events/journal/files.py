"""Files on the wire (formats.md, section 4): what is wanted, from where on, and pieces of what was wanted.

Neither is signed: a want gives away nothing but what its reader's own journal names to this very partner, and of a file
the receiver believes its SHA-256, which stands in a signed entry, and nothing else.
"""

import re
from dataclasses import dataclass

from events.errors import FileRecordError
from events.stored.files import MAX_FILE_BYTES

MAX_BLOB_RECORD = 512 * 1024
PIECE_BYTES = 256 * 1024  # of a file, in one record that we write
MAX_LINE = 128

_WANT = re.compile(rb"([0-9a-f]{64}) (0|[1-9][0-9]{0,12})\n")
_BLOB = re.compile(rb"([0-9a-f]{64}) (0|[1-9][0-9]{0,12}) (0|[1-9][0-9]{0,12}) (0|[1-9][0-9]{0,6})\n")


@dataclass(frozen=True, slots=True)
class Want:
    """A file is wanted from an offset on: SHA-256 in hexadecimal, bytes."""

    sha256: str
    offset: int

    def encode(self) -> bytes:
        """Return the bytes of the record."""
        return f"{self.sha256} {self.offset}\n".encode()


@dataclass(frozen=True, slots=True)
class Blob:
    """A piece of a file: where it begins, the size of the whole, and its bytes."""

    sha256: str
    offset: int
    total: int
    content: bytes

    @property
    def end(self) -> int:
        """Where it ends in the file."""
        return self.offset + len(self.content)

    def encode(self) -> bytes:
        """Return the bytes of the record."""
        line = f"{self.sha256} {self.offset} {self.total} {len(self.content)}\n"
        return line.encode() + self.content


def parse_want(raw: bytes) -> Want:
    """Read a want.

    Raises:
        FileRecordError: `want.malformed`.
    """
    found = _WANT.fullmatch(raw) if len(raw) <= MAX_LINE else None
    if found is None:
        raise FileRecordError("want.malformed", "it is no line of SHA-256 and offset")
    return Want(found[1].decode(), int(found[2]))


def parse_blob(raw: bytes) -> Blob:
    """Read a piece of a file.

    Raises:
        FileRecordError: `blob.malformed`: its line, its length or its place in the file cannot be.
    """
    found = _BLOB.match(raw[:MAX_LINE]) if len(raw) <= MAX_BLOB_RECORD else None
    if found is None:
        raise FileRecordError("blob.malformed", "it has no line of SHA-256, offset, total and length, or is too large")
    blob = Blob(found[1].decode(), int(found[2]), int(found[3]), raw[found.end() :])
    if len(blob.content) != int(found[4]) or blob.end > blob.total or blob.total > MAX_FILE_BYTES:
        raise FileRecordError("blob.malformed", "its bytes do not fit what its line says")
    return blob
