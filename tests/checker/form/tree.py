"""Trees (formats.md 3, RFC 6962), computed from their leaves: the root at every size asked for, and whole subtrees."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
TILE_HEIGHT = 8


@dataclass(slots=True)
class Roots:
    """What the leaves of a journal come to: roots by size, and by (level, index) each subtree of 256**level leaves."""

    at: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY_ROOT})
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)


def roots_of(leaves: Iterable[bytes], sizes: Collection[int]) -> Roots:
    """Compute the roots at some sizes; sizes beyond the last leaf are left out."""
    found, wanted = Roots(), set(sizes)
    whole: list[tuple[int, bytes]] = []  # perfect subtrees from the left, each with its height
    for size, leaf in enumerate(leaves, 1):
        height, node = 0, leaf
        while whole and whole[-1][0] == height:
            node = _node(whole.pop()[1], node)
            height += 1
            if height % TILE_HEIGHT == 0:
                found.tiles[height // TILE_HEIGHT, (size >> height) - 1] = node
        whole.append((height, node))
        if size in wanted:
            found.at[size] = _joined(whole)
    return found


def _joined(whole: list[tuple[int, bytes]]) -> bytes:
    root = whole[-1][1]
    for _, left in reversed(whole[:-1]):
        root = _node(left, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()
