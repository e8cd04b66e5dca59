"""Why a step on a risk is refused or marked."""

from domain.errors import DomainError
from domain.risk.rights import JOINTLY


class RiskStateError(DomainError):
    """The risk is not in a state for this step."""

    source = JOINTLY
    code = "risk.wrong_state"


class RiskSuspendsError(RiskStateError):
    """The risk was called major, and what it suspends for that is not lifted."""

    code = "risk.not_lifted"


class MeasuresNotSignedError(RiskStateError):
    """A measure on which the risk would be closed is not signed by both parties."""

    code = "risk.measures_not_signed"
