"""Receipts as they are kept: two notes each, signed by whom they should be, about the journals that stand here.

1. The two notes are a receipt of its author about the other party's journal, and the columns repeat the statement.
2. The statement is signed by its author's journal key; the checkpoint by the journal key of the journal that it is
   about, and cosigned, perhaps sealed, by the author's mirror keys.
3. Both roots are those that the journals here have at these sizes; only the partner's may be longer than it is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from events.encoding.identifiers import Role
from events.errors import EvidenceError, NoteError, ReceiptError
from events.journal.checkpoint import parse_checkpoint
from events.journal.receipt import Receipt, frame_receipt, held_checkpoint, parse_receipt, verify_receipt
from events.notes.note import parse_note
from events.pairing import PartyKeys
from services.gateway.checking.findings import Findings, Place
from services.gateway.checking.journals import ROLE_OF
from services.gateway.ports.store import Reading
from services.gateway.ports.stored_rows import Row

_STATED = ("size", "held", "judged", "rule_set")


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """Checks the receipts of one relationship; `sizes` are those of the two journals as they stand here."""

    relationship: int
    own: Role | None
    keys: Mapping[Role, PartyKeys]
    reading: Reading
    sizes: Mapping[Role, int]
    findings: Findings

    def take(self, row: Row) -> None:
        """Check one receipt."""
        self.findings.saw("receipt")
        author = ROLE_OF.get(row["author"])
        if author is None or len(self.keys) < len(Role):
            self._say(row, "author", "no party of this relationship, or one whose keys are not known")
            return
        try:
            receipt = self._read(row, author)
        except EvidenceError as error:
            self._say(row, "notes", error.detail or error.code)
            return
        for name in _STATED:
            if row[name] != getattr(receipt, name):
                self._say(row, name, f"the column says {row[name]}, the statement {getattr(receipt, name)}")
        self._compare_roots(row, receipt, author)

    def _read(self, row: Row, author: Role) -> Receipt:
        own, other = self.keys[author], self.keys[author.other]
        checkpoint_note, statement_note = bytes(row["checkpoint_note"]), bytes(row["statement_note"])
        receipt = parse_receipt(frame_receipt(checkpoint_note, statement_note), own.origin, other.origin)
        verify_receipt(receipt, own.journal, own.mirror, other.journal, own.mirror_seal)
        checkpoint, statement = (parse_note(note) if note else None for note in (checkpoint_note, statement_note))
        cosigned = 0 if checkpoint is None else len(checkpoint.signatures) - len(checkpoint.lines_by(own.mirror_seal))
        if cosigned not in (0, 2) or statement is None or len(statement.signatures) != 1:
            raise ReceiptError("receipt.signature_invalid", "a note with lines of others, or without one")
        return receipt

    def _compare_roots(self, row: Row, receipt: Receipt, author: Role) -> None:
        checkpoint = held_checkpoint(receipt)
        stated = {author: (receipt.size, receipt.root)}
        if checkpoint is not None:
            stated[author.other] = (checkpoint.size, checkpoint.root)
        for role, (size, root) in stated.items():
            page = self.reading.page_ending(self.relationship, role, size) if size <= self.sizes[role] else None
            if page is not None and _root_of(page.note) not in (root, None):
                self._say(row, "root", f"another root of {role.value} at size {size} than the page here")
            elif page is None and 0 < size <= self.sizes[role]:
                self._say(row, "size", f"no page of {role.value} ends at {size}")
            elif size > self.sizes[role] and self.own in (role, author):
                self._say(row, "size", f"it states {size} entries of {role.value}, here are {self.sizes[role]}")

    def _say(self, row: Row, name: str, detail: str) -> None:
        author = ROLE_OF.get(row["author"])
        keys = None if author is None else self.keys.get(author)
        journal = f"relationship {self.relationship}" if keys is None else keys.origin
        self.findings.add(Place("receipt", journal, row["size"], name), detail)


def _root_of(note: bytes) -> bytes | None:
    """Return the root of a page's checkpoint; None where it cannot be read, which is found with the page."""
    try:
        return parse_checkpoint(parse_note(note)).root
    except NoteError:
        return None
