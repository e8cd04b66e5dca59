"""`bundle.note`: the maker signs the tag manifest, and with it every byte of the bundle."""

import re

from events.bundle.faults import BundleError
from events.bundle.layout import FORMAT, NOTE
from events.errors import NoteError
from events.notes.note import Note, Signer, parse_note, sign_note

_DIGEST = re.compile(r"[0-9a-f]{64}")


def sign_bundle(tag_manifest_digest: str, signer: Signer) -> bytes:
    """Return the note over the SHA-256 (hexadecimal) of the tag manifest, by the maker's journal key."""
    return sign_note(f"{FORMAT}\n{tag_manifest_digest}\n".encode(), signer)


def parse_bundle_note(raw: bytes) -> tuple[Note, str]:
    """Return the note and the SHA-256 that it states; its signature is another matter.

    Raises:
        BundleError: `note.malformed`.
    """
    try:
        note = parse_note(raw)
    except NoteError as error:
        raise BundleError("note.malformed", NOTE, error.detail) from error
    lines = note.lines()
    if len(lines) != 2 or lines[0] != FORMAT or _DIGEST.fullmatch(lines[1]) is None:  # noqa: PLR2004 - format, digest
        raise BundleError("note.malformed", NOTE, f"its text is {FORMAT} and a SHA-256, one a line")
    return note, lines[1]
