"""A seal is a cosignature that outlives Ed25519: of a checkpoint, by one key, at a time."""

import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from events.errors import NoteSignatureError
from events.journal.checkpoint import Checkpoint
from events.journal.seal import seal, verify_seal
from events.notes.note import SignatureLine
from events.notes.vkey import VerifierKey
from tests.events.golden.cast import CMO, MAH, POSIX_TIME

CHECKPOINT = Checkpoint(CMO.origin, 1234, bytes(range(32)))
LINE = seal(CHECKPOINT, MAH.mirror_seal, POSIX_TIME)
KEY = MAH.mirror_seal.vkey


def test_a_seal_is_verified_and_tells_its_time() -> None:
    assert verify_seal(CHECKPOINT, LINE, KEY) == POSIX_TIME
    assert verify_seal(CHECKPOINT, seal(CHECKPOINT, CMO.journal_seal, 0), CMO.journal_seal.vkey) == 0


def test_what_is_signed_is_the_structure_of_the_specification() -> None:
    name, origin = KEY.name.encode(), CMO.origin.encode()
    parts = (b"subtree/v1\n\0", bytes([len(name)]), name, struct.pack(">Q", POSIX_TIME), bytes([len(origin)]), origin)
    message = b"".join(parts) + struct.pack(">QQ", 0, 1234) + bytes(range(32))
    assert LINE.signature[:8] == struct.pack(">Q", POSIX_TIME)
    MLDSA44PublicKey.from_public_bytes(KEY.public).verify(LINE.signature[8:], message)


@pytest.mark.parametrize(
    ("checkpoint", "line", "key"),
    [
        (Checkpoint(CMO.origin, 1235, CHECKPOINT.root), LINE, KEY),
        (Checkpoint(MAH.origin, 1234, CHECKPOINT.root), LINE, KEY),
        (Checkpoint(CMO.origin, 1234, bytes(32)), LINE, KEY),
        (CHECKPOINT, LINE, MAH.journal_seal.vkey),
        (CHECKPOINT, LINE, MAH.mirror.vkey),
        (CHECKPOINT, SignatureLine(LINE.name, LINE.key_id, LINE.signature[:-1]), KEY),
        (CHECKPOINT, SignatureLine(LINE.name, LINE.key_id, bytes(8) + LINE.signature[8:]), KEY),
        (CHECKPOINT, SignatureLine(LINE.name, LINE.key_id, b"\xff" * 8 + LINE.signature[8:]), KEY),
        (CHECKPOINT, SignatureLine(LINE.name, LINE.key_id, bytes(2428)), KEY),
        (CHECKPOINT, SignatureLine("another", LINE.key_id, LINE.signature), KEY),
    ],
)
def test_a_seal_of_another_checkpoint_key_time_or_form_is_refused(
    checkpoint: Checkpoint, line: SignatureLine, key: VerifierKey
) -> None:
    with pytest.raises(NoteSignatureError):
        verify_seal(checkpoint, line, key)


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_time_that_no_seal_can_carry_is_refused(time: int) -> None:
    with pytest.raises(ValueError, match="a seal's time"):
        seal(CHECKPOINT, MAH.mirror_seal, time)
