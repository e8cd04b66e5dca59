"""The Merkle tree of a journal, exactly RFC 6962: leaves are hashes of heads, hashes are 32 bytes of SHA-256.

A `Frontier` holds what is needed to append. Hashes already stored are read through a `HashReader` in tiles of 256:
tile (level, index) holds the tree's hashes at height 8 * level, from position index * 256 on, as many as exist.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol, Self

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


def leaf_hash(head_bytes: bytes) -> bytes:
    """Return the leaf of a head."""
    return sha256(b"\0" + head_bytes).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the node above two nodes."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of an append-only tree: the roots of its perfect subtrees, enough to go on and to know the root.

    `nodes` are those roots from the largest subtree, at the left, to the smallest: one for each bit of `size`.
    """

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        if len(nodes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} perfect subtrees, not {len(nodes)}")
        self._size = size
        remaining = list(nodes)
        self._pending = [remaining.pop() if size >> level & 1 else b"" for level in range(size.bit_length())]
        self._completed: list[tuple[int, int, bytes]] = []

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._size

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """Return the roots of the perfect subtrees, the largest first."""
        return tuple(node for node in reversed(self._pending) if node)

    def copy(self) -> Self:
        """Return an independent frontier of the same tree, with the same completed tiles waiting."""
        twin = type(self)(self._size, self.nodes)
        twin._completed = list(self._completed)  # noqa: SLF001 - its own class
        return twin

    def append(self, leaf: bytes) -> None:
        """Add one leaf."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves in their order, level by level."""
        row = list(leaves)
        start = self._size
        self._size += len(row)
        level = 0
        while row:
            if level and level % TILE_HEIGHT == 0:
                self._completed.extend((level // TILE_HEIGHT, start + place, node) for place, node in enumerate(row))
            if level == len(self._pending):
                self._pending.append(b"")
            if start & 1:
                row.insert(0, self._pending[level])
            self._pending[level] = row.pop() if len(row) & 1 else b""
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
            start >>= 1
            level += 1

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        root = b""
        for node in self._pending:
            if node:
                root = node_hash(node, root) if root else node
        return root or EMPTY_ROOT

    def take_completed(self) -> list[tuple[int, int, bytes]]:
        """Hand over, once, the subtrees of 256**k leaves completed since the last call: (k, index, hash), k from 1."""
        completed, self._completed = self._completed, []
        return completed


class HashReader(Protocol):
    """Where the hashes of a tree are kept."""

    def tile(self, level: int, index: int) -> Sequence[bytes]:
        """Return the hashes at height 8 * level from position index * 256 on, at most 256, as many as exist."""


class MissingHashError(LookupError):
    """The store does not hold a hash that the tree of this size has."""


def root_at(size: int, reader: HashReader) -> bytes:
    """Return the root that the tree had at a size.

    Raises:
        MissingHashError: the reader does not reach that size.
    """
    return frontier_at(size, reader).root()


def frontier_at(size: int, reader: HashReader) -> Frontier:
    """Return the frontier that the tree had at a size.

    Raises:
        MissingHashError: the reader does not reach that size.
    """
    nodes = _Nodes(reader)
    levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
    return Frontier(size, [nodes.perfect(level, (size >> level) - 1) for level in levels])


def inclusion_proof(index: int, size: int, reader: HashReader) -> list[bytes]:
    """Return the path from a leaf to the root of the tree at a size, the leaf's sibling first.

    Raises:
        ValueError: no such leaf in a tree of that size.
        MissingHashError: the reader does not reach that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    nodes = _Nodes(reader)
    begin, end = 0, size
    path: list[bytes] = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(nodes.over(middle, end))
            end = middle
        else:
            path.append(nodes.over(begin, middle))
            begin = middle
    return path[::-1]


def consistency_proof(old: int, new: int, reader: HashReader) -> list[bytes]:
    """Return the proof that the tree at the old size is the beginning of the tree at the new size.

    Raises:
        ValueError: the old size is larger than the new one.
        MissingHashError: the reader does not reach the new size.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves never had {old}")
    if old in (0, new):
        return []
    nodes = _Nodes(reader)
    begin, end = 0, new
    path: list[bytes] = []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(nodes.over(middle, end))
            end = middle
        else:
            path.append(nodes.over(begin, middle))
            begin = middle
    if begin:
        path.append(nodes.over(begin, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a path leads from a leaf at a position to the root of the tree of that size.

    Source: RFC 9162, 2.1.3.2, the algorithm for RFC 6962's trees.
    """
    if not 0 <= index < size or any(len(sibling) != HASH_BYTES for sibling in proof):
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that the tree of the new root begins with the tree of the old root.

    Source: RFC 9162, 2.1.4.2.
    """
    if not 0 <= old <= new or any(len(node) != HASH_BYTES for node in proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _meets(old - 1, new - 1, path, old_root, new_root)


def _meets(place: int, last: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Climb with one node to both roots."""
    while place & 1:
        place, last = place >> 1, last >> 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_node = node_hash(new_node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_node == old_root and new_node == new_root


def _split(size: int) -> int:
    """Return the largest power of two smaller than a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


class _Nodes:
    """Nodes of the tree, computed from tiles; each tile is read once."""

    def __init__(self, reader: HashReader) -> None:
        self._reader = reader
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def perfect(self, level: int, index: int) -> bytes:
        """Return the root of the perfect subtree of 2**level leaves at its index."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, offset = divmod(index << height, TILE_WIDTH)
        row = self._tile(tile_level, tile_index)[offset : offset + (1 << height)]
        if len(row) != 1 << height:
            raise MissingHashError(f"no hash at height {level}, position {index}")
        while len(row) > 1:
            row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    def over(self, begin: int, end: int) -> bytes:
        """Return the root over the leaves from begin to before end, a range that the tree itself splits off."""
        size = end - begin
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self.perfect(level, begin >> level)
        middle = begin + _split(size)
        return node_hash(self.over(begin, middle), self.over(middle, end))

    def _tile(self, level: int, index: int) -> Sequence[bytes]:
        if (level, index) not in self._tiles:
            self._tiles[level, index] = self._reader.tile(level, index)
        return self._tiles[level, index]
