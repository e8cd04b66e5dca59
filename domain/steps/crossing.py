"""Entries that crossed a block on the wire: neither had seen the other, so both stand, and the one is overtaken.

An act or fact of one party whose gate an entry of the other would have shut, had its author seen it, is shown as
overtaken on both sides, and later gates of the matter stay shut until the block is lifted (formats.md 6). A block that
is marked or disputed still blocks; what lifts it is relied on.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.steps.history import History


@dataclass(frozen=True, slots=True)
class Block:
    """An entry that shuts gates, and whether it still does."""

    past: PastEvent
    is_open: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """An entry, the partner's block that crossed it, and whether the block still stands."""

    overtaken: PastEvent
    block: PastEvent
    is_open: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Where a matter's blocks are looked for: in the standing entries, and in what touches drug batches by number."""

    context: Context
    touching: Callable[[Collection[str]], Sequence[History]]


Blocks = Callable[[History, PastEvent, Around], Iterable[Block]]
"""Returns what shuts the gate of an entry of a matter, or did before it was lifted."""


def crossings(history: History, blocks: Mapping[str, Blocks], around: Around) -> list[Crossing]:
    """Return what crossed a block among the entries of a matter whose types are in the table."""
    return [
        crossing for past in history.of(*blocks) for crossing in crossings_of(past, history, blocks[past.name], around)
    ]


def crossings_of(past: PastEvent, history: History, blocks: Blocks, around: Around) -> Iterator[Crossing]:
    """Return the blocks of the partner that crossed an entry of a matter."""
    return crossings_with(past, blocks(history, past, around))


def crossings_with(past: PastEvent, blocks: Iterable[Block]) -> Iterator[Crossing]:
    """Return those of some blocks that are the partner's and crossed an entry."""
    for block in blocks:
        if block.past.role is not past.role and crossed(past, block.past):
            yield Crossing(past, block.past, block.is_open)


def crossed(one: PastEvent, other: PastEvent) -> bool:
    """Tell whether neither of two entries, one of each journal, had seen the other."""
    if one.head is None or other.head is None:
        return False
    return one.head.seen <= other.position and other.head.seen <= one.position


def nothing_touches(_numbers: Collection[str]) -> Sequence[History]:
    """Return what touches batches where none are looked at."""
    return ()
