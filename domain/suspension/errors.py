"""Why a step is refused while manufacturing is suspended, or on a suspension itself."""

from domain.errors import DomainError
from domain.suspension.rights import SUSPENDED


class SuspendedError(DomainError):
    """A suspension, or a major risk that demands one, covers what is asked for; nobody has lifted it."""

    source = SUSPENDED
    code = "suspension.active"
    refusal = "gate.suspension"


class SuspensionStateError(DomainError):
    """The suspension is not in a state for this step."""

    source = SUSPENDED
    code = "suspension.wrong_state"
