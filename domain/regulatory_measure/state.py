"""How it stands with a regulator's measure."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.regulatory_measure import names as n
from domain.steps.history import History
from domain.steps.matter import Matter


class RegulatoryMeasureState(StrEnum):
    """How it stands with a measure. Labels: domain/vocabulary/regulatory_measure_states.json."""

    IN_FORCE = "in_force"
    ENDED = "ended"


def state_of(history: History, _agreements: Versions) -> RegulatoryMeasureState:
    """Return the state of a measure."""
    return RegulatoryMeasureState.ENDED if history.relied(n.ENDED) else RegulatoryMeasureState.IN_FORCE


def measure_of(history: History) -> str | None:
    """Return what was ordered, as corrected."""
    return None if history.opening is None else history.standing_text(history.opening, "measure")


_ENDED = frozenset({"ended"})

MATTER = Matter(
    "regulatory_measure", "regulatory_inspections", state_of, measure_of, (n.ENDED,), "received_at", _ENDED, stops=True
)
