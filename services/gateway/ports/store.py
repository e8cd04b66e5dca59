"""The store: the only truth of a gateway (design.md, idea 5).

Trust: only the writer thread of the one gateway process that holds the store's lock may write journals; whoever else
could write here could stop this gateway, yet could forge nothing, for every entry stands under a signed root.
`relationship` is the number of a `StoredRelationship` throughout.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from events.encoding.identifiers import Role
from events.stored.access import StoredSigningSecret, StoredToken
from events.stored.intake import ExternalNumber, Quarantined, RefusedCommand, RememberedAnswer
from events.stored.journal import JournalClaims, StoredEntry, StoredPage, StoredReceipt, StoredSeal, TreeNode
from events.stored.relationship import HeldPage, StoredRelationship, WireCursor


class JournalReading(Protocol):
    """Questions about the two journals of a relationship."""

    def last_page(self, relationship: int, role: Role) -> StoredPage | None:
        """Return the latest committed page of a journal; its `size` is the journal's size."""

    def page_at(self, relationship: int, role: Role, first: int) -> StoredPage | None:
        """Return the page that starts at a position."""

    def page_ending(self, relationship: int, role: Role, size: int) -> StoredPage | None:
        """Return the page whose checkpoint has exactly this size."""

    def pages_from(self, relationship: int, role: Role, position: int, limit: int) -> Sequence[StoredPage]:
        """Return pages that hold this position or come after it, in order."""

    def entries(self, relationship: int, role: Role, start: int, limit: int) -> Sequence[StoredEntry]:
        """Return entries by position."""

    def entries_at(self, relationship: int, role: Role, positions: Collection[int]) -> Sequence[StoredEntry]:
        """Return the entries at these positions, as many as exist."""

    def entry_by_id(self, event_id: str) -> Sequence[tuple[int, StoredEntry]]:
        """Return (relationship, entry) of every entry with this id; crossed copies may give two."""

    def histories(
        self, relationship: int, role: Role, subjects: Collection[str], known: range = range(0)
    ) -> Mapping[str, Sequence[StoredEntry]]:
        """Return all entries of each subject in a journal, refused ones included, by position.

        Those at the positions `known` are left out.
        """

    def subjects_of_batches(
        self, relationship: int, role: Role, numbers: Collection[str]
    ) -> Mapping[str, Sequence[str]]:
        """Return the subjects of a journal that accepted entries label with each of these batch numbers, sorted.

        The numbers are as they are read.
        """

    def subject_of_kind(self, relationship: int, role: Role, kind: str) -> str | None:
        """Return a subject of this kind that an accepted entry of a journal is about, None without one."""

    def last_revision(self, relationship: int, role: Role, subject: str) -> int:
        """Return the largest revision that a subject has used up, 0 when none."""

    def known_ids(self, relationship: int, role: Role, ids: Collection[str]) -> Mapping[str, int]:
        """Return the position of each of these ids among the accepted entries of a journal."""

    def standing(self, relationship: int, role: Role) -> Sequence[StoredEntry]:
        """Return all entries of the kinds relationship, journal, agreement(_review), communication_list(_review).

        `journal.taken.v1` is left out. By position, refused ones included.
        """

    def claims(self, relationship: int, role: Role) -> JournalClaims:
        """Return the claims of a journal as its last append stated them."""

    def tile(self, relationship: int, role: Role, level: int, index: int) -> Sequence[bytes]:
        """Return the hashes of a tile (events.journal.tree.HashReader): level 0 are leaves."""

    def since(self, sequence: int, limit: int, relationship: int | None = None) -> Sequence[tuple[int, StoredEntry]]:
        """Return (relationship, entry) of entries with a larger local sequence, in its order; of one, or of all."""

    def naming_files(self, sequence: int, limit: int) -> Sequence[tuple[int, StoredEntry]]:
        """Return (relationship, entry) of accepted entries with a larger local sequence that may name files.

        They are all that hold the text `"sha256":` anywhere in their body, in the order of the local sequence.
        """

    def seen_steps(self, relationship: int, role: Role) -> Sequence[tuple[int, str, int]]:
        """Return (seen, time, local sequence) of each accepted entry that has seen more than all before it."""

    def last_sequence(self) -> int:
        """Return the largest local sequence, 0 when there is none."""

    def lowest_sequence(self) -> int:
        """Return the sequence below 0 that was given last to an entry that waits to be judged, 0 when none waits."""

    def judged_size(self, relationship: int, role: Role) -> int:
        """Return up to where a journal was judged: its size, unless entries wait for another version of this."""

    def accepted_types(self, relationship: int, role: Role) -> Collection[str]:
        """Return the types of all accepted entries of a journal."""

    def count(self, relationship: int, role: Role, event_type: str) -> int:
        """Count the not refused entries of a type."""


class ExchangeReading(Protocol):
    """Questions about how far the exchange has come."""

    def relationships(self) -> Sequence[StoredRelationship]:
        """Return all relationships of this gateway."""

    def wire_cursor(self, relationship: int) -> WireCursor | None:
        """Return how far the partner's topic was read."""

    def sent_size(self, relationship: int) -> int:
        """Return the size of the own journal that is on the wire as far as this gateway knows."""

    def receipts(self, relationship: int, author: Role, held: int | None = None) -> Sequence[StoredReceipt]:
        """Return receipts by `author`, oldest first; with `held` only those that cover exactly this size."""

    def receipts_after(
        self, relationship: int, author: Role, last: tuple[int, int, int], limit: int
    ) -> Sequence[StoredReceipt]:
        """Return receipts by `author` behind the one with this (size, held, judged), oldest first."""

    def last_receipt(self, relationship: int, author: Role) -> StoredReceipt | None:
        """Return the latest receipt by `author`."""

    def seal(self, relationship: int) -> StoredSeal | None:
        """Return the latest seal of the own journal, None before there is one."""

    def quarantine(self, relationship: int, *, after: int = 0, limit: int = 100) -> Sequence[Quarantined]:
        """Return what was set aside, oldest first, without the bytes."""

    def quarantined(self, relationship: int, number: int) -> Quarantined | None:
        """Return one thing set aside, with its bytes when they were kept."""

    def has_quarantined(self, relationship: int, code: str) -> bool:
        """Tell whether anything was set aside under a code."""

    def held_pages(self, relationship: int) -> Sequence[HeldPage]:
        """Return pages that wait for a gap to close or a receipt to come."""


class IntakeReading(Protocol):
    """Questions about commands and who may give them."""

    def remembered(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], RememberedAnswer]:
        """Return the answers once given under these keys, each (caller, key)."""

    def external_numbers(
        self, relationship: int, source: str, numbers: Collection[str]
    ) -> Mapping[str, ExternalNumber]:
        """Return which of these external numbers already have an entry."""

    def refused_commands(self, relationship: int, *, after: int = 0, limit: int = 100) -> Sequence[RefusedCommand]:
        """Return the refused commands that are kept, behind a number, oldest first."""

    def token(self, digest: bytes) -> StoredToken | None:
        """Return the token with this digest."""

    def tokens(self) -> Sequence[StoredToken]:
        """Return all tokens, oldest first."""

    def signing_secret(self, person: str) -> StoredSigningSecret | None:
        """Return what confirms a person's signatures, None before there is something."""


class Reading(JournalReading, ExchangeReading, IntakeReading, Protocol):
    """A consistent view of the store."""


class Writing(Reading, Protocol):
    """One transaction. It sees what it has written."""

    def append(
        self,
        relationship: int,
        entries: Sequence[StoredEntry],
        pages: Sequence[StoredPage],
        nodes: Sequence[TreeNode],
        claims: JournalClaims,
    ) -> None:
        """Append entries of one journal with their pages, and what it claims from now on.

        Raises:
            AppendConflictError: a place is already taken, or entries, pages and the journal's end do not join.
        """

    def judge_later(self, relationship: int, entries: Sequence[StoredEntry], claims: JournalClaims) -> None:
        """Give entries of whole pages, which waited to be judged, their verdicts and places in the local order."""

    def save_receipt(self, relationship: int, receipt: StoredReceipt) -> None:
        """Keep a receipt; one with the same author, size, held and judged is replaced (a heartbeat)."""

    def save_seal(self, relationship: int, seal: StoredSeal) -> None:
        """Keep the latest seal of the own journal."""

    def save_wire_cursor(self, relationship: int, cursor: WireCursor) -> None:
        """Keep how far the partner's topic was read."""

    def save_sent_size(self, relationship: int, size: int) -> None:
        """Keep what is on the wire."""

    def save_relationship(self, relationship: StoredRelationship) -> None:
        """Add or replace a relationship by its number."""

    def quarantine_bytes(self, relationship: int, quarantined: Quarantined, *, always: bool = False) -> int:
        """Set bytes aside and return their number.

        Beyond the bound of kept bytes only the digest stays, except of what is `always` kept: a proof.
        """

    def save_held_pages(self, relationship: int, pages: Sequence[HeldPage]) -> None:
        """Replace the pages that wait."""

    def remember(self, answers: Sequence[RememberedAnswer]) -> None:
        """Keep answers with their keys."""

    def save_external_numbers(self, relationship: int, numbers: Sequence[ExternalNumber]) -> None:
        """Keep which external numbers have their entry."""

    def trace_refused(self, relationship: int, refused: Sequence[RefusedCommand], kept: int) -> None:
        """Keep refused commands under the next numbers; of the relationship's only the newest `kept` stay."""

    def save_token(self, token: StoredToken) -> None:
        """Add or replace a token by its id."""

    def save_signing_secret(self, secret: StoredSigningSecret) -> None:
        """Add or replace what confirms a person's signatures."""

    def forget_answers(self, before: str) -> int:
        """Delete answers older than a moment; return how many."""


class Store(Protocol):
    """The database behind a gateway."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Open a consistent view."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a transaction: committed at the end of the block, undone when the block raises.

        Raises:
            StoreUnavailableError: the database could not be reached, is full or refused; nothing was written.
            CommitUnknownError: the outcome of the commit is not known; read the store again before signing.
        """

    def close(self) -> None:
        """Let go of connections and of the lock."""
