"""Own entries: encoded once, judged as every reader will judge them, committed in pages at a transaction's end.

An entry that every reader would refuse is not written: the command fails and leaves nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from domain.drafts import Draft
from domain.judging.context import Context
from domain.judging.history import PastEvent, batches_of
from domain.judging.judge import Judged
from domain.judging.labelling import labels_in
from domain.judging.versions import JudgingStopsError
from events.catalogue.bodies import Body
from events.catalogue.registry import decode_body, event_type
from events.encoding.entry import Entry, make_entry
from events.encoding.identifiers import uuid7
from events.encoding.moments import format_moment
from events.journal.order import order_key
from events.journal.page import Page
from events.stored.journal import JournalClaims, StoredEntry, StoredPage
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.errors import RefusedByRuleError, TooManyLabelsError, UpgradeRequiredError
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.telling import tells
from services.gateway.exchange.writing.own_journal import RecordedEvent
from services.gateway.exchange.writing.pages import commit_groups
from services.gateway.ports.clock import Chance
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Writing

ACTOR = "system/gateway"  # who writes what the gateway writes by itself
MAX_LABELS = 200  # of one subject: a head of 8 KiB holds their tags, and whatever the partner writes about it

_SALT_BYTES, _ID_BYTES = 16, 10


class LocalSequence:
    """Counts entries of all journals of this gateway in the order in which it took them in, from 1.

    Entries that wait to be judged have numbers below 0 until they are taken in.
    """

    def __init__(self, last: int = 0, lowest: int = 0) -> None:
        self.last = last
        self._lowest = lowest

    def take(self) -> int:
        """Return the next number."""
        self.last += 1
        return self.last

    def take_aside(self) -> int:
        """Return the next number below 0."""
        self._lowest -= 1
        return self._lowest


Following = Callable[[RecordedEvent], Sequence[Draft]]
"""Returns what the gateway itself writes behind an event, with it or not at all."""


def nothing_follows(_event: RecordedEvent) -> Sequence[Draft]:
    """Return no drafts."""
    return ()


@dataclass(slots=True)
class Authoring:
    """The own entries of one relationship that one transaction writes."""

    channel: Channel
    gathering: Gathering
    sequence: LocalSequence
    chance: Chance
    reached: Reached = go_on
    groups: list[list[RecordedEvent]] = field(default_factory=list)
    pending: int = 0
    claims_before: JournalClaims = field(default_factory=JournalClaims)  # before the last `write`
    judged: list[PastEvent] = field(default_factory=list)  # of both journals, once they are written
    pages: list[Page] = field(default_factory=list)  # of the own journal, once they are written

    @property
    def size(self) -> int:
        """The journal's size once everything so far is committed."""
        return self.channel.own.size + self.pending

    def context(self) -> Context:
        """Return both journals as the next own entry would see them."""
        own, held = self.channel.own, self.channel.held
        return Context(own.role, self.size, held.judged, {own.role: own.view, held.role: held.view})

    def count_pending(self, event_type: str) -> int:
        """Count the entries of a type that this transaction has written so far."""
        return sum(event.stored.type == event_type for group in self.groups for event in group)

    def write(
        self,
        drafts: Sequence[Draft],
        actor: str,
        at: datetime,
        *,
        own_page: bool = False,
        following: Following = nothing_follows,
    ) -> list[RecordedEvent]:
        """Encode and judge drafts, and what follows each of them, all or none; they get their pages in `commit`.

        Raises:
            RefusedByRuleError: every reader would refuse one of them.
            UpgradeRequiredError: both parties announced a rule set beyond this software.
            EntryError: one of them cannot be encoded.
        """
        self.gathering.subjects(self.channel.own.role, [draft.subject for draft in drafts])
        written: list[RecordedEvent] = []
        claims, time = self.channel.own.claims, format_moment(at)
        self.claims_before = claims
        try:
            for draft in drafts:
                written.append(self._write_one(draft, actor, time))
                for further in following(written[-1]):
                    self.gathering.subjects(self.channel.own.role, [further.subject])
                    written.append(self._write_one(further, ACTOR, time))
        except Exception:
            self.retract(written)
            self.channel.own.claims = claims
            raise
        self._group(written, own_page=own_page)
        self.reached(Step.ENTRIES_ENCODED)
        return written

    def retract(self, written: Sequence[RecordedEvent]) -> None:
        """Take back the last entries: they will not be written."""
        for event in reversed(written):
            self.channel.own.view.retract(event.past)
            self.pending -= 1
            self.sequence.last -= 1

    def ungroup(self, written: Sequence[RecordedEvent]) -> None:
        """Take back what the last `write` has grouped already (a dry run)."""
        self.channel.own.claims = self.claims_before
        if written:
            self.retract(written)
            del self.groups[-1][-len(written) :]

    def commit(self, writing: Writing) -> None:
        """Write everything with its pages; the channel's journal grows by it."""
        groups = [group for group in self.groups if group]
        if not groups:
            return
        own = self.channel.own
        stored = [[event.stored for event in group] for group in groups]
        signer = self.channel.keys.journal_signer
        commitment = commit_groups(stored, own.frontier, self.channel.own_origin, signer, own.claims)
        events = [event for group in groups for event in group]
        self.reached(Step.PAGES_SIGNED)
        self.channel.journal.record(events, writing, commitment)
        self.reached(Step.PAGES_WRITTEN)
        self.pages += _pages_of(commitment.pages, events, self.channel.own_origin)
        own.note = commitment.pages[-1].note
        for event in events:
            if tells(event.past):
                own.telling = event.stored.position + 1
        self.judged.extend(event.past for event in events)
        self.groups, self.pending = [], 0

    def _write_one(self, draft: Draft, actor: str, time: str) -> RecordedEvent:
        own = self.channel.own
        entry, body = self._encode(draft, actor, max(time, own.claims.time))
        try:
            judged = self.channel.judge.judge_entry(
                own.role, self.size, entry, own.claims, self.channel.held.judged, written=body
            )
        except JudgingStopsError as error:
            raise UpgradeRequiredError(error.detail) from None
        if judged.past.code is not None:
            own.view.retract(judged.past)
            refusal = judged.failed or judged.past.code
            raise RefusedByRuleError(judged.detail, refusal, draft.type, draft.subject)
        own.claims = judged.claims
        self.pending += 1
        stored = _stored(judged, entry.head_bytes, entry.body_bytes, self.sequence.take())
        return RecordedEvent(stored, judged.past, judged.broken, judged.detail)

    def _encode(self, draft: Draft, actor: str, time: str) -> tuple[Entry, Body]:
        """Return the entry of a draft, and its body as its type's schema reads it."""
        type_ = event_type(draft.type)
        if type_ is None:
            raise KeyError(draft.type)
        random = self.chance(_SALT_BYTES + _ID_BYTES)
        salt = random[:_SALT_BYTES].hex()
        body = {**draft.body, "salt": salt}
        event_id = uuid7(_milliseconds(time), random[_SALT_BYTES:])
        model = decode_body(type_, body) if draft.model is None else draft.model.salted(salt)
        labels = labels_in(self.context(), type_, draft.subject, model)
        if len(labels) > MAX_LABELS and type_.labels(model):
            raise TooManyLabelsError(
                f"one item has at most {MAX_LABELS} batches, products, lines and sites together; try: another item"
            )
        labeller, relationship = self.channel.labeller, self.channel.relationship
        entry = make_entry(
            id=event_id,
            source=f"urn:uscc:{relationship.party(self.channel.own.role)}",
            type=draft.type,
            subject=draft.subject,
            revision=self.channel.own.view.last_revision(draft.subject) + 1,
            relationship=str(relationship),
            seen=self.channel.held.judged,
            actor=actor,
            time=time,
            body=body,
            cause=draft.cause,
            labels=labeller.tags(labels, event_id) if labeller is not None and labels else (),
        )
        return entry, model

    def _group(self, written: list[RecordedEvent], *, own_page: bool) -> None:
        if own_page:
            self.groups.extend((written, []))
        elif self.groups:
            self.groups[-1].extend(written)
        else:
            self.groups.append(written)


def stored_of(judged: Judged, line: bytes, sequence: int) -> StoredEntry:
    """Return a judged entry as the store keeps it."""
    head_bytes, tab, body_bytes = line.partition(b"\t")
    return _stored(judged, head_bytes, body_bytes if tab else None, sequence)


def _pages_of(pages: Sequence[StoredPage], events: Sequence[RecordedEvent], origin: str) -> Iterator[Page]:
    """Return pages as they leave, of the events that they commit."""
    lines = iter(event.stored.line for event in events)
    for page in pages:
        yield Page(origin, page.first, tuple(islice(lines, page.size - page.first)), page.note)


def _stored(judged: Judged, head_bytes: bytes, body: bytes | None, sequence: int) -> StoredEntry:
    past = judged.past
    head = past.head
    major = order_key(past.role, past.position, judged.claims.order_seen)[0]
    place = (past.role, past.position, sequence, head_bytes, body, past.leaf)
    if head is None:
        return StoredEntry(*place, order_major=major, code=past.code)
    revision = head.revision if judged.uses_revision else None
    named = (head.id, head.type, head.subject, revision, head.time, head.seen)
    verdict = (major, past.code, past.violates)
    return StoredEntry(*place, *named, *verdict, batches=batches_of(past))


def _milliseconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp() * 1000)
