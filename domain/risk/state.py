"""How far a risk has come."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from domain.agreement.in_force import Version, Versions
from domain.judging.history import PastEvent
from domain.risk import names as n
from domain.risk.crossing import BLOCKS
from domain.steps.history import History
from domain.steps.matter import Matter
from domain.steps.timing import Since, Timing, Until
from domain.suspension import names as suspension
from domain.suspension.blocks import MAJOR, is_major
from events.encoding.identifiers import Role

_ORDER = ("minor", "moderate", "major")
_CLASSIFIED = (n.CLASSIFIED, n.REVIEW_CLASSIFIED)
_MEASURES = (n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN)
_SIGNED = (n.MEASURES_SIGNED, n.REVIEW_MEASURES_SIGNED)


class RiskState(StrEnum):
    """How far a risk has come. Labels in both languages: domain/vocabulary/risk_states.json."""

    RAISED = "raised"
    CLASSIFIED = "classified"
    MEASURES_TAKEN = "measures_taken"
    MEASURES_SIGNED = "measures_signed"
    CLOSED = "closed"


def state_of(history: History, _agreements: Versions) -> RiskState:
    """Return the state of a risk."""
    if history.relied(n.CLOSED):
        return RiskState.CLOSED
    if all(history.by(role, *_SIGNED) for role in Role):
        return RiskState.MEASURES_SIGNED
    if history.relied(*_MEASURES):
        return RiskState.MEASURES_TAKEN
    return RiskState.CLASSIFIED if history.relied(*_CLASSIFIED) else RiskState.RAISED


def level_of(history: History) -> str | None:
    """Return the higher of both parties' last words that can be relied on, as corrected."""
    said = [history.standing_text(spoken[-1], "level") for role in Role if (spoken := history.by(role, *_CLASSIFIED))]
    return max(said, key=_ORDER.index, default=None)


def _is_major(history: History, _agreement: Version | None) -> bool:
    return is_major(history)


def _stopped(suspensions: Sequence[History]) -> Iterator[PastEvent]:
    """Return where manufacturing was stopped, by itself or on a demand, in suspensions that name the risk."""
    for each in suspensions:
        yield from each.relied(suspension.STARTED, suspension.FOLLOWED)


TIMINGS = (
    # NMPA 134/2025 (V), "manufacturing shall be immediately suspended": from the identification, once it is major
    Timing(
        "suspend",
        (n.RAISED,),
        since=Since.STATED,
        when=_is_major,
        elsewhere=_stopped,
        voids=(n.CLOSED,),
        of_class=MAJOR,
        either_way=True,
    ),
    # NMPA 134/2025 (V), "effective risk control measures shall be taken jointly": from one signature to the other
    Timing("sign", _SIGNED, _SIGNED, until=Until.BY_OTHER, voids=(n.CLOSED,), either_way=True),
)
"""The limits of a risk beside those of every matter."""

MATTER = Matter(
    "risk",
    "risks",
    state_of,
    level_of,
    (n.CLOSED,),
    "identified_at",
    timings=TIMINGS,
    about=("deviation",),
    blocks=BLOCKS,
    stops=True,
)
