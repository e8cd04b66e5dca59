"""Why a step on an obligation is refused or marked."""

from domain.errors import DomainError
from domain.obligation.rights import AGREED


class ObligationStateError(DomainError):
    """The obligation is not in a state for this step: registered already, or superseded."""

    source = AGREED
    code = "obligation.wrong_state"


class UnknownClauseError(DomainError):
    """The agreement that is named states its terms, and none of them has this clause."""

    source = AGREED
    code = "obligation.unknown_clause"
