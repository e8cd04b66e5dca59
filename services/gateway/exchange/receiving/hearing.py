"""What the partner says of the own journal: receipts, and requests to send again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from events.conclusions.total import Sizes
from events.encoding.moments import format_moment
from events.errors import PageError, ReceiptError
from events.journal.receipt import Receipt, held_checkpoint, parse_receipt, verify_receipt
from events.journal.resend import parse_resend, verify_resend
from events.journal.tree import root_at
from events.notes.note import parse_note
from events.notes.signers import verify_cosignature
from events.notes.vkey import VerifierKey
from events.stored.journal import StoredReceipt
from services.gateway.exchange.channel import Channel, JournalState
from services.gateway.exchange.loading import CONFLICT, StoredTiles
from services.gateway.exchange.receiving.recovering import Recovery
from services.gateway.ports.steps import Reached, Step
from services.gateway.ports.store import Writing

MAX_SKEW_SECONDS = 30
MIN_RESEND_SECONDS = 1  # between two requests that are followed, so that a storm of them moves little


@dataclass(frozen=True, slots=True)
class Hearing:
    """Takes in receipts and requests for one relationship within one transaction."""

    channel: Channel
    writing: Writing
    recovery: Recovery
    at: datetime
    alarm: Callable[[str, str], None]
    reached: Reached

    def take_receipt(self, value: bytes) -> Receipt:
        """Believe and keep a receipt; one that shows own entries which this store lacks stops signing.

        The same receipt once more is no news: it makes the partner no less silent, and is no second heartbeat.

        Raises:
            ReceiptError: it is malformed, or not signed by the keys that it should be signed by.
            PageError: `page.history_conflict`: it shows another history of one of the two journals.
        """
        channel, partner = self.channel, self.channel.partner
        receipt = parse_receipt(value, channel.held_origin, channel.own_origin)
        if partner is None:
            raise ReceiptError("receipt.signature_invalid", "the partner's keys are not known")
        own_journal = channel.keys.party_keys.journal
        cosigned = verify_receipt(receipt, partner.journal, partner.mirror, own_journal, partner.mirror_seal)
        self._refuse_other_histories(receipt)
        if self._is_repeat(receipt, cosigned, partner.mirror):
            return receipt
        if receipt.held > channel.own.size:
            channel.signed = max(channel.signed, receipt.held)
            self.recovery.ask()
            self.alarm("store.behind", f"the partner holds {receipt.held} own entries, this store {channel.own.size}")
        if cosigned is not None and self._is_skewed(cosigned):
            self.alarm("clock.skewed", "the partner's clock is more than 30 s away from this one")
        self._hear(receipt)
        channel.conclusions.hear(Sizes.of(channel.held.role, receipt.size, receipt.judged), receipt.conclusions)
        self.reached(Step.RECEIPT_TAKEN)
        return receipt

    def take_resend(self, value: bytes) -> None:
        """Send again from where the partner asks, or give back what it has lost of its own journal.

        Raises:
            ResendError: it is malformed or not signed by the partner.
        """
        channel, resend = self.channel, parse_resend(value)
        verify_resend(resend, channel.partner_journal_key())
        if resend.time <= channel.resend_times.get(resend.origin_wanted, "") or self._is_too_soon(resend.origin_wanted):
            return
        if resend.origin_wanted == channel.own_origin:
            channel.rewind(resend.first)
        elif resend.origin_wanted == channel.held_origin:
            channel.returning = resend.first
        else:
            return
        # a partner whose clock ran ahead is heard again once it is right: no time later than now is remembered
        channel.resend_times[resend.origin_wanted] = min(resend.time, format_moment(self.at))
        channel.resent_at[resend.origin_wanted] = self.at

    def _is_too_soon(self, origin: str) -> bool:
        """Tell whether a request was followed just now: whoever needs it asks again after two heartbeats."""
        last = self.channel.resent_at.get(origin)
        return last is not None and abs((self.at - last).total_seconds()) < MIN_RESEND_SECONDS

    def _is_repeat(self, receipt: Receipt, cosigned: int | None, mirror: VerifierKey) -> bool:
        """Tell whether a receipt is no news: it says what the last one says, and was not cosigned after it.

        Only the cosignature tells two heartbeats apart: whoever carries a receipt can add lines to it, and send old
        ones again. One cosigned earlier than the last counts if it is of this moment: its author's clock was set right.
        """
        last = self.channel.heard
        if last is None or cosigned is None or _said(receipt) != _said(last):
            return False
        note = parse_note(last.checkpoint_note)
        before = max((verify_cosignature(note.text, line, mirror) for line in note.lines_by(mirror)), default=-1)
        return cosigned == before or (cosigned < before and self._is_skewed(cosigned))

    def _is_skewed(self, cosigned: int) -> bool:
        return abs(cosigned - self.at.timestamp()) > MAX_SKEW_SECONDS

    def _refuse_other_histories(self, receipt: Receipt) -> None:
        """Compare both roots that a receipt states with the two journals, as far as they reach here."""
        own, held = self.channel.own, self.channel.held
        stated = [(held, receipt.size, receipt.root)]
        checkpoint = held_checkpoint(receipt)
        if checkpoint is not None:
            stated.append((own, checkpoint.size, checkpoint.root))
        for journal, size, root in stated:
            if size <= journal.size and self._root_of(journal, size) != root:
                raise PageError(CONFLICT, f"a receipt shows another root of {journal.role.value} at size {size}")

    def _root_of(self, journal: JournalState, size: int) -> bytes:
        if size == journal.size:
            return journal.frontier.root()
        return root_at(size, StoredTiles(self.writing, self.channel.number, journal.role))

    def _hear(self, receipt: Receipt) -> None:
        """Take over what a receipt says, unless a later one is known; send again what was lost twice."""
        channel, last = self.channel, self.channel.heard
        stored = StoredReceipt(
            author=channel.held.role,
            size=receipt.size,
            held=receipt.held,
            judged=receipt.judged,
            rule_set=receipt.rule_set,
            checkpoint_note=receipt.checkpoint_note,
            statement_note=receipt.statement_note,
            at=format_moment(self.at),
        )
        if last is not None and _said(receipt) < _said(last):
            return
        self.writing.save_receipt(channel.number, stored)
        channel.rewind_if_lost(stored, self.at)
        channel.heard = stored


def _said(receipt: Receipt | StoredReceipt) -> tuple[int, int, int]:
    """Return what of a receipt only grows."""
    return receipt.size, receipt.held, receipt.judged
