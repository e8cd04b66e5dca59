"""Which entries are about which item, and how its whole history is read from the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.journal.order import order_key
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.store import JournalReading

MATTER = "deviation"
REVIEW = "deviation_review"


@dataclass(frozen=True, slots=True)
class ItemKey:
    """An item: the UUID of the matter, and whose it is."""

    item: str
    owner: Role


def item_key(entry: StoredEntry) -> ItemKey | None:
    """Return which item an entry is about, as its subject says; None when it is about none."""
    kind, _, item = (entry.subject or "").partition("/")
    if kind == MATTER:
        return ItemKey(item, entry.role)
    return ItemKey(item, entry.role.other) if kind == REVIEW else None


def histories(reading: JournalReading, relationship: int, keys: Collection[ItemKey]) -> dict[ItemKey, list[PastEvent]]:
    """Return everything written about these items by both parties, refused entries included, in the one order."""
    found: dict[ItemKey, list[StoredEntry]] = {key: [] for key in keys}
    for owner in {key.owner for key in keys}:
        items = [key.item for key in keys if key.owner is owner]
        for role, kind in ((owner, MATTER), (owner.other, REVIEW)):
            subjects = reading.histories(relationship, role, [f"{kind}/{item}" for item in items])
            for subject, entries in subjects.items():
                found[ItemKey(subject.partition("/")[2], owner)].extend(entries)
    return {key: in_one_order(entries) for key, entries in found.items()}


def in_one_order(entries: Sequence[StoredEntry]) -> list[PastEvent]:
    """Return entries of both journals as events, in the one order."""
    return [past_of(entry) for entry in sorted(entries, key=_place)]


def _place(entry: StoredEntry) -> tuple[int, int, int]:
    return order_key(entry.role, entry.position, entry.order_major)
