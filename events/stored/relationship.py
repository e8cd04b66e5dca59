"""Relationships, their keys in force, and how far each exchange has come."""

from dataclasses import dataclass

from events.encoding.identifiers import Relationship, Role


@dataclass(frozen=True, slots=True)
class StoredRelationship:
    """One relationship of this gateway.

    `own_invitation` and `partner_invitation` are the invitation files as JSON bytes; `confirmed_at` is set when this
    side's own person confirmed the fingerprint (its entry 0 stands in the same transaction).
    """

    number: int
    relationship: Relationship
    own_role: Role
    own_invitation: bytes
    partner_invitation: bytes | None = None
    confirmed_at: str | None = None


@dataclass(frozen=True, slots=True)
class WireCursor:
    """How far this gateway has read the partner's topic."""

    topic_id: str
    offset: int


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Bytes of the partner's that wait for something (a gap, a receipt), bounded by the inbox."""

    first: int
    value: bytes
