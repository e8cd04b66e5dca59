"""A maker that changes something and signs it: whatever the journals bear out otherwise is refused."""

from typing import Any

import pytest

from events.bundle.layout import ATTACHMENTS, QUARANTINE_INDEX, attachment_file, checkpoints_file, receipts_file
from events.bundle.records import QuarantineRecord, format_record
from events.bundle.report import Verdict
from events.encoding.canonical import decode, encode
from events.encoding.identifiers import Role
from events.journal.checkpoint import Checkpoint
from events.journal.seal import SIGNATURE_BYTES
from events.notes.note import SignatureLine, parse_note, sign_note
from tests.events.golden.cast import RELATIONSHIP
from tests.services.bundling.stage import Edit, Files, bundle, checked, described, files_of, forged, place_of
from tests.services.exchange.world import keys_of

DIGEST = "5e" * 32


def edited(name: str, number: int, change: Any) -> Edit:
    """The edit of one line of canonical JSON."""

    def edit(files: Files) -> None:
        lines = files[name].splitlines()
        record = decode(lines[number])
        change(record)
        lines[number] = encode(record)
        files[name] = b"".join(line + b"\n" for line in lines)

    return edit


def from_neighbour(name: str, field: str) -> Edit:
    """The edit that gives a line the value of the one before."""

    def edit(files: Files) -> None:
        other = decode(files[name].splitlines()[3])[field]
        edited(name, 4, lambda record: record.update({field: other}))(files)

    return edit


def without_line(name: str) -> Edit:
    def edit(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join(lines[:4] + lines[5:])

    return edit


def quarantined(*notes: str, shown: bool = False) -> Edit:
    """The edit that adds something that was refused whole."""
    record = QuarantineRecord(
        number=1,
        kind="page",
        code="page.history_conflict",
        detail="",
        at="2026-11-22T09:30:44.123456Z",
        sha256=DIGEST,
        shown=shown,
        notes=list(notes),
    )

    def edit(files: Files) -> None:
        files[QUARANTINE_INDEX] = format_record(record)
        described(lambda said: said.update(quarantined=1))(files)

    return edit


def signed_checkpoint(role: Role, size: int, root: bytes, by: Role | None = None) -> str:
    text = Checkpoint(RELATIONSHIP.origin(role), size, root).text()
    return sign_note(text, keys_of(RELATIONSHIP, by or role).journal_signer).decode()


def another_key(said: dict[str, Any]) -> None:
    said["keys"]["mah"][0]["vkey"] = said["keys"]["cmo"][0]["vkey"]


def later_key(said: dict[str, Any]) -> None:
    said["keys"]["mah"].append({"vkey": said["keys"]["mah"][2]["vkey"], "from": 7})


CHECKPOINTS, RECEIPTS = checkpoints_file(Role.MAH), receipts_file(Role.MAH)
LIES: dict[str, tuple[Edit, str]] = {
    "the checkpoint of another page": (from_neighbour(CHECKPOINTS, "note"), "journal.checkpoint_malformed"),
    "a checkpoint twice": (from_neighbour(CHECKPOINTS, "size"), "journal.checkpoint_order"),
    "a checkpoint left out": (without_line(CHECKPOINTS), "receipt.other_root"),
    "a receipt's checkpoint of another size": (from_neighbour(RECEIPTS, "note"), "receipt.malformed"),
    "a receipt's statement of another size": (from_neighbour(RECEIPTS, "statement"), "receipt.malformed"),
    "a receipt left out": (without_line(RECEIPTS), "counts.differ"),
    "a receipt without its note": (edited(RECEIPTS, 4, lambda it: it.update(note="")), "receipt.malformed"),
    "a key that is another's": (described(another_key), "journal.signature_invalid"),
    "a key that no journal names": (described(later_key), "keys.differ"),
    "another maker": (described(lambda it: it.update(maker=RELATIONSHIP.mah)), "note.signature_invalid"),
    "a later size vouched for": (
        described(lambda it: it["journals"]["mah"].update(complete_to=35)),
        "counts.differ",
    ),
    "an attachment that nothing names": (
        lambda files: files.update({ATTACHMENTS + DIGEST: b"x"}),
        "attachment.other_digest",
    ),
    "a missing attachment not said": (described(lambda it: it["missing_files"].pop()), "attachment.missing"),
    "an attachment missed by nobody": (
        described(lambda it: it["missing_files"].append({"sha256": DIGEST, "reason": "withheld"})),
        "attachment.unnamed",
    ),
    "more in quarantine than there is": (described(lambda it: it.update(quarantined=1)), "counts.differ"),
    "quarantine without its bytes": (quarantined(shown=True), "quarantine.missing"),
    "two histories by one checkpoint": (
        quarantined(*[signed_checkpoint(Role.MAH, 5, bytes(32))] * 2),
        "quarantine.no_conflict",
    ),
    "two histories by a stranger's key": (
        quarantined(*(signed_checkpoint(Role.MAH, 5, bytes([at]) * 32, Role.CMO) for at in (1, 2))),
        "bundle.malformed",
    ),
    "another format": (described(lambda it: it.update(format="counterfoil/bundle/v2")), "bundle.unknown_format"),
    "another relationship": (described(lambda it: it.update(relationship="x/y")), "bundle.malformed"),
    "a field of its own": (described(lambda it: it.update(remark="")), "bundle.malformed"),
}


@pytest.mark.parametrize("name", sorted(LIES))
def test_a_lie_of_the_maker_is_refused(name: str) -> None:
    edit, code = LIES[name]

    report = checked(forged(bundle(), edit))

    assert report.verdict is Verdict.FAILED
    assert place_of(report)[0] == code


def test_what_the_maker_signs_unchanged_is_as_good_as_what_it_made() -> None:
    assert checked(forged(bundle(), lambda _: None)).faults == []


def test_nobody_else_signs_for_the_maker() -> None:
    assert place_of(checked(forged(bundle(), lambda _: None, maker=Role.MAH)))[0] == "note.signature_invalid"


def test_two_histories_under_one_key_are_shown_as_proof_and_leave_the_bundle_as_it_is() -> None:
    notes = [signed_checkpoint(Role.MAH, 5, bytes([at]) * 32) for at in (1, 2)]

    report = checked(forged(bundle(), quarantined(*notes)))

    assert report.faults == []
    assert report.histories_in_conflict == 1


def test_an_attachment_is_the_file_that_its_name_says() -> None:
    report = checked(forged(bundle(), lambda files: files.update({attachment_file("aa" * 32): b"another"})))

    assert place_of(report)[:2] == ("attachment.other_digest", attachment_file("aa" * 32))


@pytest.mark.parametrize("number", [0, 1])
def test_a_seal_that_is_not_of_its_checkpoint_is_refused(number: int) -> None:
    """The last line of the maker's own journal is its seal; the one before is a receipt with that of the mirror."""
    name = receipts_file(Role.CMO)
    place = len(files_of(bundle())[name].splitlines()) - 1 - number
    sealed = decode(files_of(bundle())[name].splitlines()[place])
    note = parse_note(sealed["note"].encode())
    (line,) = [line for line in note.signatures if len(line.signature) > SIGNATURE_BYTES]
    spoilt = SignatureLine(line.name, line.key_id, line.signature[:-1] + bytes([line.signature[-1] ^ 1]))

    report = checked(
        forged(
            bundle(),
            edited(name, place, lambda record: record.update(note=sealed["note"].replace(str(line), str(spoilt)))),
        )
    )

    assert place_of(report) == ("receipt.seal_invalid", name, place)
    assert (sealed["statement"] is None) is (number == 0)
