"""What the writer is asked to do: each job runs inside one transaction that it may share with others."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from domain.drafts import Draft
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.stored.intake import ExternalNumber
from events.stored.journal import StoredEntry
from services.gateway.ports.store import Writing


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller is told: a status, JSON bytes, and whether it was told so before."""

    status: int
    body: bytes
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command leads to: entries to write and what to answer once they have their places."""

    drafts: Sequence[Draft]
    answer: Callable[[Sequence[StoredEntry]], Mapping[str, Any]]
    status: int = 201
    external: Sequence[ExternalNumber] = ()
    confirms_pairing: bool = False  # the relationship's row says so from then on


class Situation(Protocol):
    """What a decision may look at."""

    @property
    def context(self) -> Context:
        """Both journals as the next own entry would see them."""

    @property
    def at(self) -> datetime:
        """The recorded time that the entries will carry."""

    @property
    def known(self) -> Mapping[str, ExternalNumber]:
        """Which of the external numbers asked for already have an entry."""

    def count(self, role: Role, event_type: str) -> int:
        """Count the accepted entries of a type, for human numbers."""

    def admit(self, types: Sequence[str]) -> None:
        """Ask that events of these types may be written as far as the partner is heard.

        Raises:
            EngineError: a guarded act lacks fresh news of the partner.
        """

    def elsewhere(self, subject: str) -> Sequence[PastEvent]:
        """Return what this party's journals of its other relationships hold about a subject, accepted entries only."""


@dataclass(frozen=True, slots=True)
class CommandJob:
    """A command of a person or a system, decided on the very state it commits on."""

    relationship: int
    actor: str
    decide: Callable[[Situation], Decision]
    subjects: Sequence[str] = ()  # own subjects the decision reads or writes
    partner_subjects: Sequence[str] = ()
    positions: Mapping[Role, Sequence[int]] = field(default_factory=dict)  # entries named as evidence
    numbers: tuple[str, Sequence[str]] | None = None  # (source, external numbers) to look up
    batches: Sequence[Mapping[str, Any]] = ()  # what openings of drug batches say of themselves
    caller: str = ""
    key: str | None = None  # idempotency key
    digest: bytes = b""  # of the request, so that a key is not used for two
    needs_partner: bool = True  # every command but the confirmation of the pairing
    guarded: bool = True  # counts against the bound of the outbox
    dry_run: bool = False  # decide and judge, answer as if, write nothing
    outcome: "Future[Answer]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class IncomingJob:
    """Records read from the partner's topic, in order."""

    relationship: int
    records: Sequence[tuple[str, bytes]]  # (kind, value)
    topic_id: str
    offset: int  # after the last record
    outcome: "Future[None]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class ReceiptJob:
    """Sign and keep a receipt for what is held now: a heartbeat."""

    relationship: int
    outcome: "Future[None]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class TakenJob:
    """Write `journal.taken.v1` if nothing else has said so meanwhile."""

    relationship: int
    outcome: "Future[None]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class KeepingJob:
    """Write what is no entry: a relationship's row. Its channel is read again after the commit."""

    relationship: int
    keep: Callable[[Writing], None]
    outcome: "Future[None]" = field(default_factory=Future)


Job = CommandJob | IncomingJob | ReceiptJob | TakenJob | KeepingJob
