"""A cosignature states that a checkpoint was held at a time, by one key and no other."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from events.errors import NoteSignatureError
from events.notes.note import SignatureLine
from events.notes.signers import MAX_COSIGNATURE_TIME, Cosigner, verify_cosignature
from events.notes.vkey import SignatureType, VerifierKey
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, private_key

TEXT = b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
LINE = MAH.mirror.cosign(TEXT, POSIX_TIME)


def test_a_cosignature_is_verified_and_tells_its_time() -> None:
    assert verify_cosignature(TEXT, LINE, MAH.mirror.vkey) == POSIX_TIME


def test_the_signed_message_is_that_of_the_specification() -> None:
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT
    line = MAH.mirror.cosign(TEXT, 1679315147)
    assert line.signature[:8] == (1679315147).to_bytes(8, "big")
    Ed25519PublicKey.from_public_bytes(MAH.mirror.vkey.public).verify(line.signature[8:], message)


def test_a_cosignature_line_is_written_as_a_signature_line() -> None:
    dash, name, encoded = str(LINE).split(" ")
    assert (dash, name) == ("—", f"{MAH.origin}/mirror")
    assert b64decode(encoded)[:4] == MAH.mirror.vkey.key_id


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (TEXT.replace(b"20852163", b"20852164"), LINE, MAH.mirror.vkey),
        (TEXT, LINE, CMO.mirror.vkey),
        (TEXT, LINE, MAH.journal.vkey),
        (TEXT, SignatureLine(LINE.name, LINE.key_id, LINE.signature[:-1]), MAH.mirror.vkey),
        (TEXT, SignatureLine(LINE.name, LINE.key_id, bytes(8) + LINE.signature[8:]), MAH.mirror.vkey),
        (TEXT, SignatureLine(LINE.name, LINE.key_id, b"\xff" * 8 + LINE.signature[8:]), MAH.mirror.vkey),
        (TEXT, SignatureLine("another", LINE.key_id, LINE.signature), MAH.mirror.vkey),
    ],
)
def test_a_cosignature_of_another_text_key_time_or_form_is_refused(
    text: bytes, line: SignatureLine, key: VerifierKey
) -> None:
    with pytest.raises(NoteSignatureError) as refused:
        verify_cosignature(text, line, key)
    assert refused.value.code == "note.signature_invalid"


def test_a_plain_signature_of_the_mirror_key_is_no_cosignature() -> None:
    line = SignatureLine(LINE.name, LINE.key_id, bytes(8) + private_key("mah mirror").sign(TEXT))
    with pytest.raises(NoteSignatureError):
        verify_cosignature(TEXT, line, MAH.mirror.vkey)


def test_the_largest_time_is_2_to_the_63_less_one() -> None:
    cosigner = Cosigner(private_key("mah mirror"), "w")
    assert verify_cosignature(TEXT, cosigner.cosign(TEXT, MAX_COSIGNATURE_TIME), cosigner.vkey) == 2**63 - 1
    for time in (-1, 2**63):
        with pytest.raises(ValueError, match=r"2\^63"):
            cosigner.cosign(TEXT, time)


def test_the_keys_of_seals_are_of_their_own_type() -> None:
    assert MAH.journal_seal.vkey.type is SignatureType.ML_DSA_44
    assert len(MAH.journal_seal.vkey.public) == 1312
    assert MAH.journal_seal.vkey.public != MAH.mirror_seal.vkey.public
