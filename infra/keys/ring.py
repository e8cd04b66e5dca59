"""The private keys of one party in one relationship, at work; fits `services.gateway.ports.keys.KeyRing`."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from events.errors import KeyRefusedError
from events.notes.signers import Cosigner, NoteSigner, SealSigner
from events.notes.vkey import VerifierKey
from events.pairing import PartyKeys, format_label_key

SEED_BYTES = 32
SEEDS = ("journal", "journal_seal", "mirror", "mirror_seal", "label")
"""The private keys that a gateway works with, each a seed of 32 bytes; the recovery key is not among them."""


class KeyRing:
    """Signs as this party. It shows its origin and public keys, never a private one."""

    def __init__(self, origin: str, seeds: dict[str, bytes], recovery: VerifierKey) -> None:
        """Take the seeds by the names of `SEEDS`, and the public half of the recovery key.

        Raises:
            KeyRefusedError: a key may not be registered, or one seed stands in two places.
        """
        if seeds.keys() != set(SEEDS) or any(len(seed) != SEED_BYTES for seed in seeds.values()):
            raise KeyRefusedError(f"a party has five private keys of {SEED_BYTES} bytes: {', '.join(SEEDS)}")
        mirror = f"{origin}/mirror"
        self.journal_signer = NoteSigner(Ed25519PrivateKey.from_private_bytes(seeds["journal"]), origin)
        self.journal_seal = SealSigner(seeds["journal_seal"], origin)
        self.mirror_cosigner = Cosigner(Ed25519PrivateKey.from_private_bytes(seeds["mirror"]), mirror)
        self.mirror_seal = SealSigner(seeds["mirror_seal"], mirror)
        self.label_private = seeds["label"]
        self.party_keys = PartyKeys(
            self.journal_signer.vkey,
            self.journal_seal.vkey,
            self.mirror_cosigner.vkey,
            self.mirror_seal.vkey,
            recovery,
            format_label_key(X25519PrivateKey.from_private_bytes(seeds["label"]).public_key().public_bytes_raw()),
        )

    def __repr__(self) -> str:
        return f"KeyRing({self.party_keys.origin!r})"


def recovery_vkey(origin: str, seed: bytes) -> VerifierKey:
    """Return the public half of a recovery key."""
    return NoteSigner(Ed25519PrivateKey.from_private_bytes(seed), f"{origin}/recovery").vkey
