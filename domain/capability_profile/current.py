"""What a published capability profile comes to with the changes of it that can be relied on."""

from dataclasses import dataclass
from datetime import date

from domain.capability_profile import names as n
from domain.evidence import names
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.registers.capability_profiles import Element


@dataclass(frozen=True, slots=True)
class CapabilityProfile:
    """A published profile, the changes of it by position, its elements as they are now, and its last valid day."""

    published: PastEvent
    changes: tuple[PastEvent, ...]
    elements: tuple[Element, ...]
    valid_until: date

    def is_valid(self, day: date) -> bool:
        """Tell whether the profile is valid on a day of Beijing."""
        return day <= self.valid_until


def profiles_in(context: Context) -> list[CapabilityProfile]:
    """Return all published profiles that can be relied on, the last published first.

    Source: NMPA 134/2025 (II), "organizational structures, personnel, premises, and equipment matching the products".
    """
    published = [past for past in context.standing(n.PUBLISHED) if _is_relied_on(past, context)]
    return [_profile_of(past, context) for past in reversed(published)]


def _profile_of(published: PastEvent, context: Context) -> CapabilityProfile:
    told = (past for past in context.standing(n.CHANGED) if _is_relied_on(past, context))
    changes = tuple(past for past in told if names(past.body.profile, published))
    elements = {(element.kind, element.name): element for element in published.body.elements}
    valid_until = published.body.valid_until
    for past in changes:
        for changed in past.body.changes:
            key = (changed.element.kind, changed.element.name)
            elements.pop(key, None)
            if changed.change != "removed":
                elements[key] = changed.element
        valid_until = past.body.valid_until or valid_until
    return CapabilityProfile(published, changes, tuple(elements.values()), date.fromisoformat(valid_until))


def _is_relied_on(past: PastEvent, context: Context) -> bool:
    return not past.violates and not context.is_disputed(past)
