"""What overtakes a determination of the category or an implementation: another opinion, a rejection, a withdrawal.

So does a correction of an opinion, and of the proposal that was approved.
"""

from collections.abc import Iterator, Mapping

from domain.change import names as n
from domain.change.category import ORDER, determined, highest_word, is_raised
from domain.judging.history import PastEvent
from domain.steps.crossing import Around, Block, Blocks, crossings_with
from domain.steps.history import History


def _opinions(history: History, past: PastEvent, _around: Around | None = None) -> Iterator[Block]:
    """A category rests on the last opinion of each party, until it is determined anew."""
    is_last = determined(history) == past
    for opinion in history.of(*n.OPINIONS):
        for said in (opinion, *history.corrections_of(opinion)):
            yield Block(said, is_last)


def _taken_back(history: History, past: PastEvent, _around: Around | None = None) -> Iterator[Block]:
    """A rejection holds until the same party approves after all; a withdrawal holds."""
    for rejection in history.of(n.REVIEW_REJECTED):
        approvals = history.by(rejection.role, *n.APPROVALS)
        yield Block(rejection, not any(past.position > rejection.position for past in approvals))
    for withdrawal in history.of(n.WITHDRAWN):
        yield Block(withdrawal, is_open=True)
    yield from _changed(history)
    yield from _raised(history, past)


def _changed(history: History) -> Iterator[Block]:
    """A correction of the proposal holds until an approval has seen it."""
    for proposal in history.of(n.PROPOSED):
        for correction in history.corrections_of(proposal):
            yield Block(correction, not any(each.has_seen(correction) for each in history.relied(*n.APPROVALS)))


def _raised(history: History, past: PastEvent) -> Iterator[Block]:
    """A higher opinion than the category that was named holds until the category is determined anew."""
    category = history.named(past.body.category, n.DETERMINED)
    if category is None:
        return
    last = determined(history)
    is_open = last is None or is_raised(history, last)
    for opinion in history.of(*n.OPINIONS):
        if ORDER.index(highest_word(history, opinion)) > ORDER.index(highest_word(history, category)):
            for said in (opinion, *history.corrections_of(opinion)):
                yield Block(said, is_open)


_BLOCKS = {n.DETERMINED: _opinions, n.IMPLEMENTED: _taken_back, n.REVIEW_IMPLEMENTED: _taken_back}

BLOCKS: Mapping[str, Blocks] = _BLOCKS
"""By event type."""


def is_overtaken(history: History, past: PastEvent) -> bool:
    """Tell whether a determination or an implementation crossed a block of the partner that still stands."""
    return any(each.is_open for each in crossings_with(past, _BLOCKS[past.name](history, past)))
