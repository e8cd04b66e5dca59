"""What the steps of a lot could name now; into which batch it went is for the person to say."""

from collections.abc import Iterable

from domain.judging.subjects import OPENED
from domain.lot import names as n
from domain.steps.candidates import Asking, Candidate, Candidates


def _allocated(asking: Asking) -> Iterable[Candidate]:
    """Return the allocation of the same lot once more, to the holder of the relationship."""
    opening = asking.history.opening
    if opening is None:
        return []
    stated = {name: getattr(opening.body, name) for name in ("material", "number", "lot_kind", "product")}
    return [{**stated, "owner": past.body.mah.uscc} for past in asking.context.standing(OPENED)]


CANDIDATES: dict[str, Candidates] = {n.ALLOCATED: _allocated}
"""By event type."""
