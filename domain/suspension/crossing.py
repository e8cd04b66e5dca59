"""What overtakes the signature that lifts a suspension: whatever else suspends the same, and a regulator's measure."""

from collections.abc import Iterator, Mapping

from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.regulatory_measure.in_force import MANUFACTURING, measures_on
from domain.steps.crossing import Around, Block, Blocks, crossings, nothing_touches
from domain.steps.history import History
from domain.steps.scopes import told_scope
from domain.suspension import names as n
from domain.suspension.blocks import suspending


def _stops_again(history: History, _past: PastEvent, around: Around) -> Iterator[Block]:
    """Other suspensions and major risks of the same scope; of the risk for which it was stopped the words since."""
    opening, labels = history.opening, told_scope(history)
    for other, block in suspending(around.context, labels):
        if other != opening:
            yield block
    yield from measures_on(around.context, labels, MANUFACTURING)


BLOCKS: Mapping[str, Blocks] = {n.LIFT_SIGNED: _stops_again, n.REVIEW_LIFT_SIGNED: _stops_again}
"""By event type."""


def is_lifting_overtaken(history: History, context: Context) -> bool:
    """Tell whether a signature that lifts a suspension crossed a block of the partner that still stands."""
    return any(each.is_open for each in crossings(history, BLOCKS, Around(context, nothing_touches)))
