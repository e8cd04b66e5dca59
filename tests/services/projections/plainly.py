"""Folding in the plainest way, to compare with: everything anew, nothing remembered."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from domain.items.item import item_of
from domain.items.rows import rows_of
from domain.items.surroundings import surroundings_of
from domain.judging.history import JournalView
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
    received: Callable[[Role, int], str | None] = partial(steps.at, as_of=len(entries))
    for key in sorted(keys_for(uuid), key=lambda each: each.rank):
        about = [entry for entry in entries if item_key(entry) == key]
        item = item_of(in_one_order(about), surroundings)
        if item is not None:
            return rows_of(item, surroundings, received)
    return None, {}
