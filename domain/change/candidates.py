"""What the steps of a change could name now."""

from collections.abc import Iterable

from domain.change import names as n
from domain.change.category import ORDER, latest_opinions
from domain.change.standing import STEP_OF
from domain.clocks.clock import day_of
from domain.evidence import reference
from domain.steps.candidates import (
    Asking,
    Candidate,
    Candidates,
    Maybe,
    NothingToNameError,
    naming,
    saying,
)
from events.encoding.identifiers import Role


def _categories(asking: Asking) -> Iterable[Candidate]:
    """Return every category on the last opinion of each party, the highest first."""
    latest = latest_opinions(asking.history)
    if len(latest) < len(Role):
        raise NothingToNameError("the category rests on an opinion of each party")
    opinions = [reference(past) for past in latest]
    return [{"opinions": opinions, "category": category} for category in reversed(ORDER)]


def _today(field: str, candidates: Candidates) -> Candidates:
    """Return the same bodies, which state the day of Beijing on which they are asked for."""
    return lambda asking: [{**each, field: day_of(asking.at).isoformat()} for each in candidates(asking)]


_PROPOSAL = naming(proposal=n.PROPOSED)
_IMPLEMENTED = _today(
    "effective_from", naming(approval=n.APPROVALS, category=n.DETERMINED, regulatory_step=Maybe(n.STEPS))
)
_STEP = _today("date", saying(step=tuple(STEP_OF.values()), number=("…",), document=("0" * 64,)))
_RISK = naming(risk=n.RISKS)

CANDIDATES: dict[str, Candidates] = {
    n.DETERMINED: _categories,
    n.APPROVED: _PROPOSAL,
    n.REVIEW_APPROVED: _PROPOSAL,
    n.REVIEW_REJECTED: _PROPOSAL,
    n.STEP_RECORDED: _STEP,
    n.REVIEW_STEP_RECORDED: _STEP,
    n.IMPLEMENTED: _IMPLEMENTED,
    n.REVIEW_IMPLEMENTED: _IMPLEMENTED,
    n.RISK_ELIMINATED: _RISK,
    n.REVIEW_RISK_ELIMINATED: _RISK,
}
"""By event type."""
