"""The own journal of a relationship, as an event-sourced application.

The journal's entries *are* the stored events of the application: a subject is an aggregate, its revision the version,
an event's type the topic, and the entry's line, head and body as they were signed, the state. There is no second copy.
The recorder writes through the store's transaction that the writer lends it; the notification log is the outbox.
Topics name types of the closed catalogue and never Python paths.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Never

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import ApplicationRecorder, JSONTranscoder, Mapper, Notification, StoredEvent
from eventsourcing.utils import EnvType

from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.journal.page import MAX_PAGE_ENTRIES
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import check_whole, past_of
from services.gateway.exchange.writing.pages import Commitment
from services.gateway.ports.store import Reading, Writing


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event of the own journal, as the library sees it: the entry as it is stored, and as it is remembered."""

    stored: StoredEntry
    past: PastEvent
    broken: str = ""  # the gate that the event broke, if it is a fact that did
    detail: str = ""  # how, in words

    @property
    def originator_id(self) -> str:
        """Return the subject, `<kind>/<UUID>`."""
        return self.stored.subject or ""

    @property
    def originator_version(self) -> int:
        """Return the revision within the subject."""
        return self.stored.revision or 0


@dataclass(frozen=True)
class StoredLine(StoredEvent):
    """A stored event that brings its whole entry."""

    entry: StoredEntry


class EntryMapper(Mapper[str]):
    """Turns recorded events into stored ones and back; the bytes stay as they were signed."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Return the entry as a stored event: its type is the topic, its line the state."""
        if not isinstance(domain_event, RecordedEvent):
            raise TypeError(f"{type(domain_event).__name__} is no entry of a journal")
        return stored_line(domain_event.stored)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """Return the event that an entry is, by the closed catalogue."""
        if not isinstance(stored_event, StoredLine):
            raise TypeError("a stored event of another application")
        return RecordedEvent(stored_event.entry, past_of(stored_event.entry))


def stored_line(entry: StoredEntry) -> StoredLine:
    """Return an entry as the library stores it."""
    return StoredLine(entry.subject or "", entry.revision or 0, entry.type or "", entry.line, entry)


class JournalRecorder(ApplicationRecorder):
    """Records the events of one journal in the store; positions count from 0, notification ids from 1."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Reading]], relationship: int, role: Role) -> None:
        self._reading = reading
        self._relationship = relationship
        self._role = role

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:  # noqa: ANN401 - the library's signature
        """Write entries, with the pages that commit them, in the transaction `writing`."""
        writing: Writing = kwargs["writing"]
        commitment: Commitment = kwargs["commitment"]
        entries = [stored.entry for stored in stored_events if isinstance(stored, StoredLine)]
        writing.append(self._relationship, entries, commitment.pages, commitment.nodes, commitment.claims)
        return [entry.position + 1 for entry in entries]

    def select_events(
        self,
        originator_id: object,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the accepted entries of a subject by revision."""
        subject = str(originator_id)
        with self._reading() as reading:
            history = reading.histories(self._relationship, self._role, [subject])[subject]
        chosen = [
            stored_line(entry)
            for entry in history
            if entry.code is None and entry.revision is not None and (gt or 0) < entry.revision
        ]
        if lte is not None:
            chosen = [line for line in chosen if line.originator_version <= lte]
        if desc:
            chosen.reverse()
        return chosen[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return entries in the order of the journal, each as it was signed.

        Raises:
            StoreDamagedError: one of them is not.
        """
        first = max(0, (start or 1) - 1 + (not inclusive_of_start))
        count = limit if stop is None else min(limit, stop - first)
        if count <= 0:
            return []
        with self._reading() as reading:
            entries = reading.entries(self._relationship, self._role, first, count)
        for entry in entries:
            check_whole(entry)
        return [_notification(entry) for entry in entries if not topics or entry.type in topics]

    def max_notification_id(self) -> int | None:
        """Return the size of the journal, None while it is empty."""
        with self._reading() as reading:
            page = reading.last_page(self._relationship, self._role)
        return None if page is None else page.size

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Never:  # noqa: ARG002 - the library's
        """Refuse: the outbox is woken by the writer and reads the notification log."""
        raise TypeError("a journal is read by its notification log, not subscribed to")


def _notification(entry: StoredEntry) -> Notification:
    return Notification(entry.subject or "", entry.revision or 0, entry.type or "", entry.line, entry.position + 1)


class OwnJournal(Application[str]):
    """What this party tells the other within one relationship."""

    log_section_size = MAX_PAGE_ENTRIES

    def __init__(self, recorder: JournalRecorder, env: EnvType | None = None) -> None:
        self._journal_recorder = recorder
        super().__init__(env)

    def construct_mapper(self) -> Mapper[str]:
        """Return the mapper that leaves bytes as they were signed."""
        return EntryMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        """Return the recorder on this gateway's store."""
        return self._journal_recorder

    def record(self, events: Sequence[RecordedEvent], writing: Writing, commitment: Commitment) -> None:
        """Save events, and the pages that commit them, in the writer's transaction."""
        self.events.put(events, writing=writing, commitment=commitment)
