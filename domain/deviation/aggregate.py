"""The deviation as three pure functions: what is known at first, what one more event tells, and what may be decided.

Deciding may refuse; remembering may not. The decision is the proposed event itself, so author, receiver and every later
reader run the very same check.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.deviation import names as n
from domain.deviation.errors import (
    ClosureNotApprovedError,
    ClosureOvertakenError,
    DeviationClosedError,
    DeviationStateError,
    NotClassifiedError,
    NotLatestInvestigationError,
)
from domain.deviation.state import Deviation, nothing_disputed
from domain.evidence import names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role


def initial_state(is_disputed: Callable[[PastEvent], bool] = nothing_disputed) -> Deviation:
    """Return a deviation of which nothing is known, and who says which of its entries are disputed."""
    return Deviation(is_disputed)


def evolve(deviation: Deviation, past: PastEvent) -> Deviation:
    """Remember one accepted event of the deviation or of its review; most of them are no matter to deciding."""
    if past.name == n.OPENED:
        return deviation if deviation.opened else replace(deviation, opened=past)
    grow = _GROWTH.get(past.name)
    return deviation if grow is None else grow(deviation, past)


def decide(deviation: Deviation, proposed: Proposed, approved_classes: frozenset[str]) -> None:
    """Let a proposed event of the deviation or of its review pass, or refuse it.

    `approved_classes` are the classes that close only after the partner's approval, as was agreed.

    Raises:
        DeviationStateError: the state is not one for this step.
        ClosureNotApprovedError: `gate.deviation_closure`.
    """
    decider = _DECIDERS.get(proposed.type)
    if decider is not None:
        decider(deviation, proposed, approved_classes)


def deviation_of(context: Context, owner: Role, deviation_id: str) -> Deviation:
    """Return a deviation as a context shows it."""
    deviation = initial_state(context.is_disputed)
    for past in context.accepted(owner, n.subject(deviation_id)):
        deviation = evolve(deviation, past)
    for past in context.accepted(owner.other, n.review_subject(deviation_id)):
        deviation = evolve(deviation, past)
    return deviation


_GROWTH: Mapping[str, Callable[[Deviation, PastEvent], Deviation]] = {
    n.CLASSIFIED: lambda known, past: replace(known, classifications=(*known.classifications, past)),
    n.INVESTIGATED: lambda known, past: replace(known, investigations=(*known.investigations, past)),
    n.CLOSED: lambda known, past: replace(known, closings=(*known.closings, past)),
    n.CORRECTED: lambda known, past: replace(known, corrections=(*known.corrections, past)),
    n.CLOSURE_APPROVED: lambda known, past: replace(known, approvals=(*known.approvals, past)),
    n.CLOSURE_REJECTED: lambda known, past: replace(known, rejections=(*known.rejections, past)),
}
"""In which part of a deviation each event that matters to deciding is remembered."""


def _open(deviation: Deviation, _proposed: Proposed, _classes: frozenset[str]) -> None:
    if deviation.opened is not None:
        raise DeviationStateError("the deviation is open already")


def _change_what_closes(deviation: Deviation, _proposed: Proposed, _classes: frozenset[str]) -> None:
    """Ask that a class or an investigation comes before the closing, or after one that was overtaken."""
    if deviation.is_settled:
        raise DeviationClosedError("the deviation is closed; open another one for what was found since")


def _close(deviation: Deviation, proposed: Proposed, classes: frozenset[str]) -> None:
    """Ask for a class, the latest investigation and, where it is agreed, the partner's approval of exactly that.

    1. No rejection that crossed an earlier closing is open, and no closing stands.
    2. The deviation is classified.
    3. The closing rests on the latest investigation, which can be relied on.
    4. The partner's last word on that investigation is no rejection.
    5. If it was ever in a class that needs it, or if an approval is named: the approval opens the gate.
    """
    if deviation.is_overtaken:
        raise ClosureOvertakenError("the closing crossed a rejection; the partner's approval comes first")
    if deviation.is_closed:
        raise DeviationClosedError("the deviation is closed already")
    if not deviation.is_classified:
        raise NotClassifiedError("the deviation is closed once it is classified")
    investigation = _latest(deviation, proposed.body.investigation)
    _ask_no_rejection(deviation, investigation)
    _ask_approval(deviation, investigation, proposed.body.approval, classes)


def _ask_no_rejection(deviation: Deviation, investigation: PastEvent) -> None:
    rejected = deviation.last_rejection(investigation) is not None
    if rejected and deviation.standing_approval(investigation) is None:
        raise ClosureNotApprovedError("the partner rejected closing on the latest investigation")


def _ask_approval(
    deviation: Deviation, investigation: PastEvent, named: EventRef | None, classes: frozenset[str]
) -> None:
    if named is None:
        needing = sorted(deviation.classes & classes)
        if needing:
            raise ClosureNotApprovedError(f"class {', '.join(needing)} closes only after the partner's approval")
        return
    approval = next((each for each in deviation.approvals if names(named, each)), None)
    if approval is None or not deviation.opens_the_gate(approval, investigation):
        raise ClosureNotApprovedError(
            "the approval is not of the latest investigation as it stands, is disputed, or was taken back"
        )


def _approve(deviation: Deviation, proposed: Proposed, _classes: frozenset[str]) -> None:
    """Ask that the latest investigation is approved, once, and before the closing or to lift an overtaken one."""
    if deviation.is_settled:
        raise DeviationClosedError("the deviation is closed already")
    investigation = _latest(deviation, proposed.body.investigation)
    if deviation.standing_approval(investigation) is not None:
        raise DeviationStateError("closing on this investigation is approved already")


def _reject(deviation: Deviation, proposed: Proposed, _classes: frozenset[str]) -> None:
    if deviation.is_settled:
        raise DeviationClosedError("the deviation is closed already")
    _latest(deviation, proposed.body.investigation)


def _latest(deviation: Deviation, named: EventRef) -> PastEvent:
    """Return the latest investigation, if it is the one named and can be relied on."""
    latest = deviation.latest_investigation
    if latest is None or not names(named, latest):
        raise NotLatestInvestigationError("there is a later investigation than the one named")
    if not deviation.is_relied_on(latest):
        raise NotLatestInvestigationError("the latest investigation is marked or disputed; investigate anew")
    return latest


_Decider = Callable[[Deviation, Proposed, frozenset[str]], None]

_DECIDERS: Mapping[str, _Decider] = {
    n.OPENED: _open,
    n.CLASSIFIED: _change_what_closes,
    n.INVESTIGATED: _change_what_closes,
    n.CLOSED: _close,
    n.CLOSURE_APPROVED: _approve,
    n.CLOSURE_REJECTED: _reject,
}
"""Who asks for what; corrections, questions, answers and links may come at any time."""
