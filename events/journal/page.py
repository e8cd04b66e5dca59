"""Pages: consecutive entries of a journal, committed together, with the checkpoint after them.

A page is read here as far as its own bytes go: size, framing, origin, one signature line. Whether its signature is
valid, its root right and its entries believable is asked afterwards, in that order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from events.errors import NoteError, PageError
from events.journal.checkpoint import Checkpoint, parse_checkpoint, parse_decimal
from events.notes.note import Note, Signer, parse_note, sign_note, verify_note
from events.notes.vkey import VerifierKey

MAX_PAGE_BYTES = 524288
MAX_PAGE_ENTRIES = 4096

_MAGIC = b"counterfoil/page/v1"
_MAX_DECIMAL_BYTES = 16
_ROOT_LINE_BYTES = 45  # base64 of 32 bytes, and the line feed
_SIGNATURE_BYTES = 4 + 92 + 3  # em dash and space; base64 of key id and signature; a space and two line feeds


@dataclass(frozen=True)
class Page:
    """Entries of one journal from a position on, as lines without line feeds, and the bytes of the checkpoint note."""

    origin: str
    first: int
    lines: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """Return the bytes of the page."""
        header = (_MAGIC, self.origin.encode(), b"%d" % self.first)
        return b"\n".join((*header, *self.lines, b"", self.note))

    @property
    def end(self) -> int:
        """Return the position after the last entry: the journal's size after this page."""
        return self.first + len(self.lines)

    @cached_property
    def signed_note(self) -> Note:
        """Return the checkpoint note, parsed.

        Raises:
            NoteError: the bytes are no note.
        """
        return parse_note(self.note)

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint after the entries.

        Raises:
            NoteError: the bytes are no checkpoint.
        """
        return parse_checkpoint(self.signed_note)


def make_page(checkpoint: Checkpoint, lines: Sequence[bytes], signer: Signer) -> Page:
    """Sign the checkpoint after some entries and make their page.

    Raises:
        ValueError: no entries, or more than the journal has.
    """
    if not 0 < len(lines) <= checkpoint.size:
        raise ValueError("a page holds at least one entry and none before position 0")
    note = sign_note(checkpoint.text(), signer)
    return Page(checkpoint.origin, checkpoint.size - len(lines), tuple(lines), note)


def parse_page(raw: bytes, origin: str) -> Page:
    """Read a page that came on the topic of a journal. Nothing of it is believed yet.

    Raises:
        PageError: `page.too_large`, `page.malformed` or `page.wrong_journal`.
    """
    # 1. Size.
    if len(raw) > MAX_PAGE_BYTES:
        raise PageError("page.too_large", f"more than {MAX_PAGE_BYTES} bytes")
    # 2. Framing: three header lines, entries, an empty line, a checkpoint note that follows the last entry.
    try:
        page = _frame(raw)
        checkpoint = page.checkpoint
    except (NoteError, UnicodeDecodeError) as error:
        raise _malformed(str(error)) from error
    if len(page.lines) > MAX_PAGE_ENTRIES:
        raise PageError("page.too_large", f"more than {MAX_PAGE_ENTRIES} entries")
    if checkpoint.size != page.end:
        raise _malformed("the checkpoint's size is not the position after the last entry")
    # 3. The journal of this topic, on the page and in its checkpoint.
    if page.origin != origin or checkpoint.origin != origin:
        raise PageError("page.wrong_journal", f"not of {origin}")
    # 4. One signature line.
    if len(page.signed_note.signatures) != 1:
        raise _malformed("the note of a page has exactly one signature line")
    return page


def check_page_signature(page: Page, key: VerifierKey) -> None:
    """Refuse a page whose checkpoint the key in force did not sign.

    Raises:
        PageError: `page.signature_invalid`.
    """
    if not verify_note(page.signed_note, key):
        raise PageError("page.signature_invalid", f"not signed by {key.name} {key.key_id.hex()}")


def cut_into_pages(lines: Iterable[bytes], origin: str) -> list[int]:
    """Return how many of some lines go into each page, in order, so that none exceeds the limits of a page.

    Raises:
        ValueError: a line that fits into no page.
    """
    room = MAX_PAGE_BYTES - _overhead(origin)
    counts: list[int] = []
    used = room + 1  # the first line opens the first page
    for line in lines:
        size = len(line) + 1
        if size > room:
            raise ValueError(f"a line of {size} bytes fits into no page")
        if used + size > room or counts[-1] == MAX_PAGE_ENTRIES:
            counts.append(0)
            used = 0
        counts[-1] += 1
        used += size
    return counts


def _overhead(origin: str) -> int:
    """Return the most bytes that a page has beside its lines."""
    name = len(origin.encode())
    header = len(_MAGIC) + 1 + name + 1 + _MAX_DECIMAL_BYTES + 1
    note = name + 1 + _MAX_DECIMAL_BYTES + 1 + _ROOT_LINE_BYTES + _SIGNATURE_BYTES + name
    return header + 1 + note


def _frame(raw: bytes) -> Page:
    parts = raw.split(b"\n", 3)
    if len(parts) != 4 or parts[0] != _MAGIC:  # noqa: PLR2004 - three header lines and the rest
        raise NoteError("a page begins with its format, its origin and its first position")
    _, origin, first, rest = parts
    entries, empty_line, note = rest.partition(b"\n\n")
    if not empty_line or not entries or entries.startswith(b"\n"):
        raise NoteError("a page holds at least one entry, then an empty line")
    return Page(origin.decode(), parse_decimal(first.decode()), tuple(entries.split(b"\n")), note)


def _malformed(detail: str) -> PageError:
    return PageError("page.malformed", detail)
