"""What was refused whole, in a bundle: its code always, its bytes where everything is in scope.

Pages that were refused may hold bodies that are out of scope; receipts hold none. Of two histories under one key both
signed checkpoints are given away in any case: they prove them, and say nothing else.
"""

from collections.abc import Iterator
from contextlib import suppress

from events.bundle.layout import QUARANTINE_INDEX, quarantine_file
from events.bundle.records import QuarantineRecord, format_record
from events.bundle.writing import BundleWriter
from events.encoding.identifiers import Role
from events.errors import EvidenceError
from events.journal.checkpoint import parse_checkpoint
from events.journal.page import parse_page
from events.journal.receipt import parse_receipt
from events.notes.note import parse_note
from events.stored.intake import Quarantined
from events.stored.relationship import StoredRelationship
from services.gateway.exchange.loading import CONFLICT
from services.gateway.ports.store import Reading

ROWS_AT_ONCE = 100
_MAX_DETAIL = 400
_RECEIPT = "receipt"


def write_quarantine(writer: BundleWriter, reading: Reading, stored: StoredRelationship, *, with_bytes: bool) -> int:
    """Write the list and the bytes of what was set aside; return how much it was. Without any there is no file."""
    records = []
    for each in _set_aside(reading, stored.number):
        value = each.value if with_bytes or each.kind == _RECEIPT else None
        name = quarantine_file(each.digest.hex())
        if value is not None and name not in writer:
            with writer.payload(name) as file:
                file.write(value)
        records.append(_record(each, shown=value is not None, notes=_notes(reading, stored, each)))
    if records:
        with writer.payload(QUARANTINE_INDEX) as file:
            for record in records:
                file.write(format_record(record))
    return len(records)


def _set_aside(reading: Reading, number: int) -> Iterator[Quarantined]:
    last = 0
    while rows := reading.quarantine(number, after=last, limit=ROWS_AT_ONCE):
        for row in rows:
            found = reading.quarantined(number, row.number)
            if found is not None:
                yield found
        last = rows[-1].number


def _record(each: Quarantined, *, shown: bool, notes: list[str]) -> QuarantineRecord:
    return QuarantineRecord(
        number=each.number,
        kind=_plain(each.kind),
        code=each.code,
        detail=_plain(each.detail),
        at=each.at,
        sha256=each.digest.hex(),
        shown=shown,
        notes=notes,
    )


def _notes(reading: Reading, stored: StoredRelationship, each: Quarantined) -> list[str]:
    """Return the checkpoint of another history, in a page or a receipt, and the one that is held at its size."""
    if each.code != CONFLICT or each.value is None:
        return []
    for note in _checkpoints_in(each.value, stored):
        checkpoint = parse_checkpoint(parse_note(note))
        for role in Role:
            held = reading.page_ending(stored.number, role, checkpoint.size)
            is_of = checkpoint.origin == stored.relationship.origin(role)
            if is_of and held is not None and parse_checkpoint(parse_note(held.note)).root != checkpoint.root:
                return [note.decode(), held.note.decode()]
    return []


def _checkpoints_in(value: bytes, stored: StoredRelationship) -> Iterator[bytes]:
    own, partner = (stored.relationship.origin(role) for role in (stored.own_role, stored.own_role.other))
    with suppress(EvidenceError):
        yield parse_page(value, partner).note
    with suppress(EvidenceError):
        receipt = parse_receipt(value, partner, own)
        if receipt.checkpoint_note:
            yield receipt.checkpoint_note


def _plain(text: str) -> str:
    """Return a text that somebody else wrote as one that any file can hold."""
    return "".join(character if character.isprintable() else "?" for character in text[:_MAX_DETAIL])
