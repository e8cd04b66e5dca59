"""How the exchange with a partner stands, for screens, health and whoever waits for it."""

from dataclasses import dataclass

from events.conclusions.total import Sizes
from events.encoding.identifiers import Role
from events.stored.journal import StoredReceipt
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.conclusions import Difference
from services.gateway.exchange.pairing import fingerprint_of


@dataclass(frozen=True, slots=True)
class PartnerStatus:
    """How the exchange with one partner stands. Sizes count entries."""

    relationship: str
    number: int
    own_role: Role
    partner: str  # its unified social credit code
    confirmed: bool
    paired: bool  # both parties' first entries are here
    fingerprint: str | None
    own_size: int
    sent: int
    held: int
    judged: int  # of what is held; less while the partner's latest entries wait for a newer version of this software
    heard: StoredReceipt | None  # the partner's latest receipt
    waiting_pages: int
    missing_from: int | None  # position that was asked for again
    conflict: bool
    behind: bool
    intake_stopped: bool
    wire_error: str
    concluded: Sizes | None = None  # at which sizes of the two journals rows stand
    agreed: Sizes | None = None  # the latest at which both gateways concluded the same
    difference: Difference | None = None  # where they conclude differently


def status_of(channel: Channel, wire_error: str) -> PartnerStatus:
    """Return how the exchange of a relationship stands; `wire_error` is what keeps records from travelling now."""
    return PartnerStatus(
        relationship=str(channel.relationship),
        number=channel.number,
        own_role=channel.own.role,
        partner=channel.relationship.party(channel.held.role),
        confirmed=channel.confirmed,
        paired=channel.is_paired,
        fingerprint=fingerprint_of(channel.stored),
        own_size=channel.own.size,
        sent=channel.sent,
        held=channel.held.size,
        judged=channel.held.judged,
        heard=channel.heard,
        waiting_pages=len(channel.waiting),
        missing_from=channel.gap.wanted,
        conflict=channel.conflict,
        behind=channel.behind,
        intake_stopped=channel.intake_stopped,
        wire_error=wire_error,
        concluded=channel.conclusions.latest,
        agreed=channel.conclusions.agreed,
        difference=channel.conclusions.difference,
    )
