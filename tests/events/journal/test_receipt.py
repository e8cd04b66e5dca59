"""A receipt says what was held and judged, and three signatures bear it out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.encoding.base64 import encode_base64
from events.errors import ReceiptError
from events.journal.checkpoint import Checkpoint
from events.journal.receipt import (
    NOT_COMPUTED,
    Receipt,
    Statement,
    held_checkpoint,
    make_receipt,
    parse_receipt,
    verify_receipt,
)
from events.journal.seal import seal
from events.notes.note import format_note, parse_note, sign_note
from events.notes.vkey import VerifierKey
from tests.events.golden.cast import CMO, MAH, POSIX_TIME

ROOT = bytes(range(32))
HELD = Checkpoint(CMO.origin, 10, ROOT)
HELD_NOTE = sign_note(HELD.text(), CMO.journal)
STATEMENT = Statement(
    origin=MAH.origin,
    size=4,
    root=ROOT[::-1],
    partner_origin=CMO.origin,
    held=10,
    judged=9,
    rule_set=1,
    conclusions=encode_base64(ROOT),
)


def receipt_for(statement: Statement, partner_note: bytes = HELD_NOTE) -> Receipt:
    return make_receipt(
        statement=statement, partner_note=partner_note, posix_time=POSIX_TIME, signer=MAH.journal, cosigner=MAH.mirror
    )


RECEIPT = receipt_for(STATEMENT)
RAW = RECEIPT.encode()


def framed(checkpoint_note: bytes, statement_note: bytes) -> bytes:
    return b"%d %d\n" % (len(checkpoint_note), len(statement_note)) + checkpoint_note + statement_note


def with_statement(text: bytes) -> bytes:
    return framed(RECEIPT.checkpoint_note, sign_note(text, MAH.journal))


def verify(receipt: Receipt) -> int | None:
    return verify_receipt(receipt, MAH.journal.vkey, MAH.mirror.vkey, CMO.journal.vkey)


def test_a_receipt_is_read_back_and_verified() -> None:
    receipt = parse_receipt(RAW, MAH.origin, CMO.origin)
    assert receipt == RECEIPT
    assert receipt.encode() == RAW
    assert (receipt.size, receipt.held, receipt.judged, receipt.rule_set) == (4, 10, 9, 1)
    assert held_checkpoint(receipt) == HELD
    assert verify(receipt) == POSIX_TIME


def test_a_statement_is_written_as_specified() -> None:
    lines = [
        "counterfoil/receipt/v1",
        MAH.origin,
        "4",
        encode_base64(ROOT[::-1]),
        CMO.origin,
        "10",
        "9",
        "1",
        encode_base64(ROOT),
    ]
    assert parse_note(RECEIPT.statement_note).lines() == lines


def test_before_the_partner_wrote_anything_the_first_note_is_empty() -> None:
    receipt = receipt_for(replace(STATEMENT, held=0, judged=0, conclusions=NOT_COMPUTED), b"")
    assert receipt.encode().startswith(b"0 ")
    assert parse_receipt(receipt.encode(), MAH.origin, CMO.origin) == receipt
    assert held_checkpoint(receipt) is None
    assert verify(receipt) is None


@pytest.mark.parametrize(
    "keys",
    [
        (CMO.journal.vkey, MAH.mirror.vkey, CMO.journal.vkey),
        (MAH.journal.vkey, CMO.mirror.vkey, CMO.journal.vkey),
        (MAH.journal.vkey, MAH.mirror.vkey, MAH.journal.vkey),
        (MAH.journal.vkey, MAH.journal.vkey, CMO.journal.vkey),
    ],
)
def test_a_receipt_without_one_of_its_three_signatures_is_not_believed(
    keys: tuple[VerifierKey, VerifierKey, VerifierKey],
) -> None:
    with pytest.raises(ReceiptError) as refused:
        verify_receipt(RECEIPT, *keys)
    assert refused.value.code == "receipt.signature_invalid"


def test_a_receipt_with_a_seal_is_believed_as_far_as_the_seal_is_good_and_without_its_key_the_line_is_ignored() -> None:
    keys = (MAH.journal.vkey, MAH.mirror.vkey, CMO.journal.vkey)
    good, bad = (sealed(checkpoint) for checkpoint in (HELD, Checkpoint(CMO.origin, 9, ROOT)))

    assert parse_receipt(good.encode(), MAH.origin, CMO.origin) == good
    assert verify_receipt(good, *keys, MAH.mirror_seal.vkey) == POSIX_TIME
    assert verify_receipt(bad, *keys) == verify_receipt(bad, *keys, CMO.mirror_seal.vkey) == POSIX_TIME
    with pytest.raises(ReceiptError) as refused:
        verify_receipt(bad, *keys, MAH.mirror_seal.vkey)
    assert refused.value.code == "receipt.signature_invalid"


def sealed(checkpoint: Checkpoint) -> Receipt:
    """The receipt with a seal, of its checkpoint or of another."""
    return make_receipt(
        statement=STATEMENT,
        partner_note=HELD_NOTE,
        posix_time=POSIX_TIME,
        signer=MAH.journal,
        cosigner=MAH.mirror,
        seals=[seal(checkpoint, MAH.mirror_seal, POSIX_TIME)],
    )


def test_a_cosignature_of_another_checkpoint_is_not_believed() -> None:
    other = Checkpoint(CMO.origin, 10, ROOT[::-1]).text()
    note = format_note(HELD.text(), (CMO.journal.sign(HELD.text()), MAH.mirror.cosign(other, POSIX_TIME)))
    receipt = parse_receipt(framed(note, RECEIPT.statement_note), MAH.origin, CMO.origin)
    with pytest.raises(ReceiptError) as refused:
        verify(receipt)
    assert refused.value.code == "receipt.signature_invalid"


TEXT = STATEMENT.text()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        RAW + b"\n",
        RAW[:-1],
        b"0" + RAW,
        b" " + RAW,
        RAW.replace(b"\n", b"\r\n", 1),
        b"0 0\n",
        framed(b"", RECEIPT.statement_note),
        framed(RECEIPT.statement_note, RECEIPT.statement_note),
        framed(RECEIPT.checkpoint_note, RECEIPT.checkpoint_note),
        framed(sign_note(Checkpoint(CMO.origin, 11, ROOT).text(), CMO.journal), RECEIPT.statement_note),
        framed(sign_note(Checkpoint(MAH.origin, 10, ROOT).text(), CMO.journal), RECEIPT.statement_note),
        with_statement(replace(STATEMENT, held=0, judged=0).text()),
        with_statement(replace(STATEMENT, judged=11).text()),
        with_statement(replace(STATEMENT, origin=CMO.origin).text()),
        with_statement(replace(STATEMENT, origin=MAH.origin + "/2").text()),
        with_statement(replace(STATEMENT, conclusions="AAAA").text()),
        with_statement(replace(STATEMENT, conclusions="").text()),
        with_statement(TEXT + b"more\n"),
        with_statement(TEXT.replace(b"/v1\n", b"/v2\n")),
        with_statement(TEXT.replace(b"\n9\n", b"\n09\n")),
        with_statement(TEXT.replace(b"\n9\n", b"\n-9\n")),
        with_statement(replace(STATEMENT, rule_set=2**31).text()),
    ],
)
def test_a_receipt_in_another_form_is_malformed(raw: bytes) -> None:
    with pytest.raises(ReceiptError) as refused:
        parse_receipt(raw, MAH.origin, CMO.origin)
    assert refused.value.code == "receipt.malformed"


def test_no_receipt_is_made_of_a_checkpoint_that_does_not_fit() -> None:
    with pytest.raises(ReceiptError):
        receipt_for(replace(STATEMENT, held=11))
    with pytest.raises(ReceiptError):
        receipt_for(STATEMENT, b"")


@given(st.data())
def test_any_change_of_a_receipt_is_noticed(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(RAW) - 1))
    changed = RAW[:place] + data.draw(st.binary(max_size=3)) + RAW[place + data.draw(st.integers(0, 3)) :]
    if changed == RAW:
        return
    with pytest.raises(ReceiptError):
        verify(parse_receipt(changed, MAH.origin, CMO.origin))
