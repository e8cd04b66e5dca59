"""Why a step on a result is refused or marked."""

from domain.errors import DomainError
from domain.oos.rights import TOLD


class OosStateError(DomainError):
    """The examination of the result is not in a state for this step."""

    source = TOLD
    code = "oos.wrong_state"


class NoCauseFoundError(OosStateError):
    """A result is invalidated for a cause that the examination found, and for nothing else."""

    code = "oos.no_cause_found"
