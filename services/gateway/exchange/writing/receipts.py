"""A receipt: what this party holds and has judged of the partner's journal, and what it comes to (formats.md 4).

With each heartbeat the latest checkpoint of a journal that grew is sealed (formats.md 7): the own one in the store, the
partner's in the receipts, which all carry its seal until the journal grows again.

What is lost if the process dies before the commit: nothing; whoever starts next signs what is durable then.
"""

from datetime import datetime

from events.catalogue.registry import RULE_SET
from events.conclusions.total import Sizes
from events.encoding.moments import format_moment
from events.journal.checkpoint import Checkpoint
from events.journal.receipt import Statement, make_receipt
from events.journal.seal import seal
from events.notes.note import SignatureLine, format_note, parse_note
from events.notes.signers import SealSigner
from events.stored.journal import StoredReceipt, StoredSeal
from services.gateway.exchange.channel import Channel, JournalState
from services.gateway.exchange.sending.leaving import LeavingReceipt
from services.gateway.ports.store import Writing


def may_sign(channel: Channel) -> bool:
    """Tell whether a receipt may be signed: after the pairing, of a whole store, of one history."""
    return not channel.conflict and not channel.behind and channel.confirmed and channel.own.size > 0


def seal_journals(channel: Channel, writing: Writing, at: datetime) -> None:
    """Seal the latest checkpoints of journals that grew: keep the own one, have receipts carry the partner's."""
    own, held, keys = channel.own, channel.held, channel.keys
    if _seal(own, channel.own_origin, keys.journal_seal, at):
        note = parse_note(own.note)
        sealed = format_note(note.text, (*note.signatures, *_seals(own)))
        writing.save_seal(channel.number, StoredSeal(own.size, sealed))
    _seal(held, channel.held_origin, keys.mirror_seal, at)


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
        seals=_seals(held),
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


def _seal(journal: JournalState, origin: str, signer: SealSigner, at: datetime) -> bool:
    """Seal a journal at its present size, once; tell whether that was done now."""
    if journal.size == journal.sealed[0]:
        return False
    checkpoint = Checkpoint(origin, journal.size, journal.frontier.root())
    journal.sealed = (journal.size, seal(checkpoint, signer, int(at.timestamp())))
    return True


def _seals(journal: JournalState) -> tuple[SignatureLine, ...]:
    """Return the seal of a journal's present size, if there is one."""
    size, line = journal.sealed
    return (line,) if line is not None and size == journal.size else ()
