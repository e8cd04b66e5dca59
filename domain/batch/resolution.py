"""What ends a matter that touches a batch, and whether the ending still holds for that batch (G10, G11).

An ending is worth what its author had before it: who links a batch afterwards, or afterwards puts right what the ending
rests on, ends nothing by it. What has ended is not taken up again: what came later is handled by another matter of the
same kind, opened with it in view and ended itself; where the holder's approval is due by now, ended on that.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.agreement.in_force import agreements_in, closure_approval_classes
from domain.batch.standing import said_last
from domain.change import names as change
from domain.change.category import has_seen_corrections
from domain.change.crossing import is_overtaken
from domain.deviation import names as deviation
from domain.deviation.aggregate import evolve, initial_state
from domain.deviation.state import Deviation
from domain.evidence import names
from domain.judging.context import Context
from domain.judging.history import PastEvent, batches_of
from domain.oos import names as oos
from domain.steps.corrections import readings
from domain.steps.history import History
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment


@dataclass(frozen=True, slots=True)
class Ending:
    """What ended a matter; `unseen` came after it and is for another one, on the holder's approval if that is due."""

    past: PastEvent
    unseen: tuple[PastEvent, ...] = ()
    is_approval_due: bool = False


@dataclass(frozen=True, slots=True)
class Touching:
    """A matter that touches a batch: what opened it, and what resolved it, if anything did."""

    kind: str
    opening: PastEvent
    resolution: PastEvent | None

    @property
    def words(self) -> str:
        """Return how it is named to people: `deviation DEV-2026-0142`."""
        return f"{self.kind} {getattr(self.opening.body, 'number', None) or self.opening.body.title}"


def resolutions(matters: Iterable[History], numbers: Collection[str], context: Context) -> list[Touching]:
    """Return those of some matters that touch batches with these numbers and can be resolved, each with what did it."""
    known = [
        (kind, opening, _ending(_ENDED_BY[kind](history, context), history, numbers))
        for history in matters
        if (opening := history.opening) is not None and (kind := _kind_of(opening)) in _ENDED_BY
    ]
    found = []
    for kind, opening, ending in known:
        others = [(begun, end) for of_kind, begun, end in known if of_kind == kind and end is not None]
        is_held = ending is not None and (not ending.unseen or any(_covers(*other, ending) for other in others))
        found.append(Touching(kind, opening, ending.past if ending is not None and is_held else None))
    return found


def _kind_of(opening: PastEvent) -> str:
    return "" if opening.head is None else opening.head.subject_kind


def _ending(ending: Ending | None, history: History, numbers: Collection[str]) -> Ending | None:
    """Return an ending with the links, and the corrections that bring the batch in, which it had not seen either."""
    if ending is None:
        return None
    told = (past for past in history.own if not set(batches_of(past)).isdisjoint(numbers))
    unseen = [past for past in told if past != ending.past and not ending.past.has_seen(past)]
    return Ending(ending.past, (*ending.unseen, *unseen), ending.is_approval_due)


def _covers(opening: PastEvent, end: Ending, ending: Ending) -> bool:
    """Tell whether another matter handles what an ending had not seen."""
    is_approved = not ending.is_approval_due or getattr(end.past.body, "approval", None) is not None
    return is_approved and not end.unseen and all(opening.has_seen(past) for past in ending.unseen)


def _closed(history: History, context: Context) -> Ending | None:
    """A deviation is ended while it is closed, and no rejection that crossed the closing stands.

    Class or investigation may be put right afterwards; where that asks for the holder's approval, the closing lacks it.
    """
    state = initial_state(history.is_disputed)
    for past in history.all:
        state = evolve(state, past)
    closing = said_last(history.relied(deviation.CLOSED))
    if closing is None or not state.is_settled:
        return None
    late = tuple(past for past in _resting(history) if not closing.has_seen(past))
    if not late or not _is_approval_due(state, history.owner, context) or _is_approved(state, late):
        return Ending(closing)
    return Ending(closing, late, is_approval_due=True)


def _resting(history: History) -> Iterator[PastEvent]:
    """Return what a closing rests on: classes and investigations, and the corrections of them."""
    for past in history.of(deviation.CLASSIFIED, deviation.INVESTIGATED):
        yield past
        yield from history.corrections_of(past)


def _is_approval_due(state: Deviation, owner: Role, context: Context) -> bool:
    """Tell whether a deviation was ever in a class that closes only on the holder's approval, by what was agreed."""
    latest = state.latest_investigation
    if owner is Role.MAH or latest is None:
        return False
    classes = closure_approval_classes(agreements_in(context), parse_moment(latest.time))
    return not state.classes.isdisjoint(classes)


def _is_approved(state: Deviation, late: Iterable[PastEvent]) -> bool:
    latest = state.latest_investigation
    approval = None if latest is None else state.standing_approval(latest)
    return approval is not None and all(map(approval.has_seen, late))


def _examined(history: History, _context: Context) -> Ending | None:
    """A result out of specification blocks until invalidated; one out of trend until its examination ended.

    What the partner does not agree with has not ended, until it agrees after all.
    """
    opening = history.opening
    ended = said_last(history.relied(oos.INVALIDATED))
    if ended is None and opening is not None:
        is_oos = any(body.result_kind == "oos" for body in readings(opening, history.own))
        ended = None if is_oos else said_last(history.relied(oos.CONFIRMED))
    return None if ended is None or _is_contradicted(history, ended) else Ending(ended)


def _is_contradicted(history: History, ended: PastEvent) -> bool:
    """Tell whether the partner's last word on how an examination ended is that it does not agree."""
    for past in reversed(history.of(oos.DECIDED)):
        said = {body.decision for body in readings(past, history.review) if names(body.about, ended)}
        if "not_agreed" in said:
            return True
        if said == {"agreed"} and history.is_relied_on(past):
            return False
    return False


def _carried_out(history: History, _context: Context) -> Ending | None:
    """A change is ended once it was implemented on approval and the regulator's step, or given up untouched.

    Nobody sees a risk in it that was not eliminated, and nothing of what was approved was put right since.
    """
    implemented = said_last(history.relied(*change.IMPLEMENTATIONS))
    if implemented is not None:
        return None if _is_shaken(history, implemented) else Ending(implemented)
    if history.of(*change.FOUND):
        return None
    withdrawn = said_last(history.relied(change.WITHDRAWN))
    return None if withdrawn is None else Ending(withdrawn)


def _is_shaken(history: History, implemented: PastEvent) -> bool:
    approval = history.named(implemented.body.approval, *change.APPROVALS)
    eliminated = [past.body.risk for past in history.relied(*change.ELIMINATIONS)]
    at_risk = any(not any(names(ref, risk) for ref in eliminated) for risk in history.of(*change.RISKS))
    return (
        approval is None or at_risk or not has_seen_corrections(approval, history) or is_overtaken(history, implemented)
    )


_ENDED_BY: Mapping[str, Callable[[History, Context], Ending | None]] = {
    "deviation": _closed,
    "oos": _examined,
    "change": _carried_out,
}

RESOLVED_KINDS = frozenset(_ENDED_BY)
"""The kinds of matters that touch a batch until they are resolved for it."""
