"""Hashes of a whole tree, held in memory, and the tree as RFC 6962 defines it, by recursion."""

from collections.abc import Sequence
from hashlib import sha256

from events.journal.tree import TILE_WIDTH


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return sha256(b"\1" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()


def path_of(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if index < k:
        return [*path_of(index, leaves[:k]), root_of(leaves[k:])]
    return [*path_of(index - k, leaves[k:]), root_of(leaves[:k])]


def proof_of(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    k = largest_power_below(len(leaves))
    if old <= k:
        return [*proof_of(old, leaves[:k], whole=whole), root_of(leaves[k:])]
    return [*proof_of(old - k, leaves[k:], whole=False), root_of(leaves[:k])]


def largest_power_below(size: int) -> int:
    k = 1
    while 2 * k < size:
        k *= 2
    return k


class HeldTree:
    """A store of leaves that answers in tiles."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves

    def tile(self, level: int, index: int) -> list[bytes]:
        span = TILE_WIDTH**level
        first = index * TILE_WIDTH
        last = min(first + TILE_WIDTH, len(self.leaves) // span)
        return [root_of(self.leaves[place * span : (place + 1) * span]) for place in range(first, last)]
