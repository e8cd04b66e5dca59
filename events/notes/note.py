"""Signed notes, exactly C2SP signed-note: a text, an empty line, one or more signature lines.

A note is believed only after `verify_note` with a key that the reader chose; lines of other keys are ignored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from events.encoding.base64 import decode_base64, encode_base64
from events.errors import KeyRefusedError, NoteError
from events.notes.curve25519 import verify_ed25519
from events.notes.vkey import SignatureType, VerifierKey, check_key_name

MAX_NOTE_BYTES = 131072  # room for 16 of the largest post-quantum signatures
MAX_SIGNATURES = 64
KEY_ID_BYTES = 4

_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class SignatureLine:
    """One signature under a note: whose, by name and key id, and its bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {encode_base64(self.key_id + self.signature)}"

    def is_by(self, key: VerifierKey) -> bool:
        """Tell whether the line claims to be of a key; only verification shows that it is."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True)
class Note:
    """A parsed note: nothing of it is verified. `text` ends with its line feed, `raw` are the bytes as they came."""

    text: bytes
    signatures: tuple[SignatureLine, ...]
    raw: bytes

    def lines(self) -> list[str]:
        """Return the lines of the text, without their line feeds."""
        return self.text.decode().split("\n")[:-1]

    def lines_by(self, key: VerifierKey) -> list[SignatureLine]:
        """Return the signature lines that claim to be of a key."""
        return [line for line in self.signatures if line.is_by(key)]


class Signer(Protocol):
    """Signs the text of a note under a name."""

    def sign(self, text: bytes) -> SignatureLine:
        """Return the signature line for a text."""


def parse_note(raw: bytes) -> Note:
    """Read a note.

    Raises:
        NoteError: `note.malformed`: too large, not UTF-8, a control character, no signature line, or a broken one.
    """
    if len(raw) > MAX_NOTE_BYTES:
        raise NoteError(f"a note has at most {MAX_NOTE_BYTES} bytes")
    head, empty_line, tail = raw.rpartition(b"\n\n")
    if not empty_line or not tail.endswith(b"\n"):
        raise NoteError("a note is a text, an empty line and signature lines, each ended by a line feed")
    text = head + b"\n"
    check_text(raw)
    lines = tail[:-1].decode().split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"a note has at most {MAX_SIGNATURES} signatures")
    return Note(text, tuple(_parse_signature_line(line) for line in lines), raw)


def format_note(text: bytes, signatures: Iterable[SignatureLine]) -> bytes:
    """Write a note.

    Raises:
        NoteError: a text that no note can carry.
    """
    check_text(text)
    return b"".join((text, b"\n", *(str(line).encode() + b"\n" for line in signatures)))


def sign_note(text: bytes, signer: Signer) -> bytes:
    """Write a note with one signature.

    Raises:
        NoteError: a text that no note can carry.
    """
    return format_note(text, (signer.sign(text),))


def verify_note(note: Note, key: VerifierKey) -> bool:
    """Tell whether a key signed the text: at least one line is the key's, and every such line is valid.

    Only keys of type Ed25519 sign the text itself; a key of another type has signed no note.
    """
    lines = note.lines_by(key)
    if key.type is not SignatureType.ED25519 or not lines:
        return False
    return all(verify_ed25519(key.public, line.signature, note.text) for line in lines)


def check_text(text: bytes) -> None:
    """Refuse a text that no note can carry.

    Raises:
        NoteError: not UTF-8, a control character other than the line feed, or no line feed at the end.
    """
    if not text.endswith(b"\n") or _CONTROL.search(text) is not None:
        raise NoteError("a text ends with a line feed and holds no other control character")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise NoteError("not UTF-8") from error


def _parse_signature_line(line: str) -> SignatureLine:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—":
        raise NoteError("a signature line begins with an em dash and a space")
    try:
        check_key_name(name)
        raw = decode_base64(encoded)
    except (ValueError, KeyRefusedError) as error:
        raise NoteError("a signature line is — <name> <base64>") from error
    if len(raw) <= KEY_ID_BYTES:
        raise NoteError("a signature is longer than its key id")
    return SignatureLine(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])
