"""How a lot stands."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.lot import names as n
from domain.steps.history import History
from domain.steps.matter import Matter


class LotState(StrEnum):
    """How a lot stands. Labels in both languages: domain/vocabulary/lot_states.json."""

    ALLOCATED = "allocated"
    USED = "used"
    BREACHED = "breached"


def state_of(history: History, _agreements: Versions) -> LotState:
    """Return the state of a lot."""
    if history.of(n.BREACH_FOUND):
        return LotState.BREACHED
    return LotState.USED if history.of(n.USED) else LotState.ALLOCATED


def kind_of(history: History) -> str | None:
    """Return what a lot is of; None while it is allocated to nothing here."""
    allocated = history.of(n.ALLOCATED)
    return str(allocated[0].body.lot_kind) if allocated else None


MATTER = Matter("lot", "lots", state_of, kind_of, (), None)
