"""The sum over shared rows: one number that follows from the rows whatever the order in which they came to be."""

from dataclasses import dataclass
from hashlib import sha256

from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role

MODULUS = 2**256
BYTES = 32


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of the two journals a fold takes in: exactly the entries below these positions, and all of them."""

    mah: int
    cmo: int

    @classmethod
    def of(cls, author: Role, own: int, partner: int) -> "Sizes":
        """Return the sizes that a receipt of `author` names: of its own journal, and of the partner's as judged."""
        return cls(own, partner) if author is Role.MAH else cls(partner, own)

    def is_within(self, other: "Sizes") -> bool:
        """Tell whether a fold at other sizes takes in all of this one, and more."""
        return self != other and self.mah <= other.mah and self.cmo <= other.cmo

    def __str__(self) -> str:
        """Return the sizes in words for people."""
        return f"mah {self.mah}, cmo {self.cmo}"


@dataclass(frozen=True, slots=True)
class Concluded:
    """The sum over all shared rows of a fold, and what the fold takes in."""

    sizes: Sizes
    total: int

    @property
    def text(self) -> str:
        """The sum as receipts state it: the base64 of 32 bytes, the most significant first."""
        return encode_base64(self.total.to_bytes(BYTES, "big"))


def weight(shared: bytes) -> int:
    """Return what a shared row adds to the sum: its SHA-256 as a number, the most significant byte first."""
    return int.from_bytes(sha256(shared).digest(), "big")
