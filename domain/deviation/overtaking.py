"""Closings and rejections that crossed on the wire: neither had seen the other, so both stand.

Such a closing is shown as overtaken on both sides, and every later gate on the item is shut until the block is lifted:
until the partner, whose later entry has its own rejection before it, approves a closure after all (formats.md 6).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.deviation.names import CLOSED, CLOSURE_APPROVED, CLOSURE_REJECTED
from domain.judging.history import PastEvent
from domain.steps.crossing import crossed


@dataclass(frozen=True, slots=True)
class Overtaking:
    """A closing of the owner, the rejection that crossed it, and the approval that lifted the block (None: open)."""

    overtaken: PastEvent
    block: PastEvent
    lifted_by: PastEvent | None

    @property
    def is_open(self) -> bool:
        """Tell whether the block still stands."""
        return self.lifted_by is None


def overtakings(
    owners: Iterable[PastEvent],
    review: Iterable[PastEvent],
    is_disputed: Callable[[PastEvent], bool] = lambda _: False,
) -> list[Overtaking]:
    """Return each closing in the owner's history of a deviation that crossed a rejection in the partner's review.

    Both histories are by position and may hold refused entries, which count for nothing. A block that is marked or
    disputed still blocks; an approval that is disputed lifts nothing.
    """
    reviewed = [past for past in review if past.code is None]
    approvals = [past for past in reviewed if past.name == CLOSURE_APPROVED and not is_disputed(past)]
    blocks = [past for past in reviewed if past.name == CLOSURE_REJECTED]
    closings = [past for past in owners if past.code is None and past.name == CLOSED]
    return [
        Overtaking(closing, block, _first_after(approvals, block))
        for closing in closings
        for block in blocks
        if crossed(closing, block) and closing.body.investigation == block.body.investigation
    ]


def _first_after(approvals: Iterable[PastEvent], block: PastEvent) -> PastEvent | None:
    return next((past for past in approvals if past.position > block.position), None)
