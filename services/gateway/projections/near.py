"""What shuts gates of other items: read from the store around one item, and which items are touched by it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from domain.batch.blockers import TOUCHING_KINDS
from domain.batch.lineage import KIND as BATCH
from domain.items.surroundings import Surroundings
from domain.judging.context import Context
from domain.judging.history import PastEvent, batches_of
from domain.matters import GATED, STOPPING
from domain.steps.crossing import Around
from domain.steps.history import History, history_of
from domain.steps.subjects import matter_of
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.gateway.ports.store import JournalReading
from services.gateway.projections.held import HeldJournals
from services.gateway.projections.matters import ItemKey, histories

AT_ONCE = 500


def surroundings_at(reading: JournalReading, held: HeldJournals, kind: str, sequence: int) -> Surroundings:
    """Return what is around an item of a kind at a local sequence: of a batch also what touches it by its number."""
    if kind != BATCH:
        return held.surroundings
    touching = partial(_touching, reading, held, sequence)
    return replace(held.surroundings, around=Around(held.surroundings.around.context, touching))


def is_stopping(past: PastEvent) -> bool:
    """Tell whether an entry is about a matter that shuts gates of whatever has its scope."""
    matter = matter_of(past)
    return matter is not None and matter[1] in STOPPING


def crossed_by(reading: JournalReading, held: HeldJournals, past: PastEvent) -> Iterator[StoredEntry]:
    """Return the gated entries that crossed those of a stopping matter: they may be overtaken, or not any more.

    What crossed the matters that it names belongs to them: lifting a suspension lets go of what its risk stopped.
    """
    matter = matter_of(past)
    if matter is None or matter[1] not in STOPPING:
        return
    context, links = held.surroundings.around.context, held.surroundings.links
    for history in (history_of(context, *matter), *_named(context, links.named_by(past))):
        for block in history.all:
            yield from _crossed(reading, held.relationship, block)


def batches_touched(
    reading: JournalReading, relationship: int, matters: Mapping[ItemKey, Iterable[PastEvent]]
) -> dict[ItemKey, set[ItemKey]]:
    """Return, by the batch, which of these matters touch it by its number."""
    numbers: dict[str, set[ItemKey]] = {}
    for key, events in matters.items():
        if key.kind in TOUCHING_KINDS:
            for number in {number for past in events if past.role is key.owner for number in batches_of(past)}:
                numbers.setdefault(number, set()).add(key)
    if not numbers:
        return {}
    found: dict[ItemKey, set[ItemKey]] = {}
    for number, subjects in reading.subjects_of_batches(relationship, Role.CMO, sorted(numbers)).items():
        for kind, _, identity in (subject.partition("/") for subject in subjects):
            if kind == BATCH:
                found.setdefault(ItemKey(identity, Role.CMO, BATCH), set()).update(numbers[number])
    return found


def _named(context: Context, refs: Iterable[EventRef]) -> Iterator[History]:
    """Return the stopping matters that references name."""
    for ref in refs:
        past = context.find(ref)
        matter = None if past is None else matter_of(past)
        if matter is not None and matter[1] in STOPPING:
            yield history_of(context, *matter)


def _crossed(reading: JournalReading, relationship: int, block: PastEvent) -> Iterator[StoredEntry]:
    """Return the gated entries of the other journal from what a block had seen to the first that had seen the block."""
    start = 0 if block.head is None else block.head.seen
    while True:
        entries = reading.entries(relationship, block.role.other, start, AT_ONCE)
        for entry in entries:
            if entry.code is None and (entry.seen or 0) > block.position:
                return
            if entry.code is None and entry.type in GATED:
                yield entry
        if len(entries) < AT_ONCE:
            return
        start += len(entries)


def _touching(
    reading: JournalReading, held: HeldJournals, sequence: int, numbers: Collection[str]
) -> Sequence[History]:
    keys = []
    for role in Role:
        labelled = reading.subjects_of_batches(held.relationship, role, list(numbers))
        subjects = sorted({subject for found in labelled.values() for subject in found})
        parts = (subject.partition("/") for subject in subjects)
        keys += [ItemKey(identity, role, kind) for kind, _, identity in parts if kind in TOUCHING_KINDS]
    is_disputed = held.surroundings.is_disputed
    found = []
    for key, events in histories(reading, held.relationship, keys).items():
        known = [past for past in events if past.sequence <= sequence and past.code is None]
        own = tuple(past for past in known if past.role is key.owner)
        found.append(History(key.owner, own, tuple(past for past in known if past.role is not key.owner), is_disputed))
    return found
