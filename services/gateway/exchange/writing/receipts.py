"""A receipt: what this party holds and has judged of the partner's journal, and what it comes to (formats.md 4).

What is lost if the process dies before the commit: nothing; whoever starts next signs what is durable then.
"""

from datetime import datetime

from events.catalogue.registry import RULE_SET
from events.conclusions.total import Sizes
from events.encoding.moments import format_moment
from events.journal.receipt import Statement, make_receipt
from events.stored.journal import StoredReceipt
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.sending.leaving import LeavingReceipt


def may_sign(channel: Channel) -> bool:
    """Tell whether a receipt may be signed: after the pairing, of a whole store, of one history."""
    return not channel.conflict and not channel.behind and channel.confirmed and channel.own.size > 0


def sign_receipt(channel: Channel, at: datetime) -> tuple[StoredReceipt, LeavingReceipt]:
    """Sign what is held and judged now; return what is stored of it and what leaves after the commit."""
    own, held = channel.own, channel.held
    receipt = make_receipt(
        statement=Statement(
            origin=channel.own_origin,
            size=own.size,
            root=own.frontier.root(),
            partner_origin=channel.held_origin,
            held=held.size,
            judged=held.judged,
            rule_set=min(RULE_SET, channel.rule_set),
            conclusions=channel.conclusions.stated_at(Sizes.of(own.role, own.size, held.judged)),
        ),
        partner_note=held.note,
        posix_time=int(at.timestamp()),
        signer=channel.keys.journal_signer,
        cosigner=channel.keys.mirror_cosigner,
    )
    stored = StoredReceipt(
        own.role,
        own.size,
        held.size,
        held.judged,
        receipt.rule_set,
        receipt.checkpoint_note,
        receipt.statement_note,
        format_moment(at),
    )
    return stored, LeavingReceipt(receipt.encode(), own.size, held.judged)
