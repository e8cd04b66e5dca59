"""Why a step on a deviation is refused or marked."""

from domain.citations import Citation
from domain.errors import DomainError

TAKEN_JOINTLY = Citation("NMPA 134/2025", "(V)", "effective risk control measures shall be taken jointly with the MAHs")
PROMPTLY_HANDLED = Citation("NMPA 134/2025", "(V)", "any deviation shall be promptly recorded, handled")


class DeviationStateError(DomainError):
    """The deviation is not in a state for this step."""

    source = PROMPTLY_HANDLED
    code = "deviation.wrong_state"
    slug = "state-transition"
    refusal = "entry.wrong_state"


class DeviationClosedError(DeviationStateError):
    """The deviation is closed, and the closing was not overtaken."""

    code = "deviation.closed"


class NotClassifiedError(DeviationStateError):
    """Nobody with the right to has classified the deviation, so nobody knows who must agree to its closing."""

    code = "deviation.not_classified"


class NotLatestInvestigationError(DeviationStateError):
    """The step rests on an investigation that is not the latest, is marked or is disputed, or there is none."""

    code = "deviation.not_latest_investigation"


class ClosureNotApprovedError(DomainError):
    """The partner's approval of exactly the latest investigation is missing, not to be relied on, or taken back."""

    source = TAKEN_JOINTLY
    code = "deviation.closure_not_approved"
    slug = "state-transition"
    refusal = "gate.deviation_closure"


class ClosureOvertakenError(ClosureNotApprovedError):
    """The closing crossed a rejection on the wire; everything later waits until the partner approves after all."""

    code = "deviation.closure_overtaken"
