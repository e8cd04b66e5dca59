"""Which time limits an item asks for, before their numbers are looked up: since when, and how they ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.agreement.in_force import closure_approval_classes
from domain.evidence import names
from domain.items.beginning import Known, Start, beginnings, begun, recorded
from domain.items.item import AnyItem, Item
from domain.items.matter_item import MatterItem
from domain.items.parts import answer_to, body_of
from domain.items.surroundings import ReceivedAt, Surroundings
from domain.judging.history import PastEvent
from domain.risk import names as risk
from domain.steps.timing import Since, Timing, Until
from domain.suspension.blocks import MAJOR
from events.catalogue.bodies import EventRef
from events.catalogue.deviation import Classified
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

RISK_DECISION = "risk_decision"
"""The limit in which a major deviation becomes a risk with a class, or is found to be none that is major."""


@dataclass(frozen=True, slots=True)
class Stop:
    """When a clock was stopped (UTC, as the row says it), and the entry that was told or did it."""

    at: datetime
    by: PastEvent


@dataclass(frozen=True, slots=True)
class Asked:
    """A clock before its limit is looked up: `name` is unique within the item; the rest as in `Timing`.

    With `day` there is nothing to look up: the owner promised it by the end of that Beijing day. Where it began
    otherwise by another word (`or_since`), what is due first holds: perhaps under another list.
    """

    name: str
    limit_name: str
    start: Start
    stop: Stop | None = None
    is_void: bool = False
    of_class: str | None = None
    instead: tuple[tuple[str, str], ...] = ()
    either_way: bool = False
    day: str | None = None
    or_since: tuple[Start, ...] = ()


def asked_for(item: AnyItem, surroundings: Surroundings, received: ReceivedAt) -> Iterator[Asked]:
    """Return what an item asks for: what any matter does, then what its own kind does."""
    agreement = surroundings.agreements.at(begun(item, surroundings).at)
    if isinstance(item, Item) or item.matter.notified_when(item.history, agreement):
        yield _notify(item, surroundings, received)
    yield Asked("handle", "handle", recorded(item.opened), _stopped_by(item.closed))
    yield from _acknowledge(item, received)
    for question in item.questions:
        name = f"answer/{question.position}"
        yield Asked(name, "answer", recorded(question), _stopped_by(answer_to(item.answers, question)))
    if isinstance(item, MatterItem):
        yield from _timed(item, surroundings, received)
        yield from _promised(item)
        return
    yield from _risk_decision(item, surroundings)
    for investigation in filter(item.deviation.is_relied_on, item.deviation.investigations):
        yield from _closure_approval(item, investigation, surroundings)


def needs_approval(item: Item, investigation: PastEvent, surroundings: Surroundings) -> bool:
    """Tell whether closing on an investigation needs the holder's approval; a lowered class lifts nothing.

    Nobody approves the closing of the holder's own deviations.

    Source: domain.md 2.4, policy `deviation.closure_approval`, as in force when the investigation was recorded.
    """
    return item.owner is Role.CMO and not item.deviation.classes.isdisjoint(
        _approval_classes(investigation, surroundings)
    )


def _notify(item: AnyItem, surroundings: Surroundings, received: ReceivedAt) -> Asked:
    """From the detection to the receipt of the first word about it that counts.

    Source: NMPA 134/2025 (V), "the MAHs shall be promptly notified of such deviation".
    """
    word = item.first_word
    stop = None if word is None else _receipt_of(word, received)
    start, *others = beginnings(item, surroundings)
    return Asked("notify", "notify", start, stop, or_since=tuple(others))


def _acknowledge(item: AnyItem, received: ReceivedAt) -> Iterator[Asked]:
    """From the receipt of the opening to a named person's taking note."""
    at = received(item.owner, item.opened.position)
    if at is not None:
        start = Start(parse_moment(at), Known.RECEIVED, item.opened)
        first = item.acknowledgements[0] if item.acknowledgements else None
        yield Asked("acknowledge", "acknowledge", start, _stopped_by(first))


def _timed(item: MatterItem, surroundings: Surroundings, received: ReceivedAt) -> Iterator[Asked]:
    """From each beginning of a limit that the matter declares (`Matter.timings`) to its end."""
    for timing in item.matter.timings:
        begun = sorted(_begins(item, timing), key=_recorded_order)
        for past in begun if timing.each else begun[:1]:
            start = _start(item, timing, past, surroundings, received)
            if start is None or not timing.when(item.history, surroundings.agreements.at(start.at)):
                continue
            stop = _end(item, timing, past, surroundings, received)
            is_void = stop is None and bool(item.history.relied(*timing.voids))
            told = (timing.of_class, timing.instead, timing.either_way)
            yield Asked(_name(item, timing, past), timing.limit, start, stop, is_void, *told)


def _promised(item: MatterItem) -> Iterator[Asked]:
    """From the record of a promise to the entry that says it was kept."""
    for promise in item.matter.promises(item.history, body_of(item.corrections, item.opened)):
        stop = _stopped_by(promise.kept_by)
        is_void = stop is None and item.closed is not None
        word = promise.name.partition("/")[0]
        yield Asked(promise.name, word, recorded(item.opened), stop, is_void, day=promise.day)


def _begins(item: MatterItem, timing: Timing) -> Iterator[PastEvent]:
    """Return what begins a limit: the opening however it stands, other entries if they can be relied on."""
    for past in item.history.of(*timing.starts):
        if past is item.opened or item.history.is_relied_on(past):
            yield past


def _name(item: MatterItem, timing: Timing, past: PastEvent) -> str:
    """Return a name that is unique in the item: an entry of the partner may have the position of one of the owner."""
    if not timing.each:
        return timing.limit
    return f"{timing.limit}{'' if past.role is item.owner else '_review'}/{past.position}"


def _start(
    item: MatterItem, timing: Timing, past: PastEvent, surroundings: Surroundings, received: ReceivedAt
) -> Start | None:
    if timing.since is Since.STATED:
        return begun(item, surroundings)
    if timing.since is Since.RECORDED:
        return recorded(past)
    at = received(past.role, past.position)
    return None if at is None else Start(parse_moment(at), Known.RECEIVED, past)


def _end(
    item: MatterItem, timing: Timing, begun: PastEvent, surroundings: Surroundings, received: ReceivedAt
) -> Stop | None:
    if timing.until is Until.RECEIPT:
        return _receipt_of(begun, received)
    found: Iterable[PastEvent] = item.history.relied(*timing.stops)
    if timing.elsewhere is not None:
        found = [*found, *timing.elsewhere(surroundings.links.to(item.opened))]
    if timing.until is Until.BY_OTHER:
        found = (past for past in found if past.role is not begun.role)
    if timing.until is Until.NAMING:
        found = (past for past in found if _is_named_by(past, begun))
    return _stopped_by(min(found, key=_recorded_order, default=None))


def _is_named_by(past: PastEvent, begun: PastEvent) -> bool:
    values = (getattr(past.body, field) for field in type(past.body).model_fields)
    return any(isinstance(value, EventRef) and names(value, begun) for value in values)


def _risk_decision(item: Item, surroundings: Surroundings) -> Iterator[Asked]:
    """From when a deviation was called major to the first word on the class of a risk that names it.

    Where the list has no number of its own for it, that of the suspension holds: nobody gains time by the class.

    Source: NMPA 134/2025 (V), "in case of major quality risks or compliance risks, manufacturing shall be immediately
    suspended".
    """
    major = next((past for past in _words_on_class(item) if MAJOR in _classes_in(past)), None)
    if major is None:
        return
    risks = surroundings.links.to(item.opened)
    decided = (past for each in risks for past in each.relied(risk.CLASSIFIED, risk.REVIEW_CLASSIFIED))
    stop = _stopped_by(min(decided, key=_recorded_order, default=None))
    is_void = stop is None and item.deviation.is_settled
    instead = (("risks", "suspend"),)
    yield Asked(RISK_DECISION, RISK_DECISION, recorded(major), stop, is_void, MAJOR, instead, either_way=True)


def _closure_approval(item: Item, investigation: PastEvent, surroundings: Surroundings) -> Iterator[Asked]:
    """From when an investigation needed the partner's decision to that decision."""
    begun = _approval_needed_since(item, investigation, surroundings)
    if begun is None:
        return
    decision = item.decision_on(investigation)
    is_void = decision is None and (investigation is not item.investigation or item.deviation.is_closed)
    name = f"closure_approval/{investigation.position}"
    yield Asked(name, "closure_approval", recorded(begun), _stopped_by(decision), is_void)


def _approval_needed_since(item: Item, investigation: PastEvent, surroundings: Surroundings) -> PastEvent | None:
    """Return the entry with which an investigation came to need approval: itself, or a later word on the class."""
    if not needs_approval(item, investigation, surroundings):
        return None
    classes = _approval_classes(investigation, surroundings)
    first = next(each for each in _words_on_class(item) if not classes.isdisjoint(_classes_in(each)))
    if first.position < investigation.position:
        return investigation
    return first if investigation is item.investigation else None


def _words_on_class(item: Item) -> list[PastEvent]:
    """Return what was said of the class, marked words and corrections included, by position."""
    deviation = item.deviation
    return sorted((*deviation.classifications, *deviation.corrections), key=lambda past: past.position)


def _classes_in(past: PastEvent) -> set[str | None]:
    body = past.body
    if isinstance(body, Classified):
        return {body.class_}
    return {change.after for change in body.changes if change.field == "class"}


def _approval_classes(investigation: PastEvent, surroundings: Surroundings) -> frozenset[str]:
    return closure_approval_classes(surroundings.agreements, parse_moment(investigation.time))


def _stopped_by(past: PastEvent | None) -> Stop | None:
    return None if past is None else Stop(parse_moment(past.time), past)


def _receipt_of(past: PastEvent, received: ReceivedAt) -> Stop | None:
    at = received(past.role, past.position)
    return None if at is None else Stop(parse_moment(at), past)


def _recorded_order(past: PastEvent) -> tuple[str, bool, int]:
    return past.time, past.role is Role.CMO, past.position
