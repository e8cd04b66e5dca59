"""What proves an entry: checkpoints with every signature line at hand, and paths through the tree."""

from events.encoding.identifiers import Role
from events.journal.proof import format_proof
from events.journal.tree import inclusion_proof
from events.notes.note import format_note, parse_note
from events.stored.journal import StoredPage
from services.gateway.exchange.loading import StoredTiles
from services.gateway.ports.store import Reading


def latest_note(reading: Reading, relationship: int, role: Role) -> bytes | None:
    """Return the latest checkpoint note of a journal with every line at hand for that size: cosignature and seals."""
    last = reading.last_page(relationship, role)
    if last is None:
        return None
    return _with_seal(reading, relationship, _cosigned(reading, relationship, last) or last.note)


def proof_of(reading: Reading, relationship: int, role: Role, position: int) -> str:
    """Return the tlog-proof of an entry under the latest cosigned checkpoint that covers it, else under the latest.

    Raises:
        LookupError: no committed page covers this position.
    """
    size, note = _covering(reading, relationship, role, position)
    note = _with_seal(reading, relationship, note)
    path = inclusion_proof(position, size, StoredTiles(reading, relationship, role))
    return format_proof(position, path, note)


def _covering(reading: Reading, relationship: int, role: Role, position: int) -> tuple[int, bytes]:
    last = reading.last_page(relationship, role)
    if last is None or last.size <= position:
        raise LookupError(f"no page covers position {position}")
    receipt = reading.last_receipt(relationship, role.other)
    if receipt is not None and position < receipt.held <= last.size and receipt.checkpoint_note:
        return receipt.held, receipt.checkpoint_note
    return last.size, last.note


def _with_seal(reading: Reading, relationship: int, note: bytes) -> bytes:
    """Return the note of a checkpoint with the own seal, if it is the own checkpoint that was sealed last."""
    sealed, known = reading.seal(relationship), parse_note(note)
    seal = None if sealed is None else parse_note(sealed.note)
    if seal is None or seal.text != known.text:
        return note
    more = [line for line in seal.signatures if line not in known.signatures]
    return format_note(known.text, (*known.signatures, *more))


def _cosigned(reading: Reading, relationship: int, page: StoredPage) -> bytes | None:
    """Return the note of a receipt that covers exactly this page's size."""
    receipts = reading.receipts(relationship, page.role.other, page.size)
    return next((receipt.checkpoint_note for receipt in reversed(receipts) if receipt.checkpoint_note), None)
