"""What this gateway asks before it decides a command: a pairing, room in the outbox, fresh news of the partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.agreement.in_force import agreements_in, policies_at
from domain.judging.context import Context
from domain.matters import GATED
from events.catalogue.registry import Kind, event_type
from events.encoding.moments import parse_moment
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.errors import (
    NotPairedYetError,
    OutboxFullError,
    PartnerSilentError,
    SigningStoppedError,
    UpgradeRequiredError,
)
from services.gateway.exchange.jobs import CommandJob

_OTHERS = frozenset(
    {
        "agreement.activated.v1",
        "communication_list.activated.v1",
        "deviation.closed.v1",
        "regulatory_measure.ended.v1",
        "lot.allocated.v1",
        "batch_review.item_concluded.v1",
    }
)

GUARDED_ACTS = _OTHERS | {each.name for each in map(event_type, GATED) if each is not None and each.kind is Kind.ACT}
"""Acts behind a gate: they rest on what the partner said last. Those that it may overtake are among them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of what this gateway keeps.

    `outbox`: own entries that may wait for the partner before commands are refused. `heartbeat_seconds`: between two
    heartbeats. `refusals`: traces of refused commands that are kept of each relationship, the newest.
    """

    outbox: int = 1_000_000
    heartbeat_seconds: float = 5.0
    refusals: int = 100_000


def admit_command(job: CommandJob, channel: Channel, limits: Limits) -> None:
    """Ask that this gateway may write for this relationship now.

    Raises:
        SigningStoppedError: the store lacks entries that the partner has seen under this gateway's signature.
        UpgradeRequiredError: what was accepted here, or the rule set, is beyond this software.
        NotPairedYetError: the pairing is not complete.
        OutboxFullError: too many entries wait for the partner.
    """
    if channel.behind:
        raise SigningStoppedError("the partner holds own entries that this store has lost; try: restore a newer backup")
    if channel.too_old:
        raise UpgradeRequiredError(f"{channel.too_old}; try: the newer version of this software")
    if job.needs_partner and not channel.is_paired:
        raise NotPairedYetError("both parties confirm the pairing first; try: counterfoil partner status")
    if job.guarded and channel.unsent >= limits.outbox:
        raise OutboxFullError(f"{channel.unsent} entries wait for the partner already")


def admit_acts(types: Sequence[str], channel: Channel, context: Context, at: datetime) -> None:
    """Ask for fresh news of the partner before a guarded act (formats.md 6, policy `partner.max_silence`).

    Raises:
        UpgradeRequiredError: the partner's latest entries wait to be judged.
        PartnerSilentError: its last receipt is too old.
    """
    if GUARDED_ACTS.isdisjoint(types):
        return
    if channel.held.unjudged:
        waiting = f"{channel.held.unjudged} entries of the partner wait for a newer version of this software"
        raise UpgradeRequiredError(f"{waiting}; try: upgrade this gateway")
    patience = _max_silence(context, at)
    heard = None if channel.heard is None else parse_moment(channel.heard.at)
    if heard is None or at - heard > patience:
        raise PartnerSilentError(f"no receipt of the partner within {patience}; try again once it is heard")


def _max_silence(context: Context, at: datetime) -> timedelta:
    return timedelta(hours=policies_at(agreements_in(context), at).partner_max_silence_hours)
