"""Seals: checkpoints cosigned with ML-DSA-44, exactly C2SP tlog-cosignature (signature type 0x06).

Records of medicine outlive the certainty of Ed25519. An entry is provable under a seal by its inclusion in any later
tree that was sealed (formats.md 7). The author seals under its journal's name, the partner as mirror.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from events.errors import NoteSignatureError
from events.journal.checkpoint import Checkpoint
from events.notes.note import SignatureLine
from events.notes.signers import MAX_COSIGNATURE_TIME, SealSigner
from events.notes.vkey import SignatureType, VerifierKey

SIGNATURE_BYTES = 2420

_LABEL = b"subtree/v1\n\0"
_TIME_BYTES = 8
_NUMBER_BYTES = 8


def seal(checkpoint: Checkpoint, signer: SealSigner, posix_time: int) -> SignatureLine:
    """Return the line by which a key seals a checkpoint, at a time in whole Unix seconds.

    Raises:
        ValueError: the time is negative or beyond 2^63 - 1, or the origin has more than 255 bytes.
    """
    if not 0 <= posix_time <= MAX_COSIGNATURE_TIME:
        raise ValueError("a seal's time is from 0 to 2^63 - 1")
    signature = signer.sign(_message(signer.vkey.name, posix_time, checkpoint))
    stamped = posix_time.to_bytes(_TIME_BYTES, "big") + signature
    return SignatureLine(signer.vkey.name, signer.vkey.key_id, stamped)


def verify_seal(checkpoint: Checkpoint, line: SignatureLine, vkey: VerifierKey) -> int:
    """Return the time, in Unix seconds, at which a key sealed a checkpoint.

    Raises:
        NoteSignatureError: the line is of another key or kind, or its signature is not valid.
    """
    if vkey.type is not SignatureType.ML_DSA_44 or not line.is_by(vkey):
        raise NoteSignatureError(f"no seal of {vkey.name}")
    if len(line.signature) != _TIME_BYTES + SIGNATURE_BYTES:
        raise NoteSignatureError(f"a seal is a time of 8 bytes and a signature of {SIGNATURE_BYTES}")
    posix_time = int.from_bytes(line.signature[:_TIME_BYTES], "big")
    if posix_time > MAX_COSIGNATURE_TIME:
        raise NoteSignatureError("a seal's time is at most 2^63 - 1")
    key = MLDSA44PublicKey.from_public_bytes(vkey.public)
    try:
        key.verify(line.signature[_TIME_BYTES:], _message(vkey.name, posix_time, checkpoint))
    except InvalidSignature as error:
        raise NoteSignatureError(f"not sealed by {vkey.name}") from error
    return posix_time


def _message(name: str, posix_time: int, checkpoint: Checkpoint) -> bytes:
    """Return C2SP's `cosigned_message` of the tree from its first leaf to the checkpoint's size."""
    times = posix_time.to_bytes(_TIME_BYTES, "big")
    start, end = ((number).to_bytes(_NUMBER_BYTES, "big") for number in (0, checkpoint.size))
    return b"".join((_LABEL, _opaque(name), times, _opaque(checkpoint.origin), start, end, checkpoint.root))


def _opaque(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(1, "big") + raw
