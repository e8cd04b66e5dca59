"""What overtakes the closing of a risk: a word of the partner that calls it major."""

from collections.abc import Iterator, Mapping

from domain.judging.history import PastEvent
from domain.risk import names as n
from domain.steps.crossing import Around, Block, Blocks
from domain.steps.history import History
from domain.suspension.blocks import blocks_of_risk


def _called_major(history: History, _past: PastEvent, around: Around) -> Iterator[Block]:
    """A closing that crossed such a word stands; the risk suspends all the same until that is lifted."""
    return blocks_of_risk(history, around.context)


BLOCKS: Mapping[str, Blocks] = {n.CLOSED: _called_major}
"""By event type."""
