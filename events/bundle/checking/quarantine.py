"""What was refused whole: bytes under their SHA-256; for two histories under one key the two signed checkpoints."""

from collections.abc import Mapping
from dataclasses import dataclass

from events.bundle.checking.bag import Bag
from events.bundle.faults import BundleError
from events.bundle.keys import PartyKeyring
from events.bundle.layout import QUARANTINE, QUARANTINE_INDEX, quarantine_file
from events.bundle.records import QuarantineRecord, parse_record
from events.encoding.identifiers import Role
from events.errors import NoteError
from events.journal.checkpoint import Checkpoint, parse_checkpoint
from events.notes.note import parse_note, verify_note


@dataclass(slots=True)
class QuarantineFound:
    """How many things were refused whole, and how many of them prove two histories."""

    count: int = 0
    conflicts: int = 0


def check_quarantine(bag: Bag, keys: Mapping[Role, PartyKeyring]) -> QuarantineFound:
    """Check the list of what was refused whole, and that its bytes are those that it lists.

    Raises:
        BundleError: `bundle.malformed`, `quarantine.missing`, `quarantine.other_digest`, `quarantine.unlisted` or
            `quarantine.no_conflict`.
    """
    found, shown = QuarantineFound(), set[str]()
    if QUARANTINE_INDEX in bag:
        for number, line in enumerate(bag.lines(QUARANTINE_INDEX)):
            record = parse_record(QuarantineRecord, line, QUARANTINE_INDEX, number)
            found.count += 1
            if record.shown:
                shown.add(_check_shown(bag, record, number))
            if record.notes:
                _check_conflict(record, keys, number)
                found.conflicts += 1
    for name in bag.names:
        if name.startswith(QUARANTINE) and name != QUARANTINE_INDEX and name not in shown:
            raise BundleError("quarantine.unlisted", name, f"{QUARANTINE_INDEX} does not list it")
    return found


def _check_shown(bag: Bag, record: QuarantineRecord, number: int) -> str:
    name = quarantine_file(record.sha256)
    if name not in bag:
        raise BundleError("quarantine.missing", QUARANTINE_INDEX, f"{name} is not in the bundle", position=number)
    if bag.digest(name) != record.sha256:
        raise BundleError("quarantine.other_digest", name, "its SHA-256 is not its name")
    return name


def _check_conflict(record: QuarantineRecord, keys: Mapping[Role, PartyKeyring], number: int) -> None:
    """Ask for two checkpoints of one journal at one size, with two roots, both signed by a key of its writer."""
    try:
        both = [_signed_checkpoint(note, keys) for note in record.notes]
    except NoteError as error:
        raise BundleError("bundle.malformed", QUARANTINE_INDEX, error.detail, position=number) from error
    places = {(each.origin, each.size) for each in both}
    if len({each.root for each in both}) != 2 or len(places) != 1:  # noqa: PLR2004 - two histories
        detail = "two checkpoints at one size with two roots prove two histories; these do not"
        raise BundleError("quarantine.no_conflict", QUARANTINE_INDEX, detail, position=number)


def _signed_checkpoint(raw: str, keys: Mapping[Role, PartyKeyring]) -> Checkpoint:
    note = parse_note(raw.encode())
    checkpoint = parse_checkpoint(note)
    known = [each.key for keyring in keys.values() for each in keyring.held if keyring.origin == checkpoint.origin]
    if not any(verify_note(note, key) for key in known):
        raise NoteError("a checkpoint is not signed by the writer of its journal")
    return checkpoint
