"""One journal of a bundle, page by page: every leaf, every root, every signature.

1. Each line is a head and a body, a head alone, or `#` and a leaf; a body is the one that its head names.
2. The entries of a page give, behind those before, the root of its checkpoint.
3. The checkpoint is of this journal and has one signature line, by the key in force at the page's first entry.

Only then is anything that the heads say believed, and handed on. Memory holds one page.
"""

from collections.abc import Callable, Iterator
from itertools import islice

from events.bundle.checking.bag import Bag
from events.bundle.checking.tables import JournalTable
from events.bundle.entry_lines import ShownEntry, read_entry
from events.bundle.faults import BundleError
from events.bundle.keys import PartyKeyring
from events.bundle.layout import checkpoints_file, entries_file
from events.bundle.records import CheckpointRecord, parse_record
from events.errors import NoteError
from events.journal.checkpoint import parse_checkpoint
from events.journal.page import MAX_PAGE_ENTRIES
from events.journal.tree import Frontier
from events.notes.note import parse_note, verify_note

Take = Callable[[ShownEntry], None]


class JournalCheck:
    """Checks one journal; `take` gets each entry behind the proof of its page."""

    def __init__(self, bag: Bag, table: JournalTable, keys: PartyKeyring, take: Take) -> None:
        self.table = table
        self._bag = bag
        self._role = table.role
        self._keys = keys
        self._take = take
        self._frontier = Frontier()

    def run(self, advance: Callable[[int], None] = lambda _: None) -> JournalTable:
        """Check the whole journal; `advance` hears of the entries that each page proved.

        Raises:
            BundleError: `journal.*`, at the first page that does not hold; `table` has those before it.
        """
        lines = self._bag.lines(entries_file(self._role))
        for number, line in enumerate(self._bag.lines(checkpoints_file(self._role))):
            record = parse_record(CheckpointRecord, line, checkpoints_file(self._role), number)
            self._take_page(self._page(record, number, lines), record, number)
            advance(self.table.size)
        for _ in lines:
            detail = "an entry behind the last checkpoint: nobody signed it"
            raise BundleError("journal.unsigned", entries_file(self._role), detail, position=self.table.size)
        return self.table

    def _page(self, record: CheckpointRecord, number: int, lines: Iterator[bytes]) -> list[ShownEntry]:
        first = self._frontier.size
        if not first < record.size <= first + MAX_PAGE_ENTRIES:
            detail = f"a checkpoint at {record.size} follows one at {first}"
            raise BundleError("journal.checkpoint_order", checkpoints_file(self._role), detail, position=number)
        count = record.size - first
        page = [read_entry(self._role, first + place, line) for place, line in enumerate(islice(lines, count))]
        if len(page) != count:
            detail = f"the checkpoint is of {record.size} entries; here they end"
            raise BundleError("journal.cut_short", entries_file(self._role), detail, position=first + len(page))
        return page

    def _take_page(self, page: list[ShownEntry], record: CheckpointRecord, number: int) -> None:
        first = self._frontier.size
        root = self._check_note(record, number, first)
        self._frontier.extend(entry.leaf for entry in page)
        self._frontier.take_completed()
        if self._frontier.root() != root:
            detail = "the entries of this page do not give the root that was signed: one of them is another"
            place = {"position": first, "until": record.size - 1}
            raise BundleError("journal.other_root", entries_file(self._role), detail, **place)
        self.table.add(record.size, root)
        self.table.shown += bytes(entry.state for entry in page)
        for entry in page:
            self._take(entry)

    def _check_note(self, record: CheckpointRecord, number: int, first: int) -> bytes:
        """Return the root that the writer of the journal signed at a size."""
        file = checkpoints_file(self._role)
        try:
            note = parse_note(record.note.encode())
            checkpoint = parse_checkpoint(note)
        except NoteError as error:
            raise BundleError("journal.checkpoint_malformed", file, error.detail, position=number) from error
        if (checkpoint.origin, checkpoint.size) != (self._keys.origin, record.size):
            detail = f"the checkpoint of {checkpoint.origin} at {checkpoint.size}"
            raise BundleError("journal.checkpoint_malformed", file, detail, position=number)
        key = self._keys.journal(first)
        if key is None or len(note.signatures) != 1 or not verify_note(note, key):
            detail = f"the checkpoint at {record.size} is not signed by the journal key in force, or by others too"
            raise BundleError("journal.signature_invalid", file, detail, position=number)
        return checkpoint.root
