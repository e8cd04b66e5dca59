"""The state of a deviation, as both parties see it."""

from enum import StrEnum

from domain.items.asked import needs_approval
from domain.items.item import Item
from domain.items.surroundings import Surroundings


class DeviationState(StrEnum):
    """How far a deviation has come. Labels in both languages: domain/vocabulary/deviation_states.json."""

    OPENED = "opened"
    CLASSIFIED = "classified"
    INVESTIGATED = "investigated"
    APPROVAL_PENDING = "approval_pending"
    CLOSURE_APPROVED = "closure_approved"
    CLOSURE_REJECTED = "closure_rejected"
    CLOSED = "closed"


def state_of(item: Item, surroundings: Surroundings) -> DeviationState:
    """Return the state of an item; what was decided counts for the latest investigation only.

    A closing that was overtaken stands, until the owner investigates anew: then that is what the matter rests on.
    """
    deviation, investigation = item.deviation, item.investigation
    if item.deviation.is_closed:
        return DeviationState.CLOSED
    if investigation is None:
        return DeviationState.OPENED if item.classification is None else DeviationState.CLASSIFIED
    if deviation.standing_approval(investigation) is not None:
        return DeviationState.CLOSURE_APPROVED
    if deviation.last_rejection(investigation) is not None:
        return DeviationState.CLOSURE_REJECTED
    if needs_approval(item, investigation, surroundings):
        return DeviationState.APPROVAL_PENDING
    return DeviationState.INVESTIGATED
