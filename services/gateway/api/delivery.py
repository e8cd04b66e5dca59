"""How far an own entry has come: `waiting` here, `sent` on the wire, or `received`, as the partner's receipt says.

It is of the moment at which it is asked, not of the journal: an answer that stays the same for ever does not hold it.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from domain.matters import KINDS
from domain.steps.subjects import WHOLE_OF
from events.catalogue.event_types import REVIEW
from events.encoding.identifiers import Relationship
from events.stored.journal import StoredEntry
from services.gateway.api.gateway import Gateway, PartnerStatus

Delivery = Literal["waiting", "sent", "received"]
_ORDER: Sequence[Delivery] = ("waiting", "sent", "received")


class Deliveries:
    """How the exchange with all partners stands at one moment."""

    def __init__(self, gateway: Gateway) -> None:
        self._standing = {each.relationship: each for each in gateway.status()}

    def of(self, between: Relationship, entry: StoredEntry) -> Delivery | None:
        """Return how far an entry has come, None for one of the partner's."""
        status = self._standing.get(str(between))
        return None if status is None or status.own_role is not entry.role else _delivery(status, entry.position)

    def of_all(self, between: Relationship, entries: Iterable[StoredEntry]) -> Delivery | None:
        """Return how far the slowest of these has come, None where all are the partner's."""
        found = [delivery for entry in entries if (delivery := self.of(between, entry)) is not None]
        return min(found, key=_ORDER.index, default=None)


def delivery_of_item(gateway: Gateway, number: int, item: str) -> Delivery | None:
    """Return how far everything has come that this party wrote about an item."""
    with gateway.store.reading() as reading:
        stored = next(each for each in reading.relationships() if each.number == number)
        histories = reading.histories(number, stored.own_role, subjects_of(item))
    entries = [entry for history in histories.values() for entry in history]
    return Deliveries(gateway).of_all(stored.relationship, entries)


def subjects_of(item: str) -> list[str]:
    """Return every subject that an item of this UUID, or a review of it, may have."""
    kinds = [f"{kind}{review}" for kind in KINDS for review in ("", REVIEW)]
    return [f"{kind}/{item}" for kind in (*kinds, *WHOLE_OF)]


def _delivery(status: PartnerStatus, position: int) -> Delivery:
    if status.heard is not None and position < status.heard.held:
        return "received"
    return "sent" if position < status.sent else "waiting"
