"""The timeline of an item, read from the stored entries themselves."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache, partial
from typing import Any

from domain.items.surroundings import EVERYTHING
from domain.items.timeline import timeline_of
from domain.judging.history import REFUSED, SETTLED, PastEvent
from domain.key_person.names import DELEGATED, REGISTERED, WITHDRAWN
from domain.matters import GATED, STOPPING
from domain.steps.subjects import types_of
from events.catalogue.event_types import REVIEW
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.store import Store
from services.gateway.projections.held import load_held
from services.gateway.projections.matters import histories, keys_for
from services.gateway.projections.near import surroundings_at

_DISPUTES = frozenset({REFUSED, SETTLED})
_AGREED = ("agreement", f"agreement{REVIEW}")
_STOPS = frozenset(name for kind in STOPPING for each in (kind, f"{kind}{REVIEW}", *_AGREED) for name in types_of(each))
"""What shuts gates of whatever has its scope, and the policies by which it does."""

_POSTS = frozenset((REGISTERED, DELEGATED, WITHDRAWN))
"""Which posts signers held."""


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
        found = histories(reading, relationship, keys)
        held = load_held(reading, relationship, as_of=until, types=_types_for(found.values()))
        received = cache(partial(rows.received_at, relationship, as_of=as_of))
        shown: list[dict[str, Any]] = []
        for key, events in found.items():
            known = [past for past in events if past.sequence <= until]
            surroundings = surroundings_at(reading, held, key.kind, until)
            shown += [{"item": key.item, **row} for row in timeline_of(known, surroundings, received)]
    return shown


def _types_for(several: Iterable[Sequence[PastEvent]]) -> frozenset[str]:
    """Return of which types the standing entries are asked for: of disputes, of gates and of signers' posts."""
    events = [past for each in several for past in each]
    is_gated = any(past.name in GATED for past in events)
    is_signed = any(hasattr(past.body, "signature") for past in events)
    return _DISPUTES | (_STOPS if is_gated else frozenset()) | (_POSTS if is_signed else frozenset())
