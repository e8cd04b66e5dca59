"""A kept seal is the own checkpoint of a page that stands here, signed and sealed by its author alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from events.notes.note import Note, SignatureLine, format_note, parse_note
from services.gateway.checking.findings import Findings
from services.gateway.checking.seals import check_seal
from services.gateway.ports.stored_rows import Row
from tests.events.golden.cast import RELATIONSHIP
from tests.services.checking.stores import pair_with_everything
from tests.services.exchange.world import NUMBER, keys_of

MAH = keys_of(RELATIONSHIP, Role.MAH).party_keys


def with_lines(change: Callable[[Note], list[SignatureLine]]) -> Callable[[Row], Row]:
    def changed(row: Row) -> Row:
        note = parse_note(row["note"])
        return {**row, "note": format_note(note.text, change(note))}

    return changed


def turned(line: SignatureLine) -> SignatureLine:
    return SignatureLine(line.name, line.key_id, line.signature[:-1] + bytes([line.signature[-1] ^ 1]))


HARM: dict[str, Callable[[Row], Row]] = {
    "a bit of the seal": with_lines(lambda note: [note.signatures[0], turned(note.signatures[1])]),
    "a bit of the signature": with_lines(lambda note: [turned(note.signatures[0]), note.signatures[1]]),
    "no seal": with_lines(lambda note: [note.signatures[0]]),
    "no signature": with_lines(lambda note: [note.signatures[1]]),
    "the seal twice": with_lines(lambda note: [*note.signatures, note.signatures[1]]),
    "another size": lambda row: {**row, "size": row["size"] - 1},
    "no note": lambda row: {**row, "note": b"none"},
}


@pytest.mark.parametrize("name", ["nothing", *HARM])
def test_what_is_wrong_with_a_kept_seal_is_found(tmp_path: Path, name: str) -> None:
    store = pair_with_everything(tmp_path, deviations=1).mah.store
    findings = Findings()
    with store.reading() as reading:
        kept = reading.seal(NUMBER)
        assert kept is not None
        row = {"relationship": NUMBER, "size": kept.size, "note": kept.note}
        check_seal(HARM[name](row) if name in HARM else row, Role.MAH, MAH, reading, findings)

    assert (findings.count > 0) is (name in HARM)
