"""What travels on the wire (formats.md 3 and 4): pages, receipts, requests to send again."""

import re
from dataclasses import dataclass
from functools import cache

from tests.checker.form.canonical import FormError
from tests.checker.form.lines import is_moment
from tests.checker.form.notes import Checkpoint, Note, parse_checkpoint, parse_decimal, parse_hash, parse_note

MAX_PAGE_BYTES = 524288
MAX_PAGE_ENTRIES = 4096

_LENGTHS = re.compile(rb"(0|[1-9][0-9]{0,5}) ([1-9][0-9]{0,5})\n")


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive entries as lines, and the note of the checkpoint after them."""

    origin: str
    first: int
    lines: tuple[bytes, ...]
    raw_note: bytes
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Statement:
    """What a receipt says: own origin, size and root; of the partner's journal what is held and judged."""

    origin: str
    size: int
    root: bytes
    partner: str
    held: int
    judged: int
    rule_set: int
    conclusions: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The partner's checkpoint, cosigned (None while its journal is empty), and a statement, both as notes."""

    checkpoint: Note | None
    note: Note
    statement: Statement


def parse_page(raw: bytes) -> Page:
    """Read a page as far as its own bytes go.

    Raises:
        FormError: size, framing, or a checkpoint that does not fit its entries.
    """
    header = raw.split(b"\n", 3)
    if len(raw) > MAX_PAGE_BYTES or len(header) != 4 or header[0] != b"counterfoil/page/v1":
        raise FormError("too large, or no page")
    entries, gap, tail = header[3].partition(b"\n\n")
    lines = tuple(entries.split(b"\n"))
    if not gap or not entries or not lines[0] or len(lines) > MAX_PAGE_ENTRIES:
        raise FormError("a page holds 1 to 4,096 entries, then an empty line and a note")
    try:
        origin, first = header[1].decode(), parse_decimal(header[2].decode())
    except UnicodeDecodeError as error:
        raise FormError("a page begins with text") from error
    note = parse_note(tail)
    checkpoint = parse_checkpoint(note)
    if checkpoint.origin != origin or checkpoint.size != first + len(lines) or len(note.signatures) != 1:
        raise FormError("the checkpoint is not the one after these entries, or has not one signature line")
    return Page(origin, first, lines, tail, note, checkpoint)


def split_line(line: bytes) -> tuple[bytes, bytes | None]:
    """Return head and body of an entry's line; of an erased one the head alone."""
    head, tab, body = line.partition(b"\t")
    return head, body if tab else None


def parse_receipt(raw: bytes) -> Receipt:
    """Read a receipt as it travels.

    Raises:
        FormError: framing, a note, or values that contradict each other.
    """
    frame = _LENGTHS.match(raw)
    if frame is None:
        raise FormError("a receipt begins with two lengths")
    middle = frame.end() + int(frame[1])
    if len(raw) != middle + int(frame[2]):
        raise FormError("the lengths are not those of the two notes")
    return read_receipt(raw[frame.end() : middle], raw[middle:])


@cache  # a receipt lies in both stores and on the wire; `run` forgets
def read_receipt(checkpoint_note: bytes, statement_note: bytes) -> Receipt:
    """Read the two notes of a receipt.

    Raises:
        FormError: a note, or values that contradict each other.
    """
    note = parse_note(statement_note)
    statement = _statement(note.lines)
    checkpoint = parse_note(checkpoint_note) if checkpoint_note else None
    stated = (statement.partner, statement.held)
    if checkpoint is None:
        if statement.held:
            raise FormError("no checkpoint of what is held")
    else:
        shown = parse_checkpoint(checkpoint)
        if (shown.origin, shown.size) != stated or not shown.size:
            raise FormError("the checkpoint is not of the journal and size that the statement names")
    return Receipt(checkpoint, note, statement)


def parse_resend(raw: bytes) -> tuple[Note, str, int]:
    """Read a request: its note, the origin wanted, from which position.

    Raises:
        FormError: it is none.
    """
    note = parse_note(raw)
    lines = note.lines
    if len(lines) != 4 or lines[0] != "counterfoil/resend/v1" or not is_moment(lines[3]):
        raise FormError("a request is four lines: its format, origin, position, time")
    return note, lines[1], parse_decimal(lines[2])


def _statement(lines: list[str]) -> Statement:
    if len(lines) != 9 or lines[0] != "counterfoil/receipt/v1":
        raise FormError("a statement is nine lines and begins with its format")
    _, origin, size, root, partner, held, judged, rule_set, conclusions = lines
    if conclusions != "-":
        parse_hash(conclusions)
    said = Statement(
        origin,
        parse_decimal(size),
        parse_hash(root),
        partner,
        parse_decimal(held),
        parse_decimal(judged),
        parse_decimal(rule_set),
        conclusions,
    )
    if said.judged > said.held:
        raise FormError("more is judged than held")
    return said
