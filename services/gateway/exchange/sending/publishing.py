"""Publish what is committed: requests, then pages in position order, then the receipt that states their size.

What is sent is handed over after its commit, or read from the store: what a transaction under way has changed in memory
may never come to be.

What is lost if the process dies here: nothing. The cursor begins again at what the partner's last receipt says it
holds; pages sent twice change nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from events.errors import EvidenceError
from events.journal.page import Page, check_page_signature
from events.journal.resend import make_resend
from events.journal.wire import WireRecord
from events.notes.vkey import VerifierKey
from events.stored.journal import StoredPage
from services.gateway.exchange.channel import Channel, GapState
from services.gateway.exchange.errors import StoreDamagedError
from services.gateway.exchange.remembering import check_whole
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Reading, Store
from services.gateway.ports.wire import Wire

MAX_PAGES = 16  # in one call of the wire
_IDLE_SECONDS = 1.0


@dataclass(slots=True)
class Publisher:
    """Sends one relationship's own journal, receipts and requests; one thread calls `step`."""

    channel_of: Callable[[], Channel]
    store: Store
    wire: Wire
    guard: ClockGuard
    reached: Reached = go_on
    now: Callable[[], float] = float  # seconds of a clock that only goes on, for the pause between receipts
    receipt_pause: float = 0.0  # seconds: receipts of a burst leave as one, the latest
    receipt_left: float = -inf  # when the last receipt left
    topic_ensured: bool = False
    was_lost: bool = False

    def step(self) -> bool:
        """Send the next part of what waits; tell whether there was anything.

        Raises:
            WireUnavailableError: it waits on; call again.
        """
        channel = self.channel_of()
        if not channel.confirmed:
            return False
        if not self.topic_ensured:
            self.wire.ensure_topic(channel.own_topic)
            self.topic_ensured = True
            self._greet_wire(channel)
        return (
            self._send_request(channel, channel.gap, channel.held_origin)  # small, and never behind a long backlog
            or self._send_request(channel, channel.lost, channel.own_origin)
            or self._send_pages(channel)
            or self._send_receipt(channel)
            or self._send_returned(channel)
        )

    def rest(self) -> float:
        """Return for how many seconds there is nothing to do unless something happens."""
        return (self._pause() if self.channel_of().receipt is not None else 0.0) or _IDLE_SECONDS

    def _pause(self) -> float:
        """Return how many seconds of the pause after the last receipt are left."""
        return max(0.0, self.receipt_left + self.receipt_pause - self.now())

    def lost_wire(self) -> None:
        """Look after the topic again before the next record: the wire may have forgotten it."""
        self.topic_ensured, self.was_lost = False, True

    def _greet_wire(self, channel: Channel) -> None:
        """Be impatient again about what is missing, once the wire is back (formats.md 4, re-sending)."""
        if self.was_lost:
            channel.gap.hurry()
            channel.lost.hurry()
            self.was_lost = False

    def _send_pages(self, channel: Channel) -> bool:
        start, leaving = channel.sent, channel.leaving
        if start >= leaving.size:
            return False
        pages = leaving.following(start, MAX_PAGES) or self._read(channel, start)
        if not pages:
            return False
        self.reached(Step.PAGES_READ)
        self._mark(channel, pages[-1].end, leaving.judged)
        self.wire.publish(channel.own_topic, [WireRecord("page", page.encode()) for page in pages])
        self.reached(Step.PAGES_PUBLISHED)
        channel.advance(start, pages[-1].end)
        self.reached(Step.PAGES_NOTED)
        return True

    def _read(self, channel: Channel, start: int) -> Sequence[Page]:
        with self.store.reading() as reading:
            pages = reading.pages_from(channel.number, channel.own.role, start, MAX_PAGES)
        return [self._page(channel, page) for page in pages]

    def _page(self, channel: Channel, page: StoredPage) -> Page:
        """Return a page as it was signed, from the notification log of the journal."""
        log = channel.journal.notification_log
        lines = tuple(line.state for line in log.select(page.first + 1, page.size - page.first))
        return _signed(Page(channel.own_origin, page.first, lines, page.note), channel.keys.party_keys.journal)

    def _send_receipt(self, channel: Channel) -> bool:
        receipt = channel.receipt
        if receipt is None or channel.sent < receipt.own_size or channel.behind or self._pause():
            return False
        self.receipt_left = self.now()
        self._mark(channel, receipt.own_size, receipt.judged)
        self.wire.publish(channel.own_topic, [WireRecord("receipt", receipt.value)])
        self.reached(Step.RECEIPT_PUBLISHED)
        if channel.receipt is receipt:
            channel.receipt = None
        self.reached(Step.RECEIPT_NOTED)
        return True

    def _send_request(self, channel: Channel, gap: GapState, origin: str) -> bool:
        """Ask for what is missing: pages of the partner's journal, or own ones that this store has lost."""
        if gap.wanted is None or gap.asked or self.guard.has_jumped:
            return False
        at = gap.time_to_ask(self.guard.wall())
        resend = make_resend(origin, gap.wanted, at, channel.keys.journal_signer)
        self.wire.publish(channel.own_topic, [WireRecord("resend", resend.encode())])
        self.reached(Step.REQUEST_PUBLISHED)
        gap.note_asked(at)
        return True

    def _send_returned(self, channel: Channel) -> bool:
        """Give pages of the partner's own journal back to it, which it has lost."""
        start = channel.returning
        if start is None:
            return False
        with self.store.reading() as reading:
            pages = reading.pages_from(channel.number, channel.held.role, start, MAX_PAGES)
            records = [WireRecord("returned", _held_page(reading, channel, page).encode()) for page in pages]
        if pages:
            self.wire.publish(channel.own_topic, records)
        if channel.returning == start:
            channel.returning = pages[-1].size if pages else None
        return bool(pages)

    def _mark(self, channel: Channel, own_size: int, judged: int) -> None:
        """Sync what is about to be said, beside the keys, before it leaves."""
        if channel.mark is not None and not channel.behind:
            channel.mark.advance(own_size, judged)


def _held_page(reading: Reading, channel: Channel, page: StoredPage) -> Page:
    entries = reading.entries(channel.number, channel.held.role, page.first, page.size - page.first)
    for entry in entries:
        check_whole(entry)
    lines = tuple(entry.line for entry in entries)
    return _signed(Page(channel.held_origin, page.first, lines, page.note), channel.partner_journal_key())


def _signed(page: Page, key: VerifierKey) -> Page:
    """Return a page if its checkpoint is still as it was signed."""
    try:
        check_page_signature(page, key)
    except EvidenceError as error:
        raise StoreDamagedError(f"the checkpoint at {page.end} of {page.origin}: {error.detail}") from error
    return page
