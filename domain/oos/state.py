"""How far the examination of a result has come."""

from enum import StrEnum

from domain.agreement.in_force import Version, Versions, policies_of
from domain.oos import names as n
from domain.steps.history import History
from domain.steps.matter import Matter
from domain.steps.timing import Since, Timing, Until, When


class OosState(StrEnum):
    """How far an examination has come. Labels in both languages: domain/vocabulary/oos_states.json."""

    SUSPECTED = "suspected"
    EXAMINED = "examined"
    CONFIRMED = "confirmed"
    INVALIDATED = "invalidated"


def state_of(history: History, _agreements: Versions) -> OosState:
    """Return the state of an examination."""
    if history.relied(n.INVALIDATED):
        return OosState.INVALIDATED
    if history.relied(n.CONFIRMED):
        return OosState.CONFIRMED
    return OosState.EXAMINED if history.relied(n.PHASE_COMPLETED) else OosState.SUSPECTED


def kind_of(history: History) -> str | None:
    """Return whether it is out of specification or out of trend."""
    return None if history.opening is None else str(history.opening.body.result_kind)


_ENDED = frozenset({"confirmed", "invalidated"})


def _starts_when(word: str) -> When:
    """Tell whether the notification runs from a suspected or from a confirmed result, or from both.

    A policy, `oos.clock_start` (domain.md 2.4; default: both, two clocks), not a clause.
    """

    def holds(_history: History, agreement: Version | None) -> bool:
        return policies_of(agreement).oos_clock_start in ("both", word)

    return holds


TIMINGS = (
    # NMPA 134/2025 (VII), "relevant timeframes": the second of the two clocks, from the confirmed result
    Timing("notify", (n.CONFIRMED,), until=Until.RECEIPT, each=True, when=_starts_when("confirmed")),
    # NMPA 134/2025 (VII), "smooth, timely, and effective communication": the partner's word on how it ended
    Timing("decide", n.ENDINGS, (n.DECIDED,), since=Since.RECEIVED, until=Until.NAMING, each=True),
)
"""The limits of an examination beside those of every matter."""

MATTER = Matter(
    "oos",
    "oos_oot",
    state_of,
    kind_of,
    n.ENDINGS,
    "suspected_at",
    _ENDED,
    timings=TIMINGS,
    notified_when=_starts_when("suspected"),
)
