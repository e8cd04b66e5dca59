"""Questions about how far the exchange has come."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, literal, null, select, tuple_

from events.encoding.identifiers import Relationship, Role
from events.stored.intake import Quarantined
from events.stored.journal import StoredReceipt, StoredSeal
from events.stored.relationship import HeldPage, StoredRelationship, WireCursor
from infra.store.tables import HELD_PAGE, QUARANTINE, RECEIPT, RELATIONSHIP, SEAL, SENT_SIZE, WIRE_CURSOR

_RELATIONSHIP_COLUMNS = ("number", "mah", "cmo", "own_role", "own_invitation", "partner_invitation", "confirmed_at")
_RELATIONSHIPS = select(*(RELATIONSHIP.c[name] for name in _RELATIONSHIP_COLUMNS)).order_by(RELATIONSHIP.c.number)
RECEIPT_COLUMNS = tuple(RECEIPT.c[name] for name in StoredReceipt.__dataclass_fields__)
_RECEIPT_ORDER = (RECEIPT.c.size, RECEIPT.c.held, RECEIPT.c.judged)
_QUARANTINE_COLUMNS = tuple(QUARANTINE.c[name] for name in Quarantined.__dataclass_fields__)
_WITHOUT_BYTES = tuple(null() if column is QUARANTINE.c.value else column for column in _QUARANTINE_COLUMNS)


class ExchangeQuestions:
    """What a view and a transaction can tell of the exchange (port `ExchangeReading`)."""

    _connection: Connection

    def relationships(self) -> Sequence[StoredRelationship]:
        """Return all relationships of this gateway."""
        return [_relationship(row) for row in self._connection.execute(_RELATIONSHIPS)]

    def wire_cursor(self, relationship: int) -> WireCursor | None:
        """Return how far the partner's topic was read."""
        asked = select(WIRE_CURSOR.c.topic_id, WIRE_CURSOR.c.offset).where(WIRE_CURSOR.c.relationship == relationship)
        row = self._connection.execute(asked).first()
        return None if row is None else WireCursor(*row)

    def sent_size(self, relationship: int) -> int:
        """Return the size of the own journal that is on the wire as far as this gateway knows."""
        asked = select(SENT_SIZE.c.size).where(SENT_SIZE.c.relationship == relationship)
        return self._connection.execute(asked).scalar() or 0

    def receipts(self, relationship: int, author: Role, held: int | None = None) -> Sequence[StoredReceipt]:
        """Return receipts by `author`, oldest first; with `held` only those that cover exactly this size."""
        asked = select(*RECEIPT_COLUMNS).where(RECEIPT.c.relationship == relationship, RECEIPT.c.author == author)
        if held is not None:
            asked = asked.where(RECEIPT.c.held == held)
        return [StoredReceipt(*row) for row in self._connection.execute(asked.order_by(*_RECEIPT_ORDER))]

    def receipts_after(
        self, relationship: int, author: Role, last: tuple[int, int, int], limit: int
    ) -> Sequence[StoredReceipt]:
        """Return receipts by `author` behind the one with this (size, held, judged), oldest first."""
        asked = (
            select(*RECEIPT_COLUMNS)
            .where(RECEIPT.c.relationship == relationship, RECEIPT.c.author == author)
            .where(tuple_(*_RECEIPT_ORDER) > tuple_(*(literal(part) for part in last)))
            .order_by(*_RECEIPT_ORDER)
            .limit(limit)
        )
        return [StoredReceipt(*row) for row in self._connection.execute(asked)]

    def last_receipt(self, relationship: int, author: Role) -> StoredReceipt | None:
        """Return the latest receipt by `author`."""
        asked = (
            select(*RECEIPT_COLUMNS)
            .where(RECEIPT.c.relationship == relationship, RECEIPT.c.author == author)
            .order_by(*(column.desc() for column in _RECEIPT_ORDER))
            .limit(1)
        )
        row = self._connection.execute(asked).first()
        return None if row is None else StoredReceipt(*row)

    def seal(self, relationship: int) -> StoredSeal | None:
        """Return the latest seal of the own journal."""
        asked = select(SEAL.c.size, SEAL.c.note).where(SEAL.c.relationship == relationship)
        row = self._connection.execute(asked).first()
        return None if row is None else StoredSeal(*row)

    def quarantine(self, relationship: int, *, after: int = 0, limit: int = 100) -> Sequence[Quarantined]:
        """Return what was set aside, oldest first, without the bytes."""
        asked = (
            select(*_WITHOUT_BYTES)
            .where(QUARANTINE.c.relationship == relationship, QUARANTINE.c.number > after)
            .order_by(QUARANTINE.c.number)
            .limit(limit)
        )
        return [Quarantined(*row) for row in self._connection.execute(asked)]

    def quarantined(self, relationship: int, number: int) -> Quarantined | None:
        """Return one thing set aside, with its bytes when they were kept."""
        asked = select(*_QUARANTINE_COLUMNS).where(
            QUARANTINE.c.relationship == relationship, QUARANTINE.c.number == number
        )
        row = self._connection.execute(asked).first()
        return None if row is None else Quarantined(*row)

    def has_quarantined(self, relationship: int, code: str) -> bool:
        """Tell whether anything was set aside under a code."""
        asked = select(QUARANTINE.c.number).where(QUARANTINE.c.relationship == relationship, QUARANTINE.c.code == code)
        return self._connection.execute(asked.limit(1)).first() is not None

    def held_pages(self, relationship: int) -> Sequence[HeldPage]:
        """Return pages that wait for a gap to close or a receipt to come, by position."""
        asked = (
            select(HELD_PAGE.c.first, HELD_PAGE.c.value)
            .where(HELD_PAGE.c.relationship == relationship)
            .order_by(HELD_PAGE.c.first, HELD_PAGE.c.digest)
        )
        return [HeldPage(*row) for row in self._connection.execute(asked)]


def _relationship(row: Row[*tuple[Any, ...]]) -> StoredRelationship:
    number, mah, cmo, own_role, own_invitation, partner_invitation, confirmed_at = row
    between = Relationship(mah, cmo)
    return StoredRelationship(number, between, own_role, own_invitation, partner_invitation, confirmed_at)
