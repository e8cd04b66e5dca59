"""What overtakes a determination of the category or an implementation: a later opinion, a rejection, a withdrawal."""

from collections.abc import Iterator, Mapping

from domain.change import names as n
from domain.change.category import determined
from domain.judging.history import PastEvent
from domain.steps.crossing import Around, Block, Blocks, crossings_with
from domain.steps.history import History


def _opinions(history: History, past: PastEvent, _around: Around | None = None) -> Iterator[Block]:
    """A category rests on the last opinion of each party, until it is determined anew."""
    is_last = determined(history) == past
    for opinion in history.of(*n.OPINIONS):
        yield Block(opinion, is_last)


def _taken_back(history: History, _past: PastEvent, _around: Around | None = None) -> Iterator[Block]:
    """A rejection holds until the same party approves after all; a withdrawal holds."""
    for rejection in history.of(n.REVIEW_REJECTED):
        approvals = history.by(rejection.role, *n.APPROVALS)
        yield Block(rejection, not any(past.position > rejection.position for past in approvals))
    for withdrawal in history.of(n.WITHDRAWN):
        yield Block(withdrawal, is_open=True)


_BLOCKS = {n.DETERMINED: _opinions, n.IMPLEMENTED: _taken_back, n.REVIEW_IMPLEMENTED: _taken_back}

BLOCKS: Mapping[str, Blocks] = _BLOCKS
"""By event type."""


def is_overtaken(history: History, past: PastEvent) -> bool:
    """Tell whether a determination or an implementation crossed a block of the partner that still stands."""
    return any(each.is_open for each in crossings_with(past, _BLOCKS[past.name](history, past)))
