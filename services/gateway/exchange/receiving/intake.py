"""Taking in what the partner sent: pages, receipts and requests, in the order in which the wire brought them.

A page is believed after these steps (formats.md 5); nothing of one that fails 1 to 4 gets into the journal:

1. size, framing, origin, one signature line
2. the checkpoint's signature, by the key in force at the page's first entry
3. its place: a repeat, a second history, an overlap, a gap, or the next page
4. the root, recomputed from what is held and the new heads
5. each entry by itself, and 6. in its context: `domain.judging.judge`
7. one transaction: page, position, refusals, and whatever must react
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from domain.judging.judge import Arrival, Judged, read_line
from events.encoding.moments import format_moment
from events.errors import PageError, ReceiptError, ResendError
from events.journal.page import Page, check_page_signature, parse_page
from events.journal.receipt import Receipt, held_checkpoint
from events.journal.tree import MissingHashError, root_at
from events.stored.intake import Quarantined
from events.stored.journal import StoredPage
from events.stored.relationship import WireCursor
from services.gateway.exchange.channel import (
    TWO_HISTORIES,
    UPGRADE_REQUIRED,
    Channel,
)
from services.gateway.exchange.loading import CONFLICT, StoredTiles
from services.gateway.exchange.receiving.contradicting import contradictions, is_other_history, receipt_bytes
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.hearing import Hearing
from services.gateway.exchange.receiving.judging import PartnersPages
from services.gateway.exchange.receiving.reacting import react
from services.gateway.exchange.receiving.recovering import Recovery, unanswered
from services.gateway.exchange.receiving.waiting import has_room, held_pages
from services.gateway.exchange.writing.authoring import Authoring, LocalSequence
from services.gateway.exchange.writing.pages import completed_nodes
from services.gateway.ports.alarms import Alarm
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Writing

_LATER = frozenset({"want", "blob", "revoked"})  # known kinds that this version does not act on


@dataclass(slots=True)
class Intake:
    """Takes in records for one relationship within one transaction."""

    channel: Channel
    writing: Writing
    gathering: Gathering
    authoring: Authoring
    sequence: LocalSequence
    at: datetime
    reached: Reached = go_on
    alarms: list[Alarm] = field(default_factory=list)
    owes_receipt: bool = False
    settled: list[str] = field(default_factory=list)  # codes of alarms whose cause is gone
    was_behind: bool = False  # in this transaction: what was taken in before is answered first, all of it at the end
    judging: PartnersPages = field(init=False)
    recovery: Recovery = field(init=False)
    hearing: Hearing = field(init=False)

    def __post_init__(self) -> None:
        self.judging = PartnersPages(self.channel, self.gathering, self.authoring, self.sequence)
        self.recovery = Recovery(self.channel, self.writing, self.gathering, self.sequence)
        self.hearing = Hearing(self.channel, self.writing, self.recovery, self.at, self._alarm, self.reached)

    def take(self, records: Sequence[tuple[str, bytes]], cursor: WireCursor) -> None:
        """Take in records and keep how far the topic was read."""
        waiting = dict(self.channel.waiting)
        self.was_behind = self.channel.behind
        self.recovery.ask()
        for kind, value in records:
            self._take_one(kind, value)
        if self.was_behind and not self.channel.behind:
            self._end_recovery()
        if waiting != self.channel.waiting:
            self.writing.save_held_pages(self.channel.number, held_pages(self.channel.waiting))
        self.writing.save_wire_cursor(self.channel.number, cursor)
        self.reached(Step.POSITION_KEPT)

    def catch_up(self) -> None:
        """Judge what waited for this version of the software, and say what of it is refused."""
        was_behind = self.channel.behind
        judged = self.judging.catch_up(self.writing)
        if not judged:
            return
        self.owes_receipt = True
        if not self.channel.held.unjudged:
            self.settled.append(UPGRADE_REQUIRED)
        if was_behind and not self.channel.behind:
            self._end_recovery()
        elif not was_behind:
            self._react(judged)

    def _take_one(self, kind: str, value: bytes) -> None:
        try:
            if kind == "page":
                self._take_page_if_open(value)
            elif kind == "receipt":
                self._take_receipt(value)
            elif kind == "resend":
                self.hearing.take_resend(value)
            elif kind == "returned":
                self._take_returned(value)
            elif kind not in _LATER:
                self._set_aside(kind, value, "page.malformed", "a record of no known kind")
        except (PageError, ReceiptError, ResendError) as error:
            is_proof = error.code == CONFLICT and not self.channel.conflict
            if error.code == CONFLICT:
                self._end_receipts(error.detail)
            self._set_aside(kind, value, error.code, error.detail, always=is_proof)

    # Pages

    def _take_page_if_open(self, value: bytes) -> None:
        """Take a page in, unless too many entries were refused today; what is left out is asked for again later."""
        if not self.channel.intake_stopped:
            self._take_page(value)

    def _take_page(self, value: bytes) -> None:
        # 1. Size, framing, origin, one signature line.
        page = parse_page(value, self.channel.held_origin)
        # 2. The checkpoint's signature.
        check_page_signature(page, self.channel.partner_journal_key())
        self.reached(Step.PAGE_VERIFIED)
        # 3. Its place.
        held = self.channel.held.size
        if page.end <= held:
            self._compare(page)
        elif page.first > held:
            self._buffer(page, value)
            self.channel.gap.want(held)
        elif page.first < held:
            self.channel.gap.want(held)
            raise PageError("page.overlap", f"from {page.first} to {page.end}, where {held} entries are held")
        else:
            self._take_next(page, value)

    def _take_next(self, page: Page, value: bytes) -> None:
        arrivals = list(map(read_line, page.lines))
        if self._claims_too_much(page, arrivals):
            self._buffer(page, value)
            return
        self._accept(page, arrivals)
        self._take_buffered()

    def _compare(self, page: Page) -> None:
        """Compare a page with what is held: the same root is a repeat, another one a second history under one key."""
        held = StoredTiles(self.writing, self.channel.number, self.channel.held.role)
        try:
            root = root_at(page.end, held)
        except MissingHashError as error:  # the pages of this very transaction are written already: a broken store
            raise RuntimeError("the store lacks hashes of what it holds") from error
        if root == page.checkpoint.root:
            self.owes_receipt = True
            return
        raise PageError(CONFLICT, f"another root at size {page.end} than the one held")

    def _buffer(self, page: Page, value: bytes) -> None:
        waiting = self.channel.waiting
        for other in (others := waiting.get(page.first, ())):
            if is_other_history(page, other):
                detail = f"two pages that wait have other roots at size {page.end}"
                self._set_aside("page", other, CONFLICT, detail, always=not self.channel.conflict)
                raise PageError(CONFLICT, detail)
        if value in others:
            return
        if has_room(waiting, page.first, value):
            waiting[page.first] = (*others, value)
        elif others:
            self._set_aside("page", value, "page.root_mismatch", "another with its checkpoint waits; there is no room")

    def _take_buffered(self) -> None:
        """Take the page that waited for this one, which takes the next in turn; compare what came otherwise."""
        waiting, held = self.channel.waiting, self.channel.held
        if held.size in waiting:
            self._take_waiting()
            return
        for first in sorted(first for first in waiting if first < held.size):
            for value in waiting.pop(first):
                self._take_one("page", value)
        if waiting:
            self.channel.gap.want(held.size)
        elif (self.channel.gap.wanted or 0) < held.size:
            self.channel.gap.close()

    def _take_waiting(self) -> None:
        """Take what waits at the journal's end: the first page that fits; one beside it is damaged."""
        size = self.channel.held.size
        for value in self.channel.waiting.pop(size):
            if self.channel.held.size == size:
                self._take_one("page", value)
            else:
                self._set_aside("page", value, "page.root_mismatch", "it waited beside the page that fits")

    def _claims_too_much(self, page: Page, arrivals: Sequence[Arrival]) -> bool:
        """Tell whether a page waits: it has seen more of us than there is.

        It waits for the partner's next receipt, and then for all own entries that this store is known to have lost.
        """
        seen = max(0 if each.head is None else each.head.seen for each in arrivals)
        if seen <= self.authoring.size:
            return False
        heard = self.channel.heard
        return heard is None or heard.size < page.end or self.channel.own.size < self.channel.signed

    def _accept(self, page: Page, arrivals: Sequence[Arrival]) -> None:
        held = self.channel.held
        # 4. The root.
        frontier = held.frontier.copy()
        frontier.extend(each.leaf for each in arrivals)
        if frontier.root() != page.checkpoint.root:
            self.channel.gap.mismatch(page.first)
            raise PageError("page.root_mismatch", f"the root at {page.end} is not that of what is held and these heads")
        self.channel.gap.root_mismatches = 0
        # 5 and 6. Each entry.
        judged = self.judging.judge(page.first, arrivals)
        self.reached(Step.PAGE_JUDGED)
        # 7. Page, position, refusals, reactions.
        entries = self.judging.rows(judged, page.first, arrivals)
        stored = StoredPage(held.role, page.first, page.end, page.note, entries[-1].sequence)
        nodes = completed_nodes(frontier, held.role)
        self.writing.append(self.channel.number, entries, [stored], nodes, held.claims)
        self.reached(Step.PAGE_WRITTEN)
        held.frontier, held.note = frontier, page.note
        self.authoring.judged.extend(each.past for each in judged)
        held.unjudged += len(arrivals) - len(judged)
        self._compare_with_receipt(page, arrivals)
        self.owes_receipt = True
        self.was_behind |= self.channel.behind
        self.recovery.fit()
        if not self.was_behind:
            self._react(judged)
        self.reached(Step.PAGE_ANSWERED)

    def _compare_with_receipt(self, page: Page, arrivals: Sequence[Arrival]) -> None:
        """Keep the partner's last receipt as proof where this page, which is taken in, contradicts it."""
        heard, number = self.channel.heard, self.channel.number
        if heard is None:
            return
        tree = StoredTiles(self.writing, number, self.channel.held.role)
        for code, detail in contradictions(heard, page, arrivals, tree):
            is_proof = not self.writing.has_quarantined(number, code)
            if code == CONFLICT:
                self._end_receipts(detail)
            self._set_aside("receipt", receipt_bytes(heard), code, detail, always=is_proof)

    def _take_receipt(self, value: bytes) -> None:
        receipt, size = self.hearing.take_receipt(value), self.channel.held.size
        if receipt.size > size and size not in self.channel.waiting:
            self.channel.gap.want(size)
        elif self.channel.waiting:
            self._release(receipt)
        elif receipt.size == size:
            self.channel.gap.end_at(size)

    def _release(self, receipt: Receipt) -> None:
        """Judge a page that claimed to have seen too much, now that its author's receipt lies beyond it."""
        checkpoint = held_checkpoint(receipt)
        claims_more = checkpoint is not None and checkpoint.size > self.channel.own.size
        if self.channel.held.size in self.channel.waiting and not claims_more:
            self._take_waiting()

    # What this store has lost

    def _take_returned(self, value: bytes) -> None:
        if self.channel.behind:
            self.recovery.take(value)
            if self.recovery.fit():
                self._take_buffered()

    def _end_recovery(self) -> None:
        """Sign again: answer what nobody had answered before the store was restored."""
        unanswered(self.channel, self.writing, self.gathering, self._react)
        self.owes_receipt = True
        self.settled.append("store.behind")

    def _react(self, judged: Sequence[Judged]) -> None:
        self.alarms.extend(react(judged, self.channel, self.authoring, self.at))

    # What is set aside

    def _end_receipts(self, detail: str) -> None:
        """Two histories under one key: no receipt is signed until people resolve it."""
        self.channel.conflict = True
        self._alarm(TWO_HISTORIES, detail)

    def _set_aside(self, kind: str, value: bytes, code: str, detail: str, *, always: bool = False) -> None:
        aside = Quarantined(0, kind or "unknown", code, detail, sha256(value).digest(), value, format_moment(self.at))
        self.writing.quarantine_bytes(self.channel.number, aside, always=always)
        self._alarm("quarantine", f"{code}: {detail}")

    def _alarm(self, code: str, detail: str) -> None:
        self.alarms.append(Alarm(code, str(self.channel.relationship), detail, format_moment(self.at)))
