"""Private keys at work: signing notes, cosigning the partner's checkpoints, and the key for seals.

Trust: whoever holds a signer speaks as its party. A signer never shows its private key.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from events.errors import NoteSignatureError
from events.notes.curve25519 import verify_ed25519
from events.notes.note import SignatureLine
from events.notes.vkey import SignatureType, VerifierKey

MAX_COSIGNATURE_TIME = 2**63 - 1

_TIME_BYTES = 8
_ED25519_SIGNATURE_BYTES = 64


class NoteSigner:
    """Signs the texts of notes with an Ed25519 key (type 0x01) under the key's name."""

    def __init__(self, private: Ed25519PrivateKey, name: str) -> None:
        self._private = private
        self.vkey = VerifierKey(name, SignatureType.ED25519, private.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> SignatureLine:
        """Return the signature line for a text."""
        return SignatureLine(self.vkey.name, self.vkey.key_id, self._private.sign(text))


class Cosigner:
    """States, with an Ed25519 key of its own (type 0x04), that a checkpoint of another log was held at a time."""

    def __init__(self, private: Ed25519PrivateKey, name: str) -> None:
        self._private = private
        self.vkey = VerifierKey(name, SignatureType.COSIGNATURE, private.public_key().public_bytes_raw())

    def cosign(self, text: bytes, posix_time: int) -> SignatureLine:
        """Return the cosignature line for the text of a checkpoint, at a time in whole Unix seconds.

        Raises:
            ValueError: the time is negative or beyond 2^63 - 1.
        """
        if not 0 <= posix_time <= MAX_COSIGNATURE_TIME:
            raise ValueError("a cosignature's time is from 0 to 2^63 - 1")
        signature = self._private.sign(_cosigned_message(text, posix_time))
        stamped = posix_time.to_bytes(_TIME_BYTES, "big") + signature
        return SignatureLine(self.vkey.name, self.vkey.key_id, stamped)


class SealSigner:
    """Signs what `events.journal.seal` has it sign, with an ML-DSA-44 key (type 0x06) under the key's name."""

    def __init__(self, private: bytes, name: str) -> None:
        self._private = MLDSA44PrivateKey.from_seed_bytes(private)
        self.vkey = VerifierKey(name, SignatureType.ML_DSA_44, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 2,420 bytes; two of the same message differ."""
        return self._private.sign(message)


def verify_cosignature(note_text: bytes, line: SignatureLine, vkey: VerifierKey) -> int:
    """Return the time, in Unix seconds, at which a key cosigned the text of a checkpoint.

    Raises:
        NoteSignatureError: the line is of another key or kind, or its signature is not valid.
    """
    if vkey.type is not SignatureType.COSIGNATURE or not line.is_by(vkey):
        raise NoteSignatureError(f"no cosignature of {vkey.name}")
    if len(line.signature) != _TIME_BYTES + _ED25519_SIGNATURE_BYTES:
        raise NoteSignatureError("a cosignature is a time of 8 bytes and a signature of 64")
    posix_time = int.from_bytes(line.signature[:_TIME_BYTES], "big")
    if posix_time > MAX_COSIGNATURE_TIME:
        raise NoteSignatureError("a cosignature's time is at most 2^63 - 1")
    message = _cosigned_message(note_text, posix_time)
    if not verify_ed25519(vkey.public, line.signature[_TIME_BYTES:], message):
        raise NoteSignatureError(f"not signed by {vkey.name}")
    return posix_time


def _cosigned_message(text: bytes, posix_time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % posix_time + text
