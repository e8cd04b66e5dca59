"""Checkpoints: a journal's origin, size and root, exactly C2SP tlog-checkpoint without extension lines."""

import re
from dataclasses import dataclass

from events.encoding.base64 import decode_base64, encode_base64
from events.errors import NoteError
from events.journal.tree import HASH_BYTES
from events.notes.note import Note

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a journal is at a size: `origin` names it, `size` counts its entries, `root` is the 32 bytes of its tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n".encode()


def parse_checkpoint(note: Note) -> Checkpoint:
    """Read the text of a note as a checkpoint; its signatures are another matter.

    Raises:
        NoteError: `note.malformed`: not three lines of origin, size and root in their one form.
    """
    lines = note.lines()
    if len(lines) != _LINES or not lines[0]:
        raise NoteError("a checkpoint is three lines: origin, size, root")
    return Checkpoint(lines[0], parse_decimal(lines[1]), parse_hash(lines[2]))


def parse_decimal(text: str) -> int:
    """Read a count or position in decimal without leading zeros, at most sixteen digits.

    Raises:
        NoteError: another form.
    """
    if _DECIMAL.fullmatch(text) is None:
        raise NoteError("a number is decimal without leading zeros")
    return int(text)


def parse_hash(text: str) -> bytes:
    """Read the base64 of 32 bytes.

    Raises:
        NoteError: another form or another length.
    """
    try:
        raw = decode_base64(text)
    except ValueError as error:
        raise NoteError("a hash is base64 that re-encodes to itself") from error
    if len(raw) != HASH_BYTES:
        raise NoteError(f"a hash has {HASH_BYTES} bytes")
    return raw
