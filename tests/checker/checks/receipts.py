"""Whether a receipt can be believed by itself: of the right journals, with its three signatures (formats.md 4)."""

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
    return None
