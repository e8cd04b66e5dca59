"""Labels: keyed tags on heads, by which a bundle proves that nothing about a batch was left out.

Both sides derive one label secret at pairing. A label such as `batch/B2026-001` has a key k of that secret; the tag of
an entry is keyed by k over the entry's id. Giving away k reveals that label's entries and no other's.
"""

import hmac
from collections.abc import Iterable
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from events.encoding.identifiers import Relationship
from events.errors import KeyRefusedError
from events.notes.curve25519 import why_x25519_key_is_refused

LABEL_INFO = b"counterfoil/labels/v1"
SECRET_BYTES = 32
TAG_BYTES = 16

_MAX_CACHED_LABELS = 16384


def derive_label_secret(own_private_raw: bytes, partner_public_raw: bytes, relationship: Relationship | str) -> bytes:
    """Return the 32 bytes that only the two parties of a relationship can derive.

    Raises:
        KeyRefusedError: the partner's label key is of small order, not canonical or not of 32 bytes.
    """
    reason = why_x25519_key_is_refused(partner_public_raw)
    if reason is not None:
        raise KeyRefusedError(reason)
    private = X25519PrivateKey.from_private_bytes(own_private_raw)
    shared = private.exchange(X25519PublicKey.from_public_bytes(partner_public_raw))
    kdf = HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=str(relationship).encode(), info=LABEL_INFO)
    return kdf.derive(shared)


def label_key(secret: bytes, label: str) -> bytes:
    """Return k of a label: what a bundle gives away for each label in its scope."""
    return hmac.digest(secret, label.encode(), "sha256")


def tag_of(key: bytes, event_id: str) -> str:
    """Return the tag that an entry with this id carries for the label of a key: 32 hexadecimal digits."""
    return hmac.digest(key, event_id.encode(), "sha256")[:TAG_BYTES].hex()


class Labeller:
    """Computes tags with the label secret of one relationship; keys of labels are kept for reuse."""

    def __init__(self, secret: bytes) -> None:
        self._key = lru_cache(maxsize=_MAX_CACHED_LABELS)(lambda label: label_key(secret, label))

    def key(self, label: str) -> bytes:
        """Return k of a label."""
        return self._key(label)

    def tags(self, labels: Iterable[str], event_id: str) -> tuple[str, ...]:
        """Return the tags of an entry for its labels, ascending, each once."""
        return tuple(sorted({tag_of(self._key(label), event_id) for label in labels}))
