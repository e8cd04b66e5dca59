"""How far a suspension has come."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.steps.history import History
from domain.steps.matter import Matter, no_class
from domain.suspension import names as n
from domain.suspension.blocks import is_lifted

_LIFTINGS = (n.LIFT_SIGNED, n.REVIEW_LIFT_SIGNED)


class SuspensionState(StrEnum):
    """How far a suspension has come. Labels in both languages: domain/vocabulary/suspension_states.json."""

    DEMANDED = "demanded"
    ACTIVE = "active"
    LIFT_PENDING = "lift_pending"
    LIFTED = "lifted"


def state_of(history: History, agreements: Versions) -> SuspensionState:
    """Return the state of a suspension; one that was demanded binds before it is followed."""
    if is_lifted(history, agreements):
        return SuspensionState.LIFTED
    if history.relied(*_LIFTINGS):
        return SuspensionState.LIFT_PENDING
    is_stopped = bool(history.of(n.STARTED, n.FOLLOWED))
    return SuspensionState.ACTIVE if is_stopped else SuspensionState.DEMANDED


MATTER = Matter("suspension", "suspensions", state_of, no_class, _LIFTINGS, "stopped_at", frozenset({"lifted"}))
