"""How far a change has come."""

from enum import StrEnum

from domain.agreement.in_force import Version, Versions
from domain.change import names as n
from domain.change.category import determined, has_seen_corrections, is_raised
from domain.change.crossing import BLOCKS
from domain.change.standing import is_taken, standing_approval, wanted_step
from domain.steps.history import History
from domain.steps.matter import Matter
from domain.steps.timing import Since, Timing, Until
from events.encoding.identifiers import Role

_FOUND = (n.FOUND_IMPLEMENTED, n.REVIEW_FOUND_IMPLEMENTED)


class ChangeState(StrEnum):
    """How far a change has come. Labels in both languages: domain/vocabulary/change_states.json."""

    PROPOSED = "proposed"
    CLASSIFIED = "classified"
    APPROVED = "approved"
    READY = "ready"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    IMPLEMENTED = "implemented"
    FOUND_IMPLEMENTED = "found_implemented"


def state_of(history: History, _agreements: Versions) -> ChangeState:
    """Return the state of a change; ready is what may be implemented now."""
    if history.relied(*n.IMPLEMENTATIONS):
        return ChangeState.IMPLEMENTED
    if history.of(*_FOUND):
        return ChangeState.FOUND_IMPLEMENTED
    if history.of(n.WITHDRAWN):
        return ChangeState.WITHDRAWN
    return _before_implementation(history)


def _before_implementation(history: History) -> ChangeState:
    category, approval = determined(history), standing_approval(history)
    if approval is None:
        if history.of(n.REVIEW_REJECTED):
            return ChangeState.REJECTED
        return ChangeState.PROPOSED if category is None else ChangeState.CLASSIFIED
    if category is None or is_raised(history, category) or not has_seen_corrections(category, history):
        return ChangeState.APPROVED
    return ChangeState.READY if is_taken(history, wanted_step(history, category)) else ChangeState.APPROVED


def category_of(history: History) -> str | None:
    """Return the category that was determined last."""
    found = determined(history)
    return None if found is None else str(found.body.category)


_ENDED = frozenset({"withdrawn", "implemented"})


def _is_the_manufacturers(history: History, _agreement: Version | None) -> bool:
    return history.owner is Role.CMO


TIMINGS = (
    # NMPA 134/2025 (IX), "shall not be implemented without the approval of MAHs": against a silent holder
    Timing(
        "approve",
        (n.PROPOSED,),
        (n.REVIEW_APPROVED, n.REVIEW_REJECTED),
        since=Since.RECEIVED,
        voids=(n.WITHDRAWN,),
        when=_is_the_manufacturers,
    ),
    # NMPA 134/2025 (IX), "jointly determine the change management category": the partner's opinion is awaited
    Timing("feedback", (n.PROPOSED,), (n.REVIEW_OPINION,), since=Since.RECEIVED, voids=(n.WITHDRAWN,)),
    # NMPA 134/2025 (IX), "promptly take corresponding measures to ensure the elimination of risks"
    Timing(
        "eliminate_risk",
        n.RISKS,
        (n.RISK_ELIMINATED, n.REVIEW_RISK_ELIMINATED),
        until=Until.NAMING,
        each=True,
        either_way=True,
    ),
)
"""The limits of a change beside those of every matter."""

MATTER = Matter(
    "change",
    "changes",
    state_of,
    category_of,
    (*n.IMPLEMENTATIONS, n.WITHDRAWN),
    "implemented_at",
    _ENDED,
    timings=TIMINGS,
    blocks=BLOCKS,
)
