"""The proof of one entry stands alone: entry, journal key and, where asked for, cosigners' keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import ProofError
from events.journal.checkpoint import Checkpoint
from events.journal.proof import format_proof, parse_proof, verify_proof
from events.journal.tree import inclusion_proof, root_at
from events.notes.note import format_note
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, entry
from tests.events.journal.reader import HeldTree

ENTRIES = [entry(number) for number in range(11)]
HELD = HeldTree([made.leaf for made in ENTRIES])
CHECKPOINT = Checkpoint(CMO.origin, len(ENTRIES), root_at(len(ENTRIES), HELD))
NOTE = format_note(
    CHECKPOINT.text(), (CMO.journal.sign(CHECKPOINT.text()), MAH.mirror.cosign(CHECKPOINT.text(), POSIX_TIME))
)
HASHES = inclusion_proof(5, len(ENTRIES), HELD)
TEXT = format_proof(5, HASHES, NOTE)


def test_a_proof_shows_who_wrote_an_entry_where_and_who_held_it_when() -> None:
    proven = verify_proof(TEXT, ENTRIES[5].leaf, CMO.journal.vkey, [MAH.mirror.vkey])
    assert (proven.index, proven.checkpoint) == (5, CHECKPOINT)
    assert proven.cosigned == {f"{MAH.origin}/mirror": POSIX_TIME}


def test_a_proof_is_written_as_specified() -> None:
    lines = TEXT.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 5"]
    assert lines[2 + len(HASHES)] == ""
    assert TEXT.endswith("\n\n" + NOTE.decode())


@pytest.mark.parametrize("size", [1, 2, 3, 11])
def test_each_entry_of_a_journal_is_proven(size: int) -> None:
    checkpoint = Checkpoint(CMO.origin, size, root_at(size, HELD))
    note = format_note(checkpoint.text(), (CMO.journal.sign(checkpoint.text()),))
    for index in range(size):
        text = format_proof(index, inclusion_proof(index, size, HELD), note)
        assert verify_proof(text, ENTRIES[index].leaf, CMO.journal.vkey).index == index


def test_extra_data_is_carried_and_vouched_for_by_nobody() -> None:
    proof = parse_proof(format_proof(5, HASHES, NOTE, extra=b"anything"))
    assert (proof.extra, proof.index, proof.hashes) == (b"anything", 5, tuple(HASHES))
    assert parse_proof(TEXT).extra is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (TEXT, 4),
        (TEXT.replace("index 5", "index 4"), 5),
        (TEXT.replace("index 5", "index 11"), 5),
        (TEXT.replace("\n11\n", "\n12\n"), 5),
        (format_proof(5, HASHES[:-1], NOTE), 5),
        (format_proof(5, HASHES[::-1], NOTE), 5),
    ],
)
def test_a_proof_of_something_else_is_refused(text: str, number: int) -> None:
    with pytest.raises(ProofError) as refused:
        verify_proof(text, ENTRIES[number].leaf, CMO.journal.vkey)
    assert refused.value.code == "proof.invalid"


def test_a_proof_without_the_signatures_asked_for_is_refused() -> None:
    leaf = ENTRIES[5].leaf
    with pytest.raises(ProofError, match="not signed"):
        verify_proof(TEXT, leaf, MAH.journal.vkey)
    with pytest.raises(ProofError, match="not cosigned"):
        verify_proof(TEXT, leaf, CMO.journal.vkey, [CMO.mirror.vkey])
    other = Checkpoint(CMO.origin, 11, bytes(32)).text()
    forged = (CMO.journal.sign(CHECKPOINT.text()), MAH.mirror.cosign(other, POSIX_TIME))
    text = format_proof(5, HASHES, format_note(CHECKPOINT.text(), forged))
    with pytest.raises(ProofError, match="not signed"):
        verify_proof(text, leaf, CMO.journal.vkey, [MAH.mirror.vkey])


def test_a_checkpoint_that_names_another_journal_than_its_key_is_refused() -> None:
    text = Checkpoint(MAH.origin, 11, CHECKPOINT.root).text()
    with pytest.raises(ProofError):
        verify_proof(
            format_proof(5, HASHES, format_note(text, (CMO.journal.sign(text),))), ENTRIES[5].leaf, CMO.journal.vkey
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("index 5\n", ""),
        TEXT.replace("index 5", "index 05"),
        TEXT.replace("index 5", "extra !!\nindex 5"),
        TEXT.replace("index 5", "index 5\nAAAA"),
        TEXT.replace("index 5", "index 5\nextra AAAA"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n\n", "\n\n\n", 1),
        format_proof(5, [bytes(32)] * 65, NOTE),
        TEXT + "\ud800",
        TEXT[:-1],
    ],
)
def test_a_proof_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        parse_proof(text)


@given(st.data())
def test_any_change_of_a_proof_is_noticed(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TEXT) - 1))
    changed = TEXT[:place] + data.draw(st.text(max_size=3)) + TEXT[place + data.draw(st.integers(0, 3)) :]
    if changed == TEXT:
        return
    try:
        proven = verify_proof(changed, ENTRIES[5].leaf, CMO.journal.vkey, [MAH.mirror.vkey])
    except ProofError:
        return
    assert (proven.index, proven.checkpoint) == (5, CHECKPOINT)
    assert parse_proof(changed).note.signatures == parse_proof(TEXT).note.signatures
