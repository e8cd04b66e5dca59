"""What touches a batch, and whether it is resolved for it (G10, G11). Every open blocker is named.

A deviation, a result, a change touches a batch when an entry of it carries the number of the batch, or of one that it
came from, as a label, however it is written (`domain.as_read`). What touches is counted whether or not it can be relied
on; what resolves must be relied on. A fact about them that broke a gate counts too: its deviation blocks while it is
open, the fact itself if there is none.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from domain.as_read import as_read
from domain.batch.lineage import Lineage, labelled
from domain.batch.resolution import RESOLVED_KINDS, Touching, resolutions
from domain.batch.work import broken_gates
from domain.evidence import names
from domain.judging.context import Context
from domain.judging.history import PastEvent, batches_of
from domain.lot import names as lot
from domain.steps.corrections import readings
from domain.steps.crossing import Block
from domain.steps.history import History, history_of, standing_matters
from domain.suspension import names as suspension
from events.catalogue.steps import Corrected

_SHUTTING = frozenset({"held", "rejected"})
"""Dispositions of a batch in process that shut its release."""


def touching(context: Context, lineage: Lineage) -> list[Touching]:
    """Return the deviations, results and changes that touch a batch: the holder's, then the manufacturer's."""
    matters = [
        history_of(context, role, kind, identity)
        for role, kind, identity in labelled(context, lineage.numbers)
        if kind in RESOLVED_KINDS
    ]
    return resolutions(matters, lineage.numbers, context)


def led_to(past: PastEvent, touched: Iterable[Touching]) -> list[Touching]:
    """Return the deviations that an entry led to: opened after it, with its id as their `cause`."""
    deviations = (each for each in touched if each.kind == "deviation")
    return [each for each in deviations if each.opening.has_seen(past) and _cause_of(each.opening) == _id_of(past)]


def blocks_by_number(matters: Sequence[History], numbers: Collection[str], context: Context) -> Iterator[Block]:
    """Return the entries by which deviations, results, changes and breaches touch batches, resolved or not."""
    touched = {each.opening.place: each.resolution for each in resolutions(matters, numbers, context)}
    for history in matters:
        opening = history.opening
        carrying = [past for past in history.own if not set(batches_of(past)).isdisjoint(numbers)]
        if opening is not None and opening.place in touched:
            is_open = touched[opening.place] is None
            yield from (Block(past, is_open) for past in carrying)
        breaches = history.of(lot.BREACH_FOUND)
        yield from (Block(past, is_open=True) for past in carrying if _is_of(past, breaches))


def dispositions(context: Context, numbers: Collection[str]) -> Iterator[Block]:
    """Return the words of suspensions that shut the release of batches with these numbers, the last of each open."""
    for history in standing_matters(context, *suspension.OPENINGS):
        is_open = _disposition(history, numbers) in _SHUTTING
        said = (past for past, words in _dispositions(history, numbers) if words & _SHUTTING)
        yield from (Block(past, is_open) for past in said)


def open_blockers(context: Context, lineage: Lineage, touched: Sequence[Touching]) -> list[str]:
    """Return in words everything that touches a batch and is not resolved for it; `touched`: the matters among it."""
    words = [each.words for each in touched if each.resolution is None]
    words += _unexplained(context, lineage, touched)
    for role, kind, identity in labelled(context, lineage.numbers):
        history = history_of(context, role, kind.removesuffix("_review"), identity)
        if kind == "lot" and _is_breached(history, lineage.numbers):
            words.append(f"segregation breach of lot {history.own[0].body.number}")
        if kind.startswith("suspension") and (disposition := _disposition(history, lineage.numbers)) in _SHUTTING:
            words.append(f"disposition: {disposition}")
    if not lineage.whole:
        words.append("a lineage of too many batches")
    return list(dict.fromkeys(words))


def _unexplained(context: Context, lineage: Lineage, touched: Sequence[Touching]) -> list[str]:
    """Return in words the facts that broke a gate and led to no deviation of the batch; an open one is named itself."""
    broken = (past for past in broken_gates(context, lineage) if not led_to(past, touched))
    return [f"{past.name} at {past.role.value} {past.position} broke a gate; no deviation says so" for past in broken]


def _cause_of(opening: PastEvent) -> str | None:
    return None if opening.head is None else opening.head.cause


def _id_of(past: PastEvent) -> str:
    return "" if past.head is None else past.head.id


TOUCHING_KINDS = frozenset({*RESOLVED_KINDS, "lot"})
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
