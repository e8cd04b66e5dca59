"""What a gateway holds in memory of one relationship; all of it can be read again from the store.

Only the writer changes a channel's journals, and only inside a transaction; after a transaction that failed the channel
is read again, so memory never runs ahead of what is durable.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from domain.judging.context import Context
from domain.judging.history import JournalView
from domain.judging.judge import Judge
from domain.judging.subjects import OPENED, fault_of_pairing
from domain.judging.versions import rule_set_of
from events.catalogue.registry import RULE_SET
from events.encoding.identifiers import Relationship, Role
from events.journal.page import MAX_PAGE_BYTES
from events.journal.tree import Frontier
from events.labels import Labeller
from events.notes.note import SignatureLine
from events.notes.vkey import VerifierKey
from events.pairing import Invitation, PartyKeys
from events.stored.journal import JournalClaims, StoredReceipt
from events.stored.relationship import StoredRelationship
from services.gateway.exchange.conclusions import Conclusions
from services.gateway.exchange.sending.leaving import LeavingPages, LeavingReceipt
from services.gateway.exchange.writing.own_journal import OwnJournal
from services.gateway.ports.keys import KeyRing
from services.gateway.ports.mark import Mark

MAX_WAITING_PAGES = 64  # pages buffered beyond a gap; what does not fit is asked for again
MAX_WAITING_BYTES = 32 * MAX_PAGE_BYTES
WaitingPages = dict[int, tuple[bytes, ...]]  # by where they begin, in the order in which they came
MAX_REFUSALS_A_DAY = 1_000  # beyond it intake stops and people are called (formats.md 6)
INTAKE_STOPPED = "intake.stopped"  # the alarm by which they are called
TWO_HISTORIES = "history.conflict"  # the alarm of two histories under one key
UPGRADE_REQUIRED = "upgrade.required"  # the alarm of pages that take another version of this software
MAX_PATIENCE = 60  # heartbeats between two requests for the same gap: five minutes at the default pace


@dataclass(slots=True)
class JournalState:
    """One journal as the writer knows it: its tree, its claims, and what judging needs of it."""

    role: Role
    view: JournalView
    frontier: Frontier
    claims: JournalClaims = field(default_factory=JournalClaims)
    telling: int = 0  # size up to its last entry that is neither a refusal nor `journal.taken`
    note: bytes = b""  # the checkpoint after its last page, as signed
    sealed: tuple[int, SignatureLine | None] = (0, None)  # the size that this party sealed last, and the line
    unjudged: int = 0  # entries at its end, of whole pages, that wait for another version of this software

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.frontier.size

    @property
    def judged(self) -> int:
        """Number of entries that were judged."""
        return self.size - self.unjudged


@dataclass(slots=True)
class GapState:
    """What is being asked for again, and how patiently (formats.md 4, re-sending)."""

    wanted: int | None = None  # position from which; None: nothing is missing
    asked: bool = False  # the request has left
    heartbeats_until_next: int = 0
    patience: int = 2  # heartbeats before asking again; doubles to five minutes
    root_mismatches: int = 0  # in succession: the second asks from 0
    asked_at: datetime | None = None  # the time that the latest request says

    def want(self, position: int) -> None:
        """Ask from a position on, unless that is asked already."""
        if self.wanted != position:
            self.wanted, self.asked, self.heartbeats_until_next, self.patience = position, False, 0, 2

    def close(self) -> None:
        """Forget the gap: what was missing came."""
        self.wanted, self.asked, self.patience, self.root_mismatches = None, False, 2, 0

    def end_at(self, size: int) -> None:
        """Forget a gap that begins where the journal ends, as its author says; a damaged page is asked for on."""
        if self.wanted == size and not self.root_mismatches:
            self.close()

    def mismatch(self, first: int) -> None:
        """Ask again for a page whose root is wrong: from where it begins, the second time in succession from 0."""
        self.root_mismatches += 1
        self.wanted = None
        self.want(first if self.root_mismatches == 1 else 0)

    def hurry(self) -> None:
        """Ask at once and with fresh patience: the wire was away and is there again."""
        self.asked, self.patience = False, 2

    def heartbeat(self) -> None:
        """Count a heartbeat; when patience ends, ask once more and be twice as patient."""
        if self.wanted is None or not self.asked:
            return
        self.heartbeats_until_next -= 1
        if self.heartbeats_until_next <= 0:
            self.asked = False

    def time_to_ask(self, now: datetime) -> datetime:
        """Return the time of the next request: later than the last, also when the clock was set back meanwhile."""
        return now if self.asked_at is None else max(now, self.asked_at + timedelta(microseconds=1))

    def note_asked(self, at: datetime) -> None:
        """Note that the request left, and the time it says."""
        self.asked, self.asked_at = True, at
        self.heartbeats_until_next = self.patience
        self.patience = min(2 * self.patience, MAX_PATIENCE)


@dataclass(slots=True)
class LossState:
    """For how long the partner has been holding less than was sent.

    Receipts also follow each page, so two of them say little: what was sent may still be on its way, or wait behind
    what is read. A heartbeat must lie between, and twice as many after each time that sending again did not help.
    """

    sent: int = 0  # what was sent when its held size was first shown
    since: datetime | None = None  # when that was, or when it was sent again
    patience: float = 0.8  # heartbeats: they come a little early or late

    def begin(self, sent: int, at: datetime) -> None:
        """Note that the partner holds more than before, or all that was sent."""
        self.sent, self.since, self.patience = sent, at, 0.8

    def lasts(self, at: datetime, heartbeat: timedelta) -> bool:
        """Tell whether that lasts too long; if so, it begins again."""
        if self.since is not None and at - self.since < self.patience * heartbeat:
            return False
        self.since, self.patience = at, min(2 * self.patience, MAX_PATIENCE)
        return True


@dataclass(slots=True)
class Channel:
    """One relationship in memory."""

    stored: StoredRelationship
    keys: KeyRing
    partner: PartyKeys | None
    labeller: Labeller | None
    journal: OwnJournal
    judge: Judge
    own: JournalState
    held: JournalState
    conflict: bool = False  # two histories under the partner's key: receipts end until people resolve it
    mark: Mark | None = None
    signed: int = 0  # size of the own journal that was signed once: a store that has less is behind
    judged: int = 0  # size of the partner's journal that was judged once
    lost: GapState = field(default_factory=GapState)  # own entries that the partner is asked to return
    returned: dict[int, bytes] = field(default_factory=dict)  # own pages that came back and wait, by first
    returning: int | None = None  # from here on the partner's own pages go back to it
    intake_stopped: bool = False  # too many entries were refused today: no page is taken in until tomorrow (UTC)
    refusals: tuple[date, int] = (date.min, 0)  # the last day on which entries were refused, and how many
    waiting: WaitingPages = field(default_factory=dict)  # beyond a gap or a missing receipt
    gap: GapState = field(default_factory=GapState)
    sent: int = 0  # size of the own journal that is on the wire, as far as known
    heard: StoredReceipt | None = None  # the partner's latest receipt
    loss: LossState = field(default_factory=LossState)
    heartbeat: timedelta = timedelta(seconds=5)  # between two of them
    resend_times: dict[str, str] = field(default_factory=dict)  # by origin wanted: of the latest that was followed
    resent_at: dict[str, datetime] = field(default_factory=dict)  # when that was, by this gateway's clock
    lock: Lock = field(default_factory=Lock)  # of the send cursor
    leaving: LeavingPages = field(default_factory=LeavingPages)
    receipt: LeavingReceipt | None = None  # the latest receipt of mine that is committed and has not left yet
    conclusions: Conclusions = field(default_factory=Conclusions)
    unreadable: tuple[str, ...] = ()  # types of accepted entries that this software does not know: a newer one ran here
    stopped: str = ""  # where and why judging stopped, as far as it was tried since the start

    @property
    def number(self) -> int:
        """The relationship's number in the store."""
        return self.stored.number

    @property
    def relationship(self) -> Relationship:
        """The relationship's name."""
        return self.stored.relationship

    @property
    def confirmed(self) -> bool:
        """Whether this side's own person confirmed the pairing."""
        return self.stored.confirmed_at is not None

    @property
    def behind(self) -> bool:
        """Whether this store lacks entries that stand under this party's signature: it signs nothing but requests."""
        return self.own.size < self.signed or self.held.judged < self.judged

    @property
    def too_old(self) -> str:
        """Why this software can decide and judge nothing in this relationship; empty when it can."""
        if self.unreadable:
            return f"a newer version accepted {', '.join(self.unreadable)} here"
        if self.rule_set <= RULE_SET:
            return ""
        return f"both announced rule set {self.rule_set}; this version has {RULE_SET}"

    @property
    def rule_set(self) -> int:
        """The rule set by which this relationship is judged now, perhaps beyond this software."""
        return rule_set_of(Context(self.own.role, self.own.size, self.held.judged, self.judge.views))

    @property
    def fault_of_pairing(self) -> str | None:
        """Why nothing can be said in this relationship yet, or ever; None once both parties' entries 0 stand here."""
        return fault_of_pairing(self.own.view.standing(OPENED), self.held.view.standing(OPENED))

    @property
    def is_paired(self) -> bool:
        """Whether both parties' first entries stand here and name the same keys."""
        return self.fault_of_pairing is None

    @property
    def own_origin(self) -> str:
        """The journal this gateway writes."""
        return self.relationship.origin(self.own.role)

    @property
    def held_origin(self) -> str:
        """The journal this gateway holds for the partner."""
        return self.relationship.origin(self.held.role)

    @property
    def own_topic(self) -> str:
        """The topic this gateway writes."""
        return self.relationship.topic(self.own.role)

    @property
    def partner_topic(self) -> str:
        """The topic this gateway reads."""
        return self.relationship.topic(self.held.role)

    @property
    def unsent(self) -> int:
        """Number of own entries that the partner has not said to hold."""
        return self.own.size - (0 if self.heard is None else min(self.heard.held, self.own.size))

    def rewind(self, position: int) -> None:
        """Send the own journal again from a position on, if it was sent."""
        with self.lock:
            self.sent = min(self.sent, position)

    def advance(self, start: int, end: int) -> None:
        """Note that pages from `start` to `end` are on the wire, unless the cursor was moved back meanwhile."""
        with self.lock:
            if self.sent == start:
                self.sent = end

    def rewind_if_lost(self, receipt: StoredReceipt, at: datetime) -> None:
        """Send again when two heartbeats show the same held size, below what was sent before the first."""
        last = self.heard
        if last is None or last.held != receipt.held or receipt.held >= self.loss.sent:
            self.loss.begin(self.sent, at)
        elif self.loss.lasts(at, self.heartbeat):
            self.rewind(receipt.held)

    def ask_while_behind(self) -> None:
        """Ask for entries of the partner while this store is known to have lost something.

        Where both stores were restored neither signs a receipt, so nothing else would ever tell what is missing.
        """
        if self.behind:
            self.gap.want(self.held.size)

    def keep_wire_state(self, before: "Channel") -> None:
        """Take over from the channel as it was what the store does not know: cursor, requests, patience."""
        self.sent = min(before.sent, self.own.size)
        self.lost, self.returning = before.lost, before.returning
        self.resend_times, self.resent_at = before.resend_times, before.resent_at
        self.gap = before.gap

    def state_of(self, role: Role) -> JournalState:
        """Return the journal of a role."""
        return self.own if role is self.own.role else self.held

    def partner_journal_key(self) -> VerifierKey:
        """Return the key that signs the partner's journal.

        Raises:
            RuntimeError: no invitation was accepted yet; nothing is read before that.
        """
        if self.partner is None:
            raise RuntimeError("the partner's keys are not known before its invitation is accepted")
        return self.partner.journal


def invitation_keys(invitation: bytes | None) -> PartyKeys | None:
    """Return the keys of an invitation file, None without one."""
    return None if invitation is None else Invitation.parse(invitation).party_keys
