"""What suspends (G4): suspensions that nobody has lifted, and major risks for which none was lifted yet.

Who lifts a suspension is a policy of the quality agreement in force when it began, `suspension.lift` (domain.md 2.4;
default: both parties' signatures). A risk that either party ever called major suspends by itself; a lowered class lifts
nothing. It lets go when a suspension that names it was lifted, or when it was closed on measures that both signed.
"""

from collections.abc import Collection, Iterator

from domain.agreement.in_force import Versions, agreements_in, policies_of
from domain.evidence import names
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.risk import names as risk
from domain.steps.crossing import Block
from domain.steps.history import History, overlap, standing_matters
from domain.suspension import names as n
from domain.suspension.errors import SuspendedError
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

MAJOR = "major"

_BOTH = frozenset(Role)
_CLASSIFIED = (risk.CLASSIFIED, risk.REVIEW_CLASSIFIED)


def blocks_on(context: Context, labels: Collection[str]) -> list[PastEvent]:
    """Return what suspends the work that carries these labels: openings of suspensions, then raisings of risks."""
    found = (opening for opening, block in suspending(context, labels) if block.is_open)
    return list({opening.place: opening for opening in found}.values())


def check_not_suspended(context: Context, labels: Collection[str]) -> None:
    """Ask that nothing suspends the work that carries these labels.

    Source: NMPA 134/2025 (V), "in case of major quality risks or compliance risks, manufacturing shall be immediately
    suspended".

    Raises:
        SuspendedError: `gate.suspension`; each suspension and risk is named.
    """
    blocks = blocks_on(context, labels)
    if blocks:
        named = ", ".join(f"{past.name.partition('.')[0]} {past.body.number}" for past in blocks)
        raise SuspendedError(f"suspended by {named}; it is lifted by signatures")


def is_lifted(history: History, agreements: Versions) -> bool:
    """Tell whether everybody who has to has signed that a suspension is lifted."""
    signed = {past.role for past in history.relied(n.LIFT_SIGNED, n.REVIEW_LIFT_SIGNED)}
    return lifting_parties(history, agreements) <= signed


def lifting_parties(history: History, agreements: Versions) -> frozenset[Role]:
    """Return whose signatures lift a suspension, as agreed when it began."""
    opening = history.opening
    agreed = policies_of(None if opening is None else agreements.at(parse_moment(opening.time))).suspension_lift
    return _BOTH if agreed == "both" else frozenset({Role(agreed)})


def is_major(history: History) -> bool:
    """Tell whether a party ever called a risk major, by marked or disputed words too."""
    return any(map(_says_major, history.of(*_CLASSIFIED)))


def _says_major(past: PastEvent) -> bool:
    return bool(past.body.level == MAJOR)


def suspending(context: Context, labels: Collection[str]) -> Iterator[tuple[PastEvent, Block]]:
    """Return what suspends the work that carries these labels or did before it was lifted, each with its opening.

    Of a suspension that is its opening, of a risk each word that calls it major.
    """
    agreements = agreements_in(context)
    for history in standing_matters(context, *n.OPENINGS):
        opening = history.opening
        if opening is not None and overlap(opening.body.scope.labels, labels):
            yield opening, Block(opening, not is_lifted(history, agreements))
    for history in standing_matters(context, risk.RAISED):
        raised = history.opening
        words = list(filter(_says_major, history.of(*_CLASSIFIED)))
        if raised is not None and words and overlap(raised.body.scope.labels, labels):
            is_open = _holds(history, context)
            yield from ((raised, Block(word, is_open)) for word in words)


def _holds(history: History, context: Context) -> bool:
    """Tell whether a risk that somebody called major still suspends."""
    raised = history.opening
    if raised is None or history.relied(risk.CLOSED):
        return False
    agreements, suspensions = agreements_in(context), standing_matters(context, *n.OPENINGS)
    return not any(_is_about(each, raised) and is_lifted(each, agreements) for each in suspensions)


def _is_about(suspension: History, raised: PastEvent) -> bool:
    opening = suspension.opening
    return opening is not None and opening.body.risk is not None and names(opening.body.risk, raised)
