"""Folding in the plainest way, to compare with: everything anew, nothing remembered."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from domain.items.item import item_of
from domain.items.rows import rows_of
from domain.items.surroundings import surroundings_of
from domain.judging.history import JournalView, batches_of
from domain.steps.history import History
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry, is_standing
from events.stored.read_model import ReceivedStep
from services.gateway.exchange.remembering import past_of
from services.gateway.projections.matters import in_one_order, item_key, keys_for
from services.gateway.projections.received import ReceivedSteps
from tests.services.projections.sides import Side


def ends_of(side: Side) -> list[int]:
    """Return the local sequences at which pages end."""
    with side.store.reading() as reading:
        return sorted({page.sequence for role in Role for page in reading.pages_from(1, role, 0, 1000)})


def folded_from(entries: Sequence[StoredEntry], uuid: str) -> tuple[Any, Any]:
    """Fold an item in the plainest way: everything anew, nothing remembered."""
    views, steps = {role: JournalView(role) for role in Role}, ReceivedSteps()
    for entry in entries:
        if entry.code is None and is_standing(entry.type, entry.subject):
            views[entry.role].remember(past_of(entry))
        if entry.code is None and (entry.seen or 0) > steps.taken(entry.role.other):
            steps.add(ReceivedStep(entry.role.other, entry.seen or 0, entry.time or "", entry.sequence))
    surroundings = surroundings_of(views)
    around = replace(surroundings.around, touching=partial(touching, entries))
    surroundings = replace(surroundings, around=around)
    received: Callable[[Role, int], str | None] = partial(steps.at, as_of=len(entries))
    for key in sorted(keys_for(uuid), key=lambda each: each.rank):
        about = [entry for entry in entries if item_key(entry) == key]
        item = item_of(in_one_order(about), surroundings)
        if item is not None:
            return rows_of(item, surroundings, received)
    return None, {}


def touching(entries: Sequence[StoredEntry], numbers: Collection[str]) -> list[History]:
    """Return every matter that an entry with one of these batch numbers is about."""
    found = []
    accepted = [past_of(entry) for entry in entries if entry.code is None]
    labelled = (past for past in accepted if not set(numbers).isdisjoint(batches_of(past)))
    for role, subject in sorted({(past.role, past.head.subject) for past in labelled if past.head is not None}):
        kind, _, identity = subject.partition("/")
        own = [past for past in accepted if past.role is role and past.head and past.head.subject == subject]
        review = f"{kind}_review/{identity}"
        others = [past for past in accepted if past.role is role.other and past.head and past.head.subject == review]
        found.append(History(role, tuple(own), tuple(others), lambda _: False))
    return found
