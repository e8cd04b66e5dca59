"""Why a step on a version of a process or standard is refused or marked."""

from domain.approved_version.rights import APPROVED
from domain.errors import DomainError


class ApprovedVersionStateError(DomainError):
    """The version is not in a state for this step: approved already, or withdrawn already."""

    source = APPROVED
    code = "approved_version.wrong_state"
