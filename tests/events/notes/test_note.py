"""A note is believed for the key that the reader chose, and read in one form only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import EvidenceError, NoteError
from events.notes.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    SignatureLine,
    format_note,
    parse_note,
    sign_note,
    verify_note,
)
from events.notes.signers import NoteSigner
from events.notes.vkey import VerifierKey
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, private_key, seed

TEXT = "存根\n第二行\n".encode()
SIGNED = sign_note(TEXT, CMO.journal)
TORSION = edwards.small_order_points()[1]


def signed_by_bytes(signature: bytes) -> Note:
    line = SignatureLine(CMO.journal.vkey.name, CMO.journal.vkey.key_id, signature)
    return parse_note(format_note(TEXT, (line,)))


def test_a_note_signed_by_another_implementation_is_verified() -> None:
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    note = parse_note(f"{text}\n— PeterNeumann {signature}\n".encode())
    assert verify_note(note, key)


def test_a_signed_note_is_read_back_and_verified() -> None:
    note = parse_note(SIGNED)
    assert (note.text, note.raw) == (TEXT, SIGNED)
    assert note.lines() == ["存根", "第二行"]
    assert verify_note(note, CMO.journal.vkey)
    assert format_note(note.text, note.signatures) == SIGNED


def test_a_note_is_not_verified_for_another_key_name_or_text() -> None:
    note = parse_note(SIGNED)
    assert not verify_note(note, MAH.journal.vkey)
    assert not verify_note(note, NoteSigner(private_key("cmo journal"), "another/name").vkey)
    assert not verify_note(parse_note(SIGNED.replace("二".encode(), "三".encode())), CMO.journal.vkey)


def test_lines_of_unknown_keys_are_ignored() -> None:
    stranger = SignatureLine("stranger", b"\0\0\0\0", b"anything")
    namesake = SignatureLine(CMO.journal.vkey.name, b"\0\0\0\0", b"a seal of a kind not known")
    note = parse_note(format_note(TEXT, (stranger, CMO.journal.sign(TEXT), namesake)))
    assert verify_note(note, CMO.journal.vkey)


def test_one_bad_line_of_a_known_key_spoils_the_note() -> None:
    good = CMO.journal.sign(TEXT)
    bad = SignatureLine(good.name, good.key_id, bytes(64))
    assert not verify_note(parse_note(format_note(TEXT, (good, bad))), CMO.journal.vkey)


def test_a_mirror_key_signs_no_note() -> None:
    line = SignatureLine(CMO.mirror.vkey.name, CMO.mirror.vkey.key_id, private_key("cmo mirror").sign(TEXT))
    assert not verify_note(parse_note(format_note(TEXT, (line,))), CMO.mirror.vkey)


def test_a_signature_with_the_group_order_added_is_refused() -> None:
    signature = CMO.journal.sign(TEXT).signature
    assert verify_note(signed_by_bytes(signature), CMO.journal.vkey)
    assert not verify_note(signed_by_bytes(edwards.malleate(signature)), CMO.journal.vkey)


def test_a_signature_that_only_a_cofactor_makes_valid_is_refused() -> None:
    signature = edwards.sign_with_torsion(seed("cmo journal"), TEXT, TORSION)
    assert not verify_note(signed_by_bytes(signature), CMO.journal.vkey)
    nothing = edwards.sign_with_torsion(seed("cmo journal"), TEXT, edwards.NEUTRAL)
    assert verify_note(signed_by_bytes(nothing), CMO.journal.vkey)


def test_that_signature_is_valid_where_the_cofactor_is_cleared() -> None:
    scalar = edwards.secret_scalar(seed("cmo journal"))
    public = edwards.times(scalar, edwards.BASE)
    commitment = edwards.add(edwards.times(7, edwards.BASE), TORSION)
    hashed = edwards.challenge(edwards.encode(commitment), edwards.encode(public), TEXT)
    assert edwards.is_valid_with_cofactor(public, commitment, (7 + hashed * scalar) % edwards.L, TEXT)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    line = SignatureLine(CMO.journal.vkey.name, CMO.journal.vkey.key_id, bytes(length))
    if length:
        assert not verify_note(parse_note(format_note(TEXT, (line,))), CMO.journal.vkey)
    else:
        with pytest.raises(NoteError, match="longer than its key id"):
            parse_note(format_note(TEXT, (line,)))


def test_the_text_may_hold_empty_lines() -> None:
    text = b"a\n\n\xe2\x80\x94 no signature\n\nb\n"
    assert parse_note(sign_note(text, CMO.journal)).text == text


def test_sixteen_large_signatures_are_accepted() -> None:
    lines = [SignatureLine(f"witness/{number}", bytes(4), bytes(4627)) for number in range(16)]
    assert len(parse_note(format_note(TEXT, lines)).signatures) == 16


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        TEXT,
        TEXT + b"\n",
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED + b"trailing\n",
        SIGNED.replace(b"\n", b"\r\n"),
        SIGNED.replace("—".encode(), b"-"),
        SIGNED.replace("— ".encode(), "—".encode()),
        SIGNED.replace(b" counterfoil", b"  counterfoil"),
        SIGNED.replace(b"=\n", b"\n"),
        SIGNED.replace(b"=\n", b"= \n"),
        b"\xff" + SIGNED,
        b"\0" + SIGNED,
        b"\t" + SIGNED,
        format_note(TEXT, (SignatureLine("n", bytes(4), bytes(64)),) * (MAX_SIGNATURES + 1)),
        sign_note(b"x" * MAX_NOTE_BYTES + b"\n", CMO.journal),
    ],
)
def test_a_note_in_another_form_is_malformed(raw: bytes) -> None:
    with pytest.raises(NoteError) as refused:
        parse_note(raw)
    assert refused.value.code == "note.malformed"


def test_base64_with_spare_bits_is_malformed() -> None:
    line = SignatureLine("n", bytes(4), bytes(64))  # 68 bytes: one padding sign, two spare bits
    good = format_note(TEXT, (line,))
    assert parse_note(good).signatures == (line,)
    with pytest.raises(NoteError):
        parse_note(good.replace(b"A=\n", b"B=\n"))


@pytest.mark.parametrize("text", [b"", b"no line feed", b"tab\there\n", b"\xed\xa0\x80\n", b"\x1b[31m\n"])
def test_no_note_is_made_of_a_text_that_none_can_carry(text: bytes) -> None:
    with pytest.raises(NoteError):
        sign_note(text, CMO.journal)


@given(st.data())
def test_any_change_of_a_note_ends_in_our_own_error_or_leaves_it_unverified(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(SIGNED) - 1))
    changed = SIGNED[:place] + data.draw(st.binary(max_size=3)) + SIGNED[place + data.draw(st.integers(0, 3)) :]
    try:
        note = parse_note(changed)
    except EvidenceError:
        return
    assert verify_note(note, CMO.journal.vkey) == (changed == SIGNED)
