"""What a gateway holds in memory of one relationship; all of it can be read again from the store.

Only the writer changes a channel's journals, and only inside a transaction; after a transaction that failed the channel
is read again, so memory never runs ahead of what is durable.
"""

from dataclasses import dataclass, field
from datetime import date

from domain.judging.history import JournalView
from events.encoding.identifiers import Relationship, Role
from events.journal.page import MAX_PAGE_BYTES
from events.journal.tree import Frontier
from events.labels import Labeller
from events.notes.vkey import VerifierKey
from events.pairing import Invitation, PartyKeys
from events.stored.journal import StoredReceipt
from events.stored.relationship import StoredRelationship
from services.gateway.ports.keys import KeyRing

MAX_WAITING_PAGES = 64  # pages buffered beyond a gap; what does not fit is asked for again
MAX_WAITING_BYTES = 32 * MAX_PAGE_BYTES
MAX_REFUSALS_A_DAY = 1_000  # beyond it intake stops and people are called (formats.md 6)


@dataclass(slots=True)
class JournalState:
    """One journal as the writer knows it: its tree, its claims, and what judging needs of it."""

    role: Role
    view: JournalView
    frontier: Frontier
    order_seen: int = 0  # largest `seen` of accepted entries: the key of the one order for the MAH's entries
    telling: int = 0  # size up to its last entry that is neither a refusal nor `journal.taken`

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.frontier.size


@dataclass(slots=True)
class GapState:
    """What is being asked for again, and how patiently (formats.md 4, re-sending)."""

    wanted: int | None = None  # position from which; None: nothing is missing
    heartbeats_until_next: int = 0
    patience: int = 2  # heartbeats before asking again; doubles to five minutes
    root_mismatches: int = 0  # in succession: the second asks from 0


@dataclass(slots=True)
class Channel:
    """One relationship in memory."""

    stored: StoredRelationship
    keys: KeyRing
    partner: PartyKeys | None
    labeller: Labeller | None
    own: JournalState
    held: JournalState
    conflict: bool = False  # two histories under the partner's key: receipts end until people resolve it
    behind: bool = False  # the partner showed my signature on entries I do not have: nothing is signed
    intake_stopped: bool = False
    refusals: tuple[date, int] = (date.min, 0)
    waiting: dict[int, bytes] = field(default_factory=dict)  # pages beyond a gap or a missing receipt, by first
    gap: GapState = field(default_factory=GapState)
    sent: int = 0  # size of the own journal that is on the wire, as far as known
    heard: StoredReceipt | None = None  # the partner's latest receipt
    heard_sent: int = 0  # what was sent when it came
    resend_time: str = ""  # time of the latest resend that was followed
    issued: tuple[int, int] = (-1, -1)  # (held, sent) of the latest receipt of mine

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
