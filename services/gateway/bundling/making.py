"""Writing one bundle out of a consistent view of the store: journals, receipts, attachments, quarantine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files

from events.bundle.description import Description, HeldKey, JournalKeys, Journals, JournalSaid, LabelKey, MissingFile
from events.bundle.entry_lines import HIDDEN, SHOWN, WITHHELD, format_entry
from events.bundle.evidence import files_named
from events.bundle.keys import keys_of_journals
from events.bundle.layout import (
    DESCRIPTION,
    attachment_file,
    checkpoints_file,
    entries_file,
    receipts_file,
)
from events.bundle.records import CheckpointRecord, ReceiptRecord, format_record
from events.bundle.scope import Scope
from events.bundle.writing import BundleWriter
from events.catalogue.opening import RelationshipOpened
from events.catalogue.protocol import KeyRotated
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.labels import Labeller, derive_label_secret
from events.pairing import Invitation
from events.stored.journal import StoredEntry
from events.stored.relationship import StoredRelationship
from services.gateway.bundling.request import BundleNotPossibleError, BundleRequest
from services.gateway.bundling.selecting import Selection, journal_entries, shown_entry
from services.gateway.bundling.setting_aside import write_quarantine
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.blobs import Blobs
from services.gateway.ports.keys import KeyRing
from services.gateway.ports.store import Reading

PAGES_AT_ONCE = 256
RECEIPTS_AT_ONCE = 256

_ROTATED = "key.rotated.v1"
_TEXTS = ("README.txt", "先读我.txt")

Advance = Callable[[int, int], None]
"""Hears of the entries written and of all."""


@dataclass(slots=True)
class _Counted:
    """What was written of one journal."""

    entries: int = 0
    states: dict[int, int] = field(default_factory=lambda: dict.fromkeys((SHOWN, WITHHELD, HIDDEN), 0))
    checkpoints: int = 0
    receipts: int = 0
    complete_to: int = 0

    def said(self) -> JournalSaid:
        return JournalSaid(
            entries=self.entries,
            shown=self.states[SHOWN],
            withheld=self.states[WITHHELD],
            hidden=self.states[HIDDEN],
            checkpoints=self.checkpoints,
            receipts=self.receipts,
            complete_to=self.complete_to,
        )


@dataclass(slots=True)
class BundleMaking:
    """Makes one bundle. `made_at` is the time of its making as entries are timed; `reading` is one consistent view."""

    reading: Reading
    blobs: Blobs
    stored: StoredRelationship
    keys: KeyRing
    request: BundleRequest
    made_at: str
    software: str
    advance: Advance = lambda _done, _total: None
    _sizes: dict[Role, int] = field(init=False)
    _selection: Selection = field(init=False)
    _label_keys: list[LabelKey] = field(init=False)
    _counted: dict[Role, _Counted] = field(default_factory=lambda: {role: _Counted() for role in Role})
    _named: set[bytes] = field(default_factory=set)

    def write(self, writer: BundleWriter) -> Description:
        """Write the whole bundle; return what it says of itself.

        Raises:
            BundleNotPossibleError: the relationship is not paired. StoreDamagedError: an entry is not as it was signed.
        """
        self._prepare()
        for role in Role:
            self._write_entries(writer, role)
            self._write_checkpoints(writer, role)
            self._write_receipts(writer, role)
        attachments, missing = self._write_attachments(writer)
        is_whole = self.request.scope.is_whole
        quarantined = write_quarantine(writer, self.reading, self.stored, with_bytes=is_whole)
        description = self._describe(attachments, missing, quarantined)
        with writer.payload(DESCRIPTION) as file:
            file.write(description.encode())
        writer.finish(_texts(), self._information(), self.keys.journal_signer)
        return description

    def _prepare(self) -> None:
        pages = {role: self.reading.last_page(self.stored.number, role) for role in Role}
        self._sizes = {role: 0 if page is None else page.size for role, page in pages.items()}
        if self.stored.partner_invitation is None or not self._sizes[self.stored.own_role]:
            raise BundleNotPossibleError("the relationship is not paired yet")
        partner = Invitation.parse(self.stored.partner_invitation).party_keys
        secret = derive_label_secret(self.keys.label_private, partner.label_public, self.stored.relationship)
        stated, labeller = self.request.scope, Labeller(secret)
        self._label_keys = [LabelKey(label=label, k=encode_base64(labeller.key(label))) for label in stated.labels]
        self._selection = Selection(Scope(stated, [each.key for each in self._label_keys]), self._sizes)
        self._selection.run(self.reading, self.stored.number)

    def _write_entries(self, writer: BundleWriter, role: Role) -> None:
        counted, total = self._counted[role], sum(self._sizes.values())
        with writer.payload(entries_file(role)) as file:
            for entry in journal_entries(self.reading, self.stored.number, role, self._sizes[role]):
                shown = shown_entry(entry, with_body=self._selection.shows(role, entry.position))
                line, state = format_entry(shown)
                file.write(line)
                counted.entries += 1
                counted.states[state] += 1
                self._named.update(files_named(shown.naming))
                self.advance(sum(each.entries for each in self._counted.values()), total)

    def _write_checkpoints(self, writer: BundleWriter, role: Role) -> None:
        size = 0
        with writer.payload(checkpoints_file(role)) as file:
            while pages := self.reading.pages_from(self.stored.number, role, size, PAGES_AT_ONCE):
                for page in pages:
                    file.write(format_record(CheckpointRecord(size=page.size, note=page.note.decode())))
                self._counted[role].checkpoints += len(pages)
                size = pages[-1].size

    def _write_receipts(self, writer: BundleWriter, role: Role) -> None:
        """Write what the partner of a journal's writer stated about it, oldest first, then the own seal of it."""
        counted = self._counted[role]
        with writer.payload(receipts_file(role)) as file:
            for record in self._receipts(role):
                file.write(format_record(record))
                counted.receipts += 1
                if record.statement is not None:
                    counted.complete_to = max(counted.complete_to, record.size)

    def _receipts(self, role: Role) -> Iterator[ReceiptRecord]:
        last = (-1, -1, -1)
        while found := self.reading.receipts_after(self.stored.number, role.other, last, RECEIPTS_AT_ONCE):
            for each in found:
                if each.held:  # before that there is nothing of this journal to sign
                    statement = each.statement_note.decode()
                    yield ReceiptRecord(size=each.held, note=each.checkpoint_note.decode(), statement=statement)
            last = (found[-1].size, found[-1].held, found[-1].judged)
        seal = self.reading.seal(self.stored.number) if role is self.stored.own_role else None
        if seal is not None:
            yield ReceiptRecord(size=seal.size, note=seal.note.decode(), statement=None)

    def _write_attachments(self, writer: BundleWriter) -> tuple[int, list[MissingFile]]:
        count, missing = 0, list[MissingFile]()
        for digest in sorted(self._named):
            sha256, number = digest.hex(), self.stored.number
            if not self.request.attachments:
                missing.append(MissingFile(sha256=sha256, reason="withheld"))
            elif not self.blobs.holds(number, sha256):
                missing.append(MissingFile(sha256=sha256, reason="not_received"))
            else:
                size = self.blobs.progress(number, sha256).have
                with writer.payload(attachment_file(sha256)) as file:
                    for piece in self.blobs.read(number, sha256, 0, size):
                        file.write(piece)
                count += 1
        return count, missing

    def _describe(self, attachments: int, missing: list[MissingFile], quarantined: int) -> Description:
        return Description(
            format="counterfoil/bundle/v1",
            relationship=str(self.stored.relationship),
            scope=self.request.scope,
            label_keys=self._label_keys,
            asked_by=self.request.asked_by,
            legal_basis=self.request.legal_basis,
            maker=self.stored.relationship.party(self.stored.own_role),
            made_at=self.made_at,
            software=self.software,
            keys=JournalKeys(mah=self._keys_of(Role.MAH), cmo=self._keys_of(Role.CMO)),
            journals=Journals(mah=self._counted[Role.MAH].said(), cmo=self._counted[Role.CMO].said()),
            attachments=attachments,
            quarantined=quarantined,
            missing_files=missing,
        )

    def _keys_of(self, role: Role) -> list[HeldKey]:
        """Return the keys of a party as both journals name them."""
        number, own = self.stored.number, self.stored.own_role
        opened = past_of(self.reading.entries(number, own, 0, 1)[0]).body
        if not isinstance(opened, RelationshipOpened):
            raise BundleNotPossibleError("entry 0 of the own journal does not name the keys")
        rotated = []
        if self.reading.count(number, role, _ROTATED):
            rotated = [_rotation(entry) for entry in self.reading.standing(number, role) if entry.type == _ROTATED]
        return keys_of_journals(opened.party(role), rotated)

    def _information(self) -> dict[str, str]:
        return {
            "Source-Organization": self.stored.relationship.party(self.stored.own_role),
            "External-Description": f"Counterfoil evidence bundle of {self.stored.relationship}",
            "Bagging-Date": self.made_at[:10],
        }


def _rotation(entry: StoredEntry) -> tuple[int, KeyRotated]:
    body = past_of(entry).body
    if not isinstance(body, KeyRotated):
        raise BundleNotPossibleError(f"the body of the key rotation at {entry.position} cannot be read")
    return entry.position, body


def _texts() -> dict[str, bytes]:
    folder = files("services.gateway.bundling") / "texts"
    return {name: (folder / name).read_bytes() for name in _TEXTS}
