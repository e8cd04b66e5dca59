"""What an item about a capability profile is: the profile itself, or a change of it."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.capability_profile import names as n
from domain.steps.history import History
from domain.steps.matter import Matter, no_class


class CapabilityProfileState(StrEnum):
    """What was told. Labels in both languages: domain/vocabulary/capability_profile_states.json."""

    PUBLISHED = "published"
    CHANGED = "changed"


def state_of(history: History, _agreements: Versions) -> CapabilityProfileState:
    """Return whether a profile was published or a change of one was told."""
    is_change = history.opening is not None and history.opening.name == n.CHANGED
    return CapabilityProfileState.CHANGED if is_change else CapabilityProfileState.PUBLISHED


MATTER = Matter("capability_profile", "capability_profiles", state_of, no_class, (), None)
