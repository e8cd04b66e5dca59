"""Seals as they are kept: the own checkpoint of a page that stands here, signed and sealed by its author."""

from events.encoding.identifiers import Role
from events.errors import EvidenceError
from events.journal.checkpoint import parse_checkpoint
from events.journal.seal import verify_seal
from events.notes.note import parse_note, verify_note
from events.pairing import PartyKeys
from services.gateway.checking.findings import Findings, Place
from services.gateway.ports.store import Reading
from services.gateway.ports.stored_rows import Row


def check_seal(row: Row, own: Role, keys: PartyKeys, reading: Reading, findings: Findings) -> None:
    """Check the seal of one relationship's own journal."""
    findings.saw("seal")
    place = Place("seal", keys.origin, row["size"], "note")
    try:
        note = parse_note(bytes(row["note"]))
        checkpoint = parse_checkpoint(note)
        page = reading.page_ending(row["relationship"], own, row["size"])
        if page is None or parse_note(page.note).text != note.text or checkpoint.size != row["size"]:
            findings.add(place, "no page here ends with this checkpoint")
        seals = note.lines_by(keys.journal_seal)
        for line in seals:
            verify_seal(checkpoint, line, keys.journal_seal)
    except EvidenceError as error:
        findings.add(place, error.detail or error.code)
        return
    if not verify_note(note, keys.journal) or len(seals) != 1 or len(note.signatures) != 2:  # noqa: PLR2004 - and its own
        findings.add(place, "not signed and sealed by its author alone")
