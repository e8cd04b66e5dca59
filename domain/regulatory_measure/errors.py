"""Why a step is refused while a regulator's measure binds, or on such a measure itself."""

from domain.errors import DomainError
from domain.regulatory_measure.rights import ORDERED


class RegulatoryMeasureError(DomainError):
    """A regulator's measure binds, and no document of the regulator has ended it."""

    source = ORDERED
    code = "regulatory_measure.in_force"
    refusal = "gate.regulatory_measure"


class RegulatoryMeasureStateError(DomainError):
    """The measure is not in a state for this step."""

    code = "regulatory_measure.wrong_state"
