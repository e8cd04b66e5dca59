"""Requests to send again: from which position of which journal, asked at which time."""

from dataclasses import dataclass
from datetime import datetime

from events.encoding.moments import format_moment, is_moment
from events.errors import NoteError, ResendError
from events.journal.checkpoint import parse_decimal
from events.notes.note import Note, Signer, parse_note, sign_note, verify_note
from events.notes.vkey import VerifierKey

_MAGIC = "counterfoil/resend/v1"
_LINES = 4


@dataclass(frozen=True)
class Resend:
    """A request for a journal's pages from a position on; `time` is the asker's clock, in the form of a moment.

    `origin_wanted` names the partner's journal, or the asker's own where the asker lost it.
    """

    origin_wanted: str
    first: int
    time: str
    note: bytes

    def encode(self) -> bytes:
        """Return the bytes of the request: its note."""
        return self.note


def make_resend(origin_wanted: str, first: int, at: datetime, signer: Signer) -> Resend:
    """Sign a request, by the journal key of who asks."""
    time = format_moment(at)
    text = f"{_MAGIC}\n{origin_wanted}\n{first}\n{time}\n".encode()
    return Resend(origin_wanted, first, time, sign_note(text, signer))


def parse_resend(raw: bytes) -> Resend:
    """Read a request. It is not believed before `verify_resend`.

    Raises:
        ResendError: `resend.malformed`.
    """
    try:
        return _read(parse_note(raw))
    except NoteError as error:
        raise ResendError("resend.malformed", error.detail) from error


def verify_resend(resend: Resend, journal_key: VerifierKey) -> None:
    """Refuse a request that the asker's journal key did not sign.

    Raises:
        ResendError: `resend.malformed`.
    """
    if not verify_note(parse_note(resend.note), journal_key):
        raise ResendError("resend.malformed", f"not signed by {journal_key.name} {journal_key.key_id.hex()}")


def _read(note: Note) -> Resend:
    lines = note.lines()
    if len(lines) != _LINES or lines[0] != _MAGIC or not is_moment(lines[3]):
        raise NoteError(f"a request is {_MAGIC}, an origin, a position and a moment")
    return Resend(lines[1], parse_decimal(lines[2]), lines[3], note.raw)
