"""Why a step on a capability profile is marked."""

from domain.capability_profile.rights import CAPABLE
from domain.errors import DomainError


class CapabilityProfileStateError(DomainError):
    """The profile, or the change of one, is told already."""

    source = CAPABLE
    code = "capability_profile.wrong_state"
