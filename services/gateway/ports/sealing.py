"""Small secrets at rest: sealed by a key of the gateway that the store does not hold."""

from typing import Protocol


class Sealing(Protocol):
    """Seals secrets to a purpose."""

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Return a secret, sealed."""

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Return what was sealed. Raises `KeysDamagedError`."""
