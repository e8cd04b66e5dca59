"""The timeline of an item, read from the stored entries themselves."""

from collections.abc import Collection
from functools import cache, partial
from typing import Any

from domain.items.surroundings import EVERYTHING
from domain.items.timeline import timeline_of
from domain.judging.history import REFUSED, SETTLED
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.store import Store
from services.gateway.projections.held import load_held
from services.gateway.projections.matters import histories, keys_for

_DISPUTES = (REFUSED, SETTLED)


def timeline(
    store: Store, read_model: ReadModel, relationship: int, item: str, as_of: int | None = None
) -> list[dict[str, Any]]:
    """Return everything written about an item, in the one order; empty when nothing was.

    Refused entries are there with their code, corrected ones as they were with what was put right. `as_of` is a local
    sequence: what came later is not shown, nor what it marks.
    """
    return timelines(store, read_model, relationship, [item], as_of)


def timelines(
    store: Store, read_model: ReadModel, relationship: int, items: Collection[str], as_of: int | None = None
) -> list[dict[str, Any]]:
    """Return everything written about several items, one item after the other, each row with its item's UUID."""
    until = EVERYTHING if as_of is None else as_of
    keys = [key for item in items for key in keys_for(item)]
    with store.reading() as reading, read_model.reading() as rows:
        held = load_held(reading, relationship, as_of=until, types=_DISPUTES)
        found = histories(reading, relationship, keys)
        received = cache(partial(rows.received_at, relationship, as_of=as_of))
        shown: list[dict[str, Any]] = []
        for key, events in found.items():
            known = [past for past in events if past.sequence <= until]
            shown += [{"item": key.item, **row} for row in timeline_of(known, held.surroundings, received)]
    return shown
