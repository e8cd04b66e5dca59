"""Whether a receipt can be believed by itself: its journals, three signatures, a good seal if any (formats.md 4, 7)."""

from tests.checker.form.notes import Note, Vkey
from tests.checker.form.records import Receipt
from tests.checker.gathered import Run
from tests.checker.stores.rows import other


def receipt_flaw(receipt: Receipt, author: str, run: Run) -> str | None:
    """Return why a receipt by a party about its partner's journal cannot be believed, None if it can."""
    said, keys = receipt.statement, run.keys
    origins = tuple(run.sides[author].journals[role].origin for role in (author, other(author)))
    if (said.origin, said.partner) != origins:
        return f"it is of {said.origin} about {said.partner}"
    if not any(map(receipt.note.is_signed_by, keys[author].of_statement(said.size))):
        return "the statement is not signed by its author's journal key"
    if receipt.checkpoint is None:
        return None
    if not any(map(receipt.checkpoint.is_signed_by, keys[other(author)].of_statement(said.held))):
        return "the checkpoint is not signed by the party whose journal it is"
    if not receipt.checkpoint.is_signed_by(keys[author].of_cosignature(said.held)):
        return "the checkpoint is not cosigned by the mirror key"
    return _line_flaw(receipt.checkpoint, keys[author].of_mirror_seal(said.held))


def _line_flaw(checkpoint: Note, seal: Vkey) -> str | None:
    """Return what is wrong with a line beside the two signatures: no gateway writes any but the mirror's good seal."""
    seals = checkpoint.lines_of(seal)
    if seals and not checkpoint.is_signed_by(seal):
        return "the seal of the mirror is not valid"
    return None if len(checkpoint.signatures) == 2 + len(seals) else "a line of a key that is not known"
