"""How it stands with an obligation."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.obligation import names as n
from domain.steps.history import History
from domain.steps.matter import Matter


class ObligationState(StrEnum):
    """How it stands with an obligation. Labels in both languages: domain/vocabulary/obligation_states.json."""

    REGISTERED = "registered"
    FULFILLED = "fulfilled"
    SUPERSEDED = "superseded"


def state_of(history: History, _agreements: Versions) -> ObligationState:
    """Return the state of an obligation; it may be fulfilled again and again."""
    if history.relied(n.SUPERSEDED):
        return ObligationState.SUPERSEDED
    return ObligationState.FULFILLED if history.relied(n.FULFILLED) else ObligationState.REGISTERED


def obliged_of(history: History) -> str | None:
    """Return the party that is obliged."""
    return None if history.opening is None else str(history.opening.body.obliged)


_ENDED = frozenset({"fulfilled", "superseded"})

MATTER = Matter("obligation", "obligations", state_of, obliged_of, (n.FULFILLED, n.SUPERSEDED), None, _ENDED)
