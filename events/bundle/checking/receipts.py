"""What others signed about a journal: receipts of the partner, and lines of outside witnesses and seals.

1. The note is a checkpoint of this journal, signed by its key in force, with the root that the entries give.
2. With a statement beside it, both are a receipt of the partner, signed and cosigned by its keys; the root that it
   states of its own journal is the one that the entries there give, as far as the bundle has them.
3. Each seal, by the author or by its mirror, is good.
4. Lines by keys that no journal names are left aside, as readers of notes do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from events.bundle.checking.bag import Bag
from events.bundle.checking.tables import JournalTable
from events.bundle.faults import BundleError
from events.bundle.keys import PartyKeyring
from events.bundle.layout import receipts_file
from events.bundle.records import ReceiptRecord, parse_record
from events.encoding.identifiers import Role
from events.errors import NoteError, NoteSignatureError, ReceiptError
from events.journal.checkpoint import Checkpoint, parse_checkpoint
from events.journal.receipt import Receipt, frame_receipt, parse_receipt, verify_receipt
from events.journal.seal import verify_seal
from events.notes.note import Note, parse_note, verify_note


@dataclass(slots=True)
class ReceiptsFound:
    """How many lines there are, up to which size the partner vouches, and how many state more than the bundle has."""

    count: int = 0
    complete_to: int = 0
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """Checks what others signed about the journal of a role; both journals were proved before."""

    bag: Bag
    role: Role
    tables: Mapping[Role, JournalTable]
    keys: Mapping[Role, PartyKeyring]
    maker: Role

    def run(self) -> ReceiptsFound:
        """Check all lines.

        Raises:
            BundleError: `receipt.malformed`, `receipt.signature_invalid`, `receipt.seal_invalid` or
                `receipt.other_root`, at the first line.
        """
        found, file = ReceiptsFound(), receipts_file(self.role)
        for number, line in enumerate(self.bag.lines(file)):
            record = parse_record(ReceiptRecord, line, file, number)
            self._check_checkpoint(record, number)
            if record.statement is not None:
                found.complete_to = max(found.complete_to, record.size)
                found.unchecked += not self._check_receipt(record, record.statement, number)
            found.count += 1
        return found

    def _check_checkpoint(self, record: ReceiptRecord, number: int) -> None:
        try:
            note = parse_note(record.note.encode())
            checkpoint = parse_checkpoint(note)
        except NoteError as error:
            raise self._fault("malformed", number, error.detail) from error
        if (checkpoint.origin, checkpoint.size) != (self.keys[self.role].origin, record.size):
            raise self._fault("malformed", number, f"the checkpoint of {checkpoint.origin} at {checkpoint.size}")
        page = self.tables[self.role].page_ending(record.size)
        if page is None or page[1] != checkpoint.root:
            raise self._fault("other_root", number, f"another root at {record.size} than the entries give, or no page")
        key = self.keys[self.role].journal(page[0])
        if key is None or not verify_note(note, key):
            raise self._fault("signature_invalid", number, f"the checkpoint at {record.size} is not the journal's own")
        self._check_seals(note, checkpoint, page[0], number)

    def _check_seals(self, note: Note, checkpoint: Checkpoint, first: int, number: int) -> None:
        """Check the seals of the author, in force where the page begins, and of the mirror, at its size."""
        seals = (self.keys[self.role].journal_seal(first), self.keys[self.role.other].mirror_seal(checkpoint.size))
        for key in filter(None, seals):
            for line in note.lines_by(key):
                try:
                    verify_seal(checkpoint, line, key)
                except NoteSignatureError as error:
                    raise self._fault("seal_invalid", number, error.detail) from error

    def _check_receipt(self, record: ReceiptRecord, statement: str, number: int) -> bool:
        """Check a receipt; tell whether what it states of its author's own journal could be compared."""
        author = self.role.other
        receipt = self._read(record, statement, number)
        own = self.keys[author].journal(receipt.size)
        mirror = self.keys[author].mirror(record.size)
        page = self.tables[self.role].page_ending(record.size)
        theirs = None if page is None else self.keys[self.role].journal(page[0])
        if own is None or mirror is None or theirs is None:
            raise self._fault("signature_invalid", number, f"no key of the {author.value} is stated for it")
        try:
            verify_receipt(receipt, own, mirror, theirs)
        except ReceiptError as error:
            raise self._fault("signature_invalid", number, error.detail) from error
        return self._compare_own(receipt, number)

    def _read(self, record: ReceiptRecord, statement: str, number: int) -> Receipt:
        raw = frame_receipt(record.note.encode(), statement.encode())
        try:
            return parse_receipt(raw, self.keys[self.role.other].origin, self.keys[self.role].origin)
        except ReceiptError as error:
            raise self._fault("malformed", number, error.detail) from error

    def _compare_own(self, receipt: Receipt, number: int) -> bool:
        author = self.role.other
        table = self.tables[author]
        page = table.page_ending(receipt.size)
        if page is not None and page[1] == receipt.root:
            return True
        if receipt.size > table.size and author is not self.maker:
            return False
        if receipt.size == 0:
            return True
        detail = f"it states another root of the {author.value} at {receipt.size} than the entries give, or no page"
        raise self._fault("other_root", number, detail)

    def _fault(self, code: str, number: int, detail: str) -> BundleError:
        return BundleError(f"receipt.{code}", receipts_file(self.role), detail, position=number)
