"""Why a step on corrective and preventive actions is refused or marked."""

from domain.errors import DomainError


class CapaStateError(DomainError):
    """The actions are not in a state for this step."""

    code = "capa.wrong_state"


class NotEffectiveError(CapaStateError):
    """The check that is named did not find that the actions helped, or is not the last one."""

    code = "capa.not_effective"
