"""What can be asked of the protocol itself: to confirm a pairing, announce, publish a calendar, dispute and settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.drafts import Draft, admit, values
from domain.judging.context import Context
from domain.judging.history import SETTLED
from domain.relationship.rules import DISPUTED, RULES, latest_calendar_version
from events.catalogue.bodies import LeafRef, Signature
from events.catalogue.opening import Party
from events.catalogue.registry import ANNOUNCED, RULE_SET

RELATIONSHIP_OPENED = "relationship.opened.v1"
GATEWAY_ANNOUNCED = "gateway.announced.v1"


@dataclass(frozen=True)
class OpenRelationship:
    """Confirm the pairing: both parties' keys and the fingerprint that people compared."""

    relationship_id: str  # UUID of the own journal's relationship subject
    mah: Party
    cmo: Party
    fingerprint: str


@dataclass(frozen=True)
class AnnounceGateway:
    """Say by which rules this gateway judges and which events it can judge."""

    relationship_id: str
    software: str
    events: Sequence[str] = ANNOUNCED
    rule_set: int = RULE_SET


@dataclass(frozen=True)
class PublishCalendar:
    """Publish the working calendar of a year, in the version after the last."""

    journal_id: str  # UUID of the own journal's subject
    calendar: str
    year: int
    days_off: Sequence[date]
    make_up_workdays: Sequence[date]
    provisional: bool


@dataclass(frozen=True)
class DisputeRefusal:
    """Say that a refusal of the partner contradicts the verdict of the own entry that it names."""

    journal_id: str
    refusal: LeafRef
    entry: LeafRef
    reason: str


@dataclass(frozen=True)
class SettleDispute:
    """Sign whether a disputed entry stands; the dispute ends when both parties wrote alike."""

    journal_id: str
    entry: LeafRef
    stands: bool
    reason: str
    signature: Signature


def open_relationship(command: OpenRelationship, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on the first entry of a journal.

    Raises:
        EntryError: `entry.schema_invalid`: keys and fingerprint do not fit.
    """
    parties = values(mah=command.mah, cmo=command.cmo, fingerprint=command.fingerprint)
    body = {"generation": 1, "previous": None, **parties}
    return admit(Draft(RELATIONSHIP_OPENED, f"relationship/{command.relationship_id}", body), context, actor, at, RULES)


def announce_gateway(command: AnnounceGateway, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on an announcement, after the pairing and after each upgrade.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = {"rule_set": command.rule_set, "events": list(command.events), "software": command.software}
    return admit(Draft(GATEWAY_ANNOUNCED, f"relationship/{command.relationship_id}", body), context, actor, at, RULES)


def publish_calendar(command: PublishCalendar, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a year's calendar.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = {
        "calendar": command.calendar,
        "version": latest_calendar_version(context, command.calendar, command.year) + 1,
        "year": command.year,
        "days_off": [day.isoformat() for day in sorted(command.days_off)],
        "make_up_workdays": [day.isoformat() for day in sorted(command.make_up_workdays)],
        "provisional": command.provisional,
    }
    return admit(Draft(CALENDAR_PUBLISHED, f"journal/{command.journal_id}", body), context, actor, at, RULES)


def dispute_refusal(command: DisputeRefusal, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on disputing a refusal.

    Raises:
        NothingDisputedError: the refusal is not there or names another entry.
        EntryError: `entry.schema_invalid`.
    """
    body = values(refusal=command.refusal, entry=command.entry, reason=command.reason)
    return admit(Draft(DISPUTED, f"journal/{command.journal_id}", body), context, actor, at, RULES)


def settle_dispute(command: SettleDispute, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a party's word about a disputed entry.

    Raises:
        NothingDisputedError: nobody refused an entry with this leaf.
        NotPermittedError: the actor may not settle disputes.
        EntryError: `entry.schema_invalid`.
    """
    body = values(entry=command.entry, stands=command.stands, reason=command.reason, signature=command.signature)
    return admit(Draft(SETTLED, f"journal/{command.journal_id}", body), context, actor, at, RULES)
