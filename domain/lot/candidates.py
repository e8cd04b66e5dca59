"""What the steps of a lot could name now; into which batch it went is for the person to say."""

from collections.abc import Iterable

from domain.judging.subjects import OPENED
from domain.lot import names as n
from domain.lot.rules import SHARED
from domain.steps.candidates import Asking, Candidate, Candidates


def _allocated(asking: Asking) -> Iterable[Candidate]:
    """Return the allocation of the same lot, once more or after all, to the holder of the relationship."""
    opening, before = asking.history.opening, asking.history.of(n.ALLOCATED)
    if opening is None:
        return []
    stated = {"material": opening.body.material, "number": opening.body.number, "lot_kind": SHARED}
    if before:
        stated |= {"lot_kind": before[0].body.lot_kind, "product": before[0].body.product}
    return [{**stated, "owner": past.body.mah.uscc} for past in asking.context.standing(OPENED)]


def _happened(asking: Asking) -> Iterable[Candidate]:
    """Return what happened to this very lot, as it was entered first."""
    opening = asking.history.opening
    if opening is None:
        return []
    return [{"material": opening.body.material, "number": opening.body.number}]


CANDIDATES: dict[str, Candidates] = {n.ALLOCATED: _allocated, n.USED: _happened, n.BREACH_FOUND: _happened}
"""By event type."""
