"""Which entries are about which item, and how its whole history is read from the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.journal.order import order_key
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import ReadEntry, past_of
from services.gateway.ports.store import JournalReading

MATTER = "deviation"
REVIEW = "deviation_review"

_NOTHING: Mapping["ItemKey", Sequence[StoredEntry]] = {}


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


def histories(
    reading: JournalReading,
    relationship: int,
    keys: Collection[ItemKey],
    arrived: Mapping[ItemKey, Sequence[StoredEntry]] = _NOTHING,
    read: ReadEntry = past_of,
) -> dict[ItemKey, list[PastEvent]]:
    """Return everything written about these items by both parties, in the one order.

    Refused entries are included, but for matters of which the caller has the accepted entries from the first on.
    """
    found: dict[ItemKey, list[StoredEntry]] = {key: list(arrived.get(key, ())) for key in keys}
    for owner in {key.owner for key in keys}:
        known = [key for key in keys if key.owner is owner]
        unread = [key for key in known if key not in arrived]
        for role, kind, wanted in ((owner, MATTER, unread), (owner.other, REVIEW, known)):
            subjects = reading.histories(relationship, role, [f"{kind}/{key.item}" for key in wanted])
            for subject, entries in subjects.items():
                found[ItemKey(subject.partition("/")[2], owner)].extend(entries)
    return {key: in_one_order(entries, read) for key, entries in found.items()}


def in_one_order(entries: Sequence[StoredEntry], read: ReadEntry = past_of) -> list[PastEvent]:
    """Return entries of both journals as events, in the one order."""
    return [read(entry) for entry in sorted(entries, key=_place)]


def _place(entry: StoredEntry) -> tuple[int, int, int]:
    return order_key(entry.role, entry.position, entry.order_major)
