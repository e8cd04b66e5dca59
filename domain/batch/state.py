"""How far a batch has come."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.batch import names as n
from domain.batch.crossing import BLOCKS
from domain.batch.standing import factory_release_of, is_outdated, marketing_release_of, open_holds
from domain.steps.history import History
from domain.steps.matter import Matter
from domain.steps.timing import Since, Timing


class BatchState(StrEnum):
    """How far a batch has come. Labels in both languages: domain/vocabulary/batch_states.json."""

    AUTHORISED = "authorised"
    STARTED = "started"
    MANUFACTURED = "manufactured"
    TESTED = "tested"
    FACTORY_RELEASED = "factory_released"
    MARKETING_RELEASED = "marketing_released"
    DISPATCHED = "dispatched"
    HELD = "held"
    REJECTED = "rejected"


_REACHED = (
    (n.TESTED, BatchState.TESTED),
    (n.MANUFACTURED, BatchState.MANUFACTURED),
    (n.STARTED, BatchState.STARTED),
)


def state_of(history: History, _agreements: Versions) -> BatchState:
    """Return the state of a batch: what stops it first, then how far it came."""
    if history.of(*n.REJECTIONS):
        return BatchState.REJECTED
    if open_holds(history):
        return BatchState.HELD
    if history.of(*n.DISPATCHES):
        return BatchState.DISPATCHED
    release = marketing_release_of(history)
    if release is not None and not is_outdated(history, release):
        return BatchState.MARKETING_RELEASED
    if factory_release_of(history) is not None:
        return BatchState.FACTORY_RELEASED
    reached = (state for name, state in _REACHED if history.of(name))
    return next(reached, BatchState.AUTHORISED)


def purpose_of(history: History) -> str | None:
    """Return what a batch is made for."""
    return None if history.opening is None else str(history.opening.body.purpose)


_ENDED = frozenset({"rejected", "dispatched"})

TIMINGS = (
    # NMPA 134/2025 (XII), "strictly review": against a holder who neither releases nor refuses
    Timing(
        "release",
        (n.SUBMITTED,),
        (n.MARKETING_RELEASED, n.REVIEW_REJECTED),
        since=Since.RECEIVED,
        voids=(n.REJECTED,),
    ),
)
"""The limits of a batch beside those of every matter."""

MATTER = Matter("batch", "batches", state_of, purpose_of, n.REJECTIONS, None, _ENDED, timings=TIMINGS, blocks=BLOCKS)
