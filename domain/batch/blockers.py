"""What touches a batch, and whether it is resolved for it (G10, G11). Every open blocker is named.

A deviation, a result, a change touches a batch when an entry of it carries the number of the batch, or of one that it
came from, as a label, however it is written (`domain.as_read`). What touches is counted whether or not it can be relied
on; what resolves must be relied on.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.as_read import as_read
from domain.batch.lineage import Lineage
from domain.change import names as change
from domain.change.crossing import is_overtaken
from domain.deviation import names as deviation
from domain.deviation.overtaking import overtakings
from domain.evidence import names
from domain.judging.context import Context
from domain.judging.history import PastEvent, batches_of
from domain.lot import names as lot
from domain.oos import names as oos
from domain.steps.corrections import readings
from domain.steps.crossing import Block
from domain.steps.history import History, history_of, standing_matters
from domain.suspension import names as suspension
from events.catalogue.steps import Corrected
from events.encoding.identifiers import Role

Resolve = Callable[[History], PastEvent | None]


_SHUTTING = frozenset({"held", "rejected"})
"""Dispositions of a batch in process that shut its release."""


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


def touching(context: Context, lineage: Lineage) -> list[Touching]:
    """Return the deviations, results and changes that touch a batch: the holder's, then the manufacturer's."""
    found = []
    for role, kind, identity in _subjects(context, lineage):
        history = history_of(context, role, kind, identity)
        if kind in _RESOLVED_BY and history.opening is not None:
            found.append(Touching(kind, history.opening, _RESOLVED_BY[kind](history)))
    return found


def blocks_by_number(matters: Iterable[History], numbers: Collection[str]) -> Iterator[Block]:
    """Return the entries by which deviations, results, changes and breaches touch batches, resolved or not."""
    for history in matters:
        opening = history.opening
        kind = "" if opening is None or opening.head is None else opening.head.subject_kind
        labelled = [past for past in history.own if not set(batches_of(past)).isdisjoint(numbers)]
        if kind in _RESOLVED_BY:
            is_open = _RESOLVED_BY[kind](history) is None
            yield from (Block(past, is_open) for past in labelled)
        breaches = history.of(lot.BREACH_FOUND)
        yield from (Block(past, is_open=True) for past in labelled if _is_of(past, breaches))


def dispositions(context: Context, numbers: Collection[str]) -> Iterator[Block]:
    """Return the words of suspensions that shut the release of batches with these numbers, the last of each open."""
    for history in standing_matters(context, *suspension.OPENINGS):
        is_open = _disposition(history, numbers) in _SHUTTING
        said = (past for past, words in _dispositions(history, numbers) if words & _SHUTTING)
        yield from (Block(past, is_open) for past in said)


def open_blockers(context: Context, lineage: Lineage) -> list[str]:
    """Return in words everything that touches a batch and is not resolved for it."""
    words = [each.words for each in touching(context, lineage) if each.resolution is None]
    for role, kind, identity in _subjects(context, lineage):
        history = history_of(context, role, kind.removesuffix("_review"), identity)
        if kind == "lot" and _is_breached(history, lineage.numbers):
            words.append(f"segregation breach of lot {history.own[0].body.number}")
        if kind.startswith("suspension") and (disposition := _disposition(history, lineage.numbers)) in _SHUTTING:
            words.append(f"disposition: {disposition}")
    if not lineage.whole:
        words.append("a lineage of too many batches")
    return list(dict.fromkeys(words))


def _subjects(context: Context, lineage: Lineage) -> Iterator[tuple[Role, str, str]]:
    for role in Role:
        subjects = {subject for number in lineage.numbers for subject in context.subjects_of_batch(role, number)}
        for subject in sorted(subjects):
            kind, _, identity = subject.partition("/")
            yield role, kind, identity


def _closed(history: History) -> PastEvent | None:
    """A deviation is resolved once it is closed, and no rejection that crossed the closing stands."""
    is_open = any(each.is_open for each in overtakings(history.own, history.review, history.is_disputed))
    return None if is_open else _last(history.relied(deviation.CLOSED))


def _examined(history: History) -> PastEvent | None:
    """A result out of specification blocks until invalidated; one out of trend until its examination ended."""
    invalidated = _last(history.relied(oos.INVALIDATED))
    opening = history.opening
    if invalidated is not None or opening is None:
        return invalidated
    if any(body.result_kind == "oos" for body in readings(opening, history.own)):
        return None
    return _last(history.relied(oos.CONFIRMED))


def _carried_out(history: History) -> PastEvent | None:
    """A change is resolved once it was implemented on approval and the regulator's step, or given up untouched."""
    implemented = _last(history.relied(change.IMPLEMENTED, change.REVIEW_IMPLEMENTED))
    if implemented is not None:
        return None if is_overtaken(history, implemented) else implemented
    if history.of(change.FOUND_IMPLEMENTED, change.REVIEW_FOUND_IMPLEMENTED):
        return None
    return _last(history.relied(change.WITHDRAWN))


_RESOLVED_BY: Mapping[str, Resolve] = {"deviation": _closed, "oos": _examined, "change": _carried_out}

TOUCHING_KINDS = frozenset({*_RESOLVED_BY, "lot"})
"""The kinds of matters that touch a batch by its number."""


def _is_breached(history: History, numbers: Collection[str]) -> bool:
    """Tell whether a breach of segregation names one of these batches, or was ever corrected from it or to it."""
    said = (body for past in history.of(lot.BREACH_FOUND) for body in readings(past, history.own))
    return any(as_read(batch.number) in numbers for body in said for batch in body.batches)


def _is_of(past: PastEvent, breaches: Collection[PastEvent]) -> bool:
    """Tell whether an entry is one of these breaches, or a correction of one."""
    if isinstance(past.body, Corrected):
        return any(names(past.body.entry, breach) for breach in breaches)
    return past in breaches


def _disposition(history: History, numbers: Collection[str]) -> str | None:
    """Return the last word of a suspension on what becomes of the batch; one that shuts lasts until a clear one."""
    last = None
    for past, words in _dispositions(history, numbers):
        if words & _SHUTTING:
            last = min(words & _SHUTTING)
        elif len(words) == 1:
            last = str(past.body.disposition)
    return last


def _dispositions(history: History, numbers: Collection[str]) -> list[tuple[PastEvent, set[str]]]:
    """Return the words of a suspension on batches, each with all it ever said of these; "" when of another batch."""
    found = []
    for past in history.of(suspension.BATCH_DISPOSED, suspension.REVIEW_BATCH_DISPOSED):
        bodies = readings(past, history.all)
        said = {body.disposition if as_read(body.batch.number) in numbers else "" for body in bodies}
        if said != {""}:
            found.append((past, said))
    return found


def _last(found: list[PastEvent]) -> PastEvent | None:
    return found[-1] if found else None
