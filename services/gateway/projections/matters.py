"""Which entries are about which item, and how its whole history is read from the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.judging.history import PastEvent
from domain.matters import DEVIATION, KIND_OF, KINDS
from domain.steps.subjects import PARTS, WHOLE_OF
from events.catalogue.event_types import REVIEW
from events.encoding.identifiers import Role
from events.journal.order import order_key
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import ReadEntry, past_of
from services.gateway.ports.store import JournalReading

_NOTHING: Mapping["ItemKey", Sequence[StoredEntry]] = {}


@dataclass(frozen=True, slots=True)
class ItemKey:
    """An item: the UUID of the matter, whose it is, and of which kind."""

    item: str
    owner: Role
    kind: str = DEVIATION

    @property
    def rank(self) -> tuple[bool, int]:
        """Return which of two items under one UUID is the one that is shown: the lower, whichever came first."""
        return self.owner is Role.CMO, KINDS.index(self.kind)

    def subject_in(self, role: Role) -> str:
        """Return its subject in the journal of a role: the matter's own, or that of the review."""
        return f"{self.kind}/{self.item}" if role is self.owner else f"{self.kind}{REVIEW}/{self.item}"

    def subjects_in(self, role: Role) -> list[str]:
        """Return all its subjects in the journal of a role: of the owner also those of the matter's parts."""
        parts = PARTS.get(self.kind, ()) if role is self.owner else ()
        return [self.subject_in(role), *(f"{part}/{self.item}" for part in parts)]


def item_key(entry: StoredEntry) -> ItemKey | None:
    """Return which item an entry is about, as its subject says; None when it is about none."""
    kind, _, item = (entry.subject or "").partition("/")
    if kind in KINDS:
        return ItemKey(item, entry.role, kind)
    if kind in WHOLE_OF:
        return ItemKey(item, entry.role, WHOLE_OF[kind])
    reviewed = kind.removesuffix(REVIEW)
    return ItemKey(item, entry.role.other, reviewed) if reviewed in KINDS else None


def keys_for(item: str) -> list[ItemKey]:
    """Return every key that an item of this UUID may have."""
    return [ItemKey(item, owner, kind) for kind in KINDS for owner in Role]


def key_of(item: str, row: Mapping[str, Any]) -> ItemKey:
    """Return the key of an item by its row."""
    return ItemKey(item, Role(row["owner"]), KIND_OF[row["category"]])


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
        for role, wanted in ((owner, unread), (owner.other, known)):
            by_subject = {subject: key for key in wanted for subject in key.subjects_in(role)}
            for subject, entries in reading.histories(relationship, role, list(by_subject)).items():
                found[by_subject[subject]].extend(entries)
    return {key: in_one_order(entries, read) for key, entries in found.items()}


def in_one_order(entries: Sequence[StoredEntry], read: ReadEntry = past_of) -> list[PastEvent]:
    """Return entries of both journals as events, in the one order."""
    return [read(entry) for entry in sorted(entries, key=_place)]


def _place(entry: StoredEntry) -> tuple[int, int, int]:
    return order_key(entry.role, entry.position, entry.order_major)
