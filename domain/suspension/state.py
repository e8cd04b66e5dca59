"""How far a suspension has come."""

from enum import StrEnum

from domain.agreement.in_force import Version, Versions, policies_of
from domain.steps.history import History
from domain.steps.matter import Matter, no_class
from domain.steps.timing import Timing, Until
from domain.suspension import names as n
from domain.suspension.blocks import MAJOR
from domain.suspension.crossing import BLOCKS
from domain.suspension.lifting import is_lifted

_LIFTINGS = (n.LIFT_SIGNED, n.REVIEW_LIFT_SIGNED)


class SuspensionState(StrEnum):
    """How far a suspension has come. Labels in both languages: domain/vocabulary/suspension_states.json."""

    DEMANDED = "demanded"
    ACTIVE = "active"
    LIFT_PENDING = "lift_pending"
    LIFTED = "lifted"


def state_of(history: History, agreements: Versions) -> SuspensionState:
    """Return the state of a suspension; one that was demanded binds before it is followed."""
    if is_lifted(history, agreements):
        return SuspensionState.LIFTED
    if history.relied(*_LIFTINGS):
        return SuspensionState.LIFT_PENDING
    is_stopped = bool(history.of(n.STARTED, n.FOLLOWED))
    return SuspensionState.ACTIVE if is_stopped else SuspensionState.DEMANDED


def _lifted_by_both(_history: History, agreement: Version | None) -> bool:
    """Tell whether both lift a suspension (policy `suspension.lift`)."""
    return policies_of(agreement).suspension_lift == "both"


TIMINGS = (
    # NMPA 134/2025 (V), "manufacturing shall be immediately suspended": from the holder's demand
    Timing("suspend", (n.DEMANDED,), (n.FOLLOWED,), of_class=MAJOR, instead=(("risks", "suspend"),), either_way=True),
    # a policy (domain.md 4, "clocks run against a silent MAH too"): from one party's signature to the other's
    Timing("lift", _LIFTINGS, _LIFTINGS, until=Until.BY_OTHER, when=_lifted_by_both, either_way=True),
)
"""The limits of a suspension beside those of every matter."""

MATTER = Matter(
    "suspension",
    "suspensions",
    state_of,
    no_class,
    _LIFTINGS,
    "stopped_at",
    frozenset({"lifted"}),
    timings=TIMINGS,
    about=("risk",),
    blocks=BLOCKS,
    stops=True,
)
