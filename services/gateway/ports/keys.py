"""The keys of this party for one relationship.

Trust: whoever holds them can sign as this party. They never leave the process; the recovery key is not among them.
"""

from typing import Protocol

from events.notes.signers import Cosigner, NoteSigner, SealSigner
from events.pairing import PartyKeys


class KeyRing(Protocol):
    """Signs as this party."""

    @property
    def party_keys(self) -> PartyKeys:
        """The public keys, as announced at pairing."""

    @property
    def journal_signer(self) -> NoteSigner:
        """Signs checkpoints, statements and requests."""

    @property
    def mirror_cosigner(self) -> Cosigner:
        """Cosigns the partner's checkpoints."""

    @property
    def journal_seal(self) -> SealSigner:
        """Seals checkpoints of the own journal."""

    @property
    def mirror_seal(self) -> SealSigner:
        """Seals the partner's checkpoints."""

    @property
    def label_private(self) -> bytes:
        """The private half of the label key (X25519, raw)."""
