"""Why a step on a change is refused or marked."""

from domain.change.rights import CONTROLLED
from domain.citations import Citation
from domain.errors import DomainError

HIGHER = Citation(
    "NMPA 134/2025", "(IX)", "change management shall be conducted in accordance with the higher category"
)

REGULATED = Citation(
    "NMPA 134/2025", "(IX)", "completing applications for approval, filing, or reporting in accordance with the law"
)


class ChangeStateError(DomainError):
    """The change is not in a state for this step."""

    source = CONTROLLED
    code = "change.wrong_state"


class CategoryError(DomainError):
    """The category is not the one that both opinions lead to."""

    source = HIGHER
    code = "change.wrong_category"
    refusal = "gate.change_category"


class StepIncompleteError(DomainError):
    """A certificate or a filing was recorded without what shows that there is one."""

    source = REGULATED
    code = "change.step_incomplete"


class ChangeNotReadyError(DomainError):
    """Approval, category or the regulator's step is missing, so the change may not be implemented."""

    source = CONTROLLED
    code = "change.not_approved"
    slug = "change-not-approved"
    refusal = "gate.change_implementation"
