"""What stands of a batch: its two releases, and the holds of the holder."""

from domain.batch import names as n
from domain.evidence import names
from domain.judging.history import PastEvent
from domain.steps.history import History


def factory_release_of(history: History) -> PastEvent | None:
    """Return the factory release that stands: relied on, and not followed by rework."""
    releases = history.relied(n.FACTORY_RELEASED)
    since = max((past.position for past in history.of(n.REWORKED)), default=-1)
    return releases[-1] if releases and releases[-1].position > since else None


def marketing_release_of(history: History) -> PastEvent | None:
    """Return the marketing release that stands: relied on, and not withdrawn."""
    releases = history.relied(n.MARKETING_RELEASED)
    if not releases:
        return None
    later = (past.position > releases[-1].position for past in history.of(n.RELEASE_WITHDRAWN))
    return None if any(later) else releases[-1]


def open_holds(history: History) -> list[PastEvent]:
    """Return the holds of the holder that it has not lifted."""
    lifted = [past.body.hold for past in history.relied(n.HOLD_LIFTED)]
    return [hold for hold in history.of(n.HELD) if not any(names(ref, hold) for ref in lifted)]
