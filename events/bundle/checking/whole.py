"""A bundle, checked as a whole: everything but verdicts (formats.md 6) and the fold of views.

What must be proved, part by part, each by itself, so that a fault leaves standing what it does not touch:

1. the archive and the lists of the bag, and what the bundle says of itself: without these nothing can be checked
2. the maker's note
3. each journal: leaves, roots, signatures
4. the keys: those stated are those that the journals name; the counts are right
5. nothing in scope is left out, the keys of labels are theirs; what shown entries name as evidence is shown
6. receipts, cosignatures
7. attachments and quarantine
8. every other file of the bag
9. the fingerprint of the keys, if a person has given the one on paper

With `integrity_only` the form of entries and what they name are not looked at: 5 in part, 7 in part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import BinaryIO

from events.bundle.checking.attachments import AttachmentsCheck, attachments_of, check_digests
from events.bundle.checking.bag import Bag
from events.bundle.checking.completeness import Completeness
from events.bundle.checking.evidence import EvidenceCheck
from events.bundle.checking.journal import JournalCheck
from events.bundle.checking.label_keys import LabelKeysCheck
from events.bundle.checking.quarantine import check_quarantine
from events.bundle.checking.receipts import ReceiptCheck
from events.bundle.checking.tables import JournalTable
from events.bundle.description import Description
from events.bundle.entry_lines import HIDDEN, SHOWN, WITHHELD, ShownEntry, read_entry
from events.bundle.faults import BundleError
from events.bundle.keys import PartyKeyring, in_order, keys_of_journals
from events.bundle.layout import DESCRIPTION, entries_file
from events.bundle.reading.archive import Archive
from events.bundle.report import Report
from events.bundle.scope import Scope
from events.encoding.entry import parse_line
from events.encoding.identifiers import Role
from events.errors import EntryError

Advance = Callable[[int, int], None]
"""Hears of the entries done and of all."""


@dataclass(slots=True)
class BundleCheck:
    """Checks one bundle; `run` fills the report. What was proved stays at hand for those who judge the entries."""

    file: BinaryIO
    integrity_only: bool = False
    fingerprint: str | None = None  # as it stands on paper
    advance: Advance = lambda _done, _total: None
    report: Report = field(default_factory=Report)
    bag: Bag = field(init=False)
    description: Description = field(init=False)
    keys: dict[Role, PartyKeyring] = field(init=False)
    tables: dict[Role, JournalTable] = field(default_factory=lambda: {role: JournalTable(role) for role in Role})
    completeness: Completeness = field(init=False)
    _label_keys: LabelKeysCheck = field(init=False)
    _evidence: EvidenceCheck = field(init=False)
    _attachments: AttachmentsCheck = field(init=False)

    def run(self) -> Report:
        """Check everything; whatever the bytes are, this ends in a report."""
        if not self._part("", self._open):
            return self.report
        journals = [self._part_of_journal(role) for role in Role]
        note = self._part("bundle.note", partial(self.bag.check_note, self.description))
        if all(journals):
            self._part("keys", self._check_keys)
            self._part("scope", self._check_scope)
            for role in Role:
                self._part(f"receipts of the {role.value} journal", partial(self._check_receipts, role))
            self._part("attachments", self._check_attachments)
            self._part(DESCRIPTION, self._check_counts)
        self._part("quarantine", self._check_quarantine)
        self._part("other files", self._check_rest)
        if all(journals) and note and self.fingerprint is not None:
            self._part("fingerprint", partial(self._check_fingerprint, self.fingerprint))
        return self.report

    def entries(self, role: Role) -> Iterator[ShownEntry]:
        """Yield the entries of a journal once more, after they were proved."""
        for position, line in enumerate(self.bag.lines(entries_file(role))):
            yield read_entry(role, position, line)

    def _part(self, name: str, check: Callable[[], None]) -> bool:
        """Check one part; note its fault, or that it stands."""
        try:
            check()
        except BundleError as error:
            self.report.faults.append(error.fault)
            return False
        if name:
            self.report.unaffected.append(name)
        return True

    def _part_of_journal(self, role: Role) -> bool:
        """Check a journal; of one that does not hold, the pages before the fault stand."""
        stands, proved = self._part(entries_file(role), partial(self._check_journal, role)), self.tables[role].size
        if proved and not stands:
            self.report.unaffected.append(f"{entries_file(role)} below {proved}")
        return stands

    def _open(self) -> None:
        self.bag = Bag(Archive(self.file))
        self.bag.check_lists()
        self.description = self.bag.describe()
        parties = self.description.parties
        self.keys = {role: PartyKeyring(parties.origin(role), self.description.keys.of(role)) for role in Role}
        self.completeness = Completeness(Scope.of(self.description), self.tables)
        self._label_keys = LabelKeysCheck.of(self.description)
        self._evidence = EvidenceCheck({role: self._said(role) for role in Role})
        self._attachments = AttachmentsCheck(self.bag)
        report, said = self.report, self.description
        report.relationship, report.maker, report.made_at = said.relationship, said.maker, said.made_at
        report.asked_by, report.is_complete = said.asked_by, said.scope.heads == "shown"

    def _said(self, role: Role) -> int:
        """Return how many entries a journal is said to have, if its file can hold so many."""
        return min(self.description.journals.of(role).entries, self.bag.size(entries_file(role)))

    def _check_journal(self, role: Role) -> None:
        before = sum(table.size for table in self.tables.values())
        total = sum(self.description.journals.of(each).entries for each in Role)
        check = JournalCheck(self.bag, self.tables[role], self.keys[role], self._take)
        check.run(lambda size: self.advance(before + size, total))

    def _take(self, entry: ShownEntry) -> None:
        found = self.report.journals[entry.role]
        found.entries += 1
        found.shown += entry.state == SHOWN
        found.withheld += entry.state == WITHHELD
        found.hidden += entry.state == HIDDEN
        self.completeness.take(entry)
        if entry.body is None or self.integrity_only:
            return
        try:
            read = parse_line(entry.line)
        except EntryError:
            found.malformed += 1
            return
        self._label_keys.take(entry.role, entry.position, read)
        self._evidence.take(read.body)
        self._attachments.take(entry, read.body)

    def _check_keys(self) -> None:
        """Compare the keys that are stated with those that the journals name; both parties name both."""
        opened = [table.opened for table in self.tables.values() if table.opened is not None]
        if not opened:
            raise BundleError("keys.not_shown", DESCRIPTION, "no entry 0 is shown that names the keys")
        for role in Role:
            stated = in_order(self.description.keys.of(role))
            for each in opened:
                if stated != in_order(keys_of_journals(each.party(role), self.tables[role].rotations)):
                    detail = f"the keys of the {role.value} are others than the journals name"
                    raise BundleError("keys.differ", DESCRIPTION, detail)
        self.report.fingerprint = opened[0].fingerprint

    def _check_scope(self) -> None:
        self.completeness.settle()
        for role, count in self.completeness.excused.items():
            self.report.journals[role].excused = count
        if not self.integrity_only:
            self._label_keys.settle(self.completeness)
            self.report.labels = self._label_keys.proved
            self.report.is_complete = self.report.is_complete and all(self._label_keys.proved.values())
            self._evidence.settle(lambda: chain.from_iterable(self.entries(role) for role in Role), self.completeness)

    def _check_receipts(self, role: Role) -> None:
        found = ReceiptCheck(self.bag, role, self.tables, self.keys, self.description.maker_role).run()
        journal = self.report.journals[role]
        journal.receipts, journal.complete_to = found.count, found.complete_to
        self.report.unchecked_receipts += found.unchecked

    def _check_attachments(self) -> None:
        check_digests(self.bag)
        if not self.integrity_only:
            self._attachments.settle(self.description)
        self.report.attachments = len(attachments_of(self.bag.names))
        self.report.missing_files = len(self.description.missing_files)

    def _check_counts(self) -> None:
        """Compare what is said of each journal with what was found."""
        for role, found in self.report.journals.items():
            found.checkpoints = self.tables[role].pages
            for name, said in self.description.journals.of(role).model_dump().items():
                if said != getattr(found, name):
                    detail = f"{said} {name} of the {role.value} are said, {getattr(found, name)} found"
                    raise BundleError("counts.differ", DESCRIPTION, detail)
        if self.description.attachments != self.report.attachments:
            raise BundleError("counts.differ", DESCRIPTION, "another number of attachments is said than found")

    def _check_quarantine(self) -> None:
        found = check_quarantine(self.bag, self.keys)
        self.report.quarantined, self.report.histories_in_conflict = found.count, found.conflicts
        if found.count != self.description.quarantined:
            raise BundleError("counts.differ", DESCRIPTION, "another number of things in quarantine is said than found")

    def _check_rest(self) -> None:
        for _ in self.bag.compare_rest():
            pass

    def _check_fingerprint(self, on_paper: str) -> None:
        if _digits(on_paper) != _digits(self.report.fingerprint):
            detail = f"the keys of this bundle have the fingerprint {self.report.fingerprint}"
            raise BundleError("fingerprint.differs", "", detail)
        self.report.fingerprint_compared = True


def _digits(fingerprint: str) -> str:
    """Return a fingerprint as it is compared: whoever types it may group and write its digits as they like."""
    return "".join(character for character in fingerprint.lower() if character.isalnum())
