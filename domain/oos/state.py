"""How far the examination of a result has come."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.oos import names as n
from domain.steps.history import History
from domain.steps.matter import Matter


class OosState(StrEnum):
    """How far an examination has come. Labels in both languages: domain/vocabulary/oos_states.json."""

    SUSPECTED = "suspected"
    EXAMINED = "examined"
    CONFIRMED = "confirmed"
    INVALIDATED = "invalidated"


def state_of(history: History, _agreements: Versions) -> OosState:
    """Return the state of an examination."""
    if history.relied(n.INVALIDATED):
        return OosState.INVALIDATED
    if history.relied(n.CONFIRMED):
        return OosState.CONFIRMED
    return OosState.EXAMINED if history.relied(n.PHASE_COMPLETED) else OosState.SUSPECTED


def kind_of(history: History) -> str | None:
    """Return whether it is out of specification or out of trend."""
    return None if history.opening is None else str(history.opening.body.result_kind)


_ENDED = frozenset({"confirmed", "invalidated"})

MATTER = Matter("oos", "oos_oot", state_of, kind_of, n.ENDINGS, "suspected_at", _ENDED)
