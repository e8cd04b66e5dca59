"""What every command has in common: who asks, where, under which key, and how the answer is told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from domain.drafts import Draft
from domain.errors import DomainError
from domain.judging.context import Proposed
from domain.parties.right import SYSTEM
from domain.rights import check_right
from domain.signing.rules import check_own_signature
from events.catalogue.bodies import EventRef, Signature
from events.catalogue.registry import decode_body, event_type
from events.catalogue.words import SignatureMeaning
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from events.stored.journal import StoredEntry
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

_NO_SALT = "0" * 32


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what to be recorded, in which relationship, and under which idempotency key."""

    relationship: int
    role: Role  # of the party whose gateway this is
    actor: str
    caller: str
    key: str | None
    digest: bytes
    dry_run: bool = False

    def job(self, decide: Callable[[Situation], Decision], needs: "Needs | None" = None) -> CommandJob:
        """Return the job that decides so; a person without the right is told before anything is drafted for others."""
        wanted = needs or Needs()
        return CommandJob(
            relationship=self.relationship,
            actor=self.actor,
            decide=decide,
            subjects=wanted.subjects,
            partner_subjects=wanted.partner_subjects,
            positions=wanted.positions,
            numbers=wanted.numbers,
            batches=wanted.batches,
            caller=self.caller,
            key=None if self.dry_run else self.key,
            digest=self.digest,
            dry_run=self.dry_run,
        )


@dataclass(frozen=True, slots=True)
class Needs:
    """What a decision reads: subjects of both journals, entries named as evidence, external numbers."""

    subjects: Sequence[str] = ()
    partner_subjects: Sequence[str] = ()
    positions: Mapping[Role, Sequence[int]] = field(default_factory=dict)
    numbers: tuple[str, Sequence[str]] | None = None
    batches: Sequence[Mapping[str, Any]] = ()  # what openings of batches say of themselves


@dataclass(frozen=True, slots=True)
class Signing:
    """What a person signs with: the meaning and the reason.

    `at`: when it was signed, as stated (`domain.signing` bounds it); None: the moment of recording.
    """

    meaning: SignatureMeaning
    reason: str
    at: str | None = None

    def signature(self, actor: str, situation: Situation, statement: str) -> Signature:
        """Return the signature of whoever asks, under the statement that the command words: never the caller's."""
        return Signature(
            statement=statement,
            meaning=self.meaning,
            reason=self.reason,
            person=actor.partition("/")[2],
            at=self.at or format_moment(situation.at),
        )


def permitted(drafts: Sequence[Draft], asked: Asked, situation: Situation) -> Sequence[Draft]:
    """Return the drafts if the journal gives the person who asks the right to all of them, and each signature carries.

    A partner's fact without a right is recorded and marked; one's own people are told before. A system's facts need no
    right, and its acts were refused when they were decided.

    Raises:
        NotPermittedError: the right is missing.
        SignatureMeaningError, SelfApprovalError: the signature does not carry its act.
    """
    if asked.actor.startswith(SYSTEM):
        return drafts
    context = situation.context
    for draft in {draft.type: draft for draft in drafts}.values():
        type_ = event_type(draft.type)
        if type_ is not None:
            body = decode_body(type_, {**draft.body, "salt": _NO_SALT})
            proposed = Proposed(context.role, draft.type, draft.subject, body, asked.actor, situation.at)
            with about(draft.type, draft.subject):
                check_right(proposed, context)
                check_own_signature(proposed, context)
    return drafts


@contextmanager
def about(event: str, subject: str) -> Iterator[None]:
    """Have what refuses a command within say which event was not let pass."""
    try:
        yield
    except DomainError as error:
        error.about(event, subject)
        raise


def told(asked: Asked, name: str, identity: str) -> Callable[[Sequence[StoredEntry]], Mapping[str, Any]]:
    """Return what a caller is told: what it is about, the entries with their places, and the last local sequence."""

    def answer(entries: Sequence[StoredEntry]) -> Mapping[str, Any]:
        return {name: identity, **places(asked, entries)}

    return answer


def places(asked: Asked, entries: Sequence[StoredEntry]) -> dict[str, Any]:
    """Return where entries stand; of a dry run only what they would be."""
    if asked.dry_run:
        return {"dry_run": True, "events": [_would_be(entry) for entry in entries], "sequence": None}
    last = max((entry.sequence for entry in entries), default=None)
    return {"dry_run": False, "events": [place_of(entry) for entry in entries], "sequence": last}


def place_of(entry: StoredEntry) -> dict[str, Any]:
    """Return where an entry stands, so that others can name it."""
    return {
        "id": entry.id,
        "journal": entry.role.value,
        "position": entry.position,
        "leaf": encode_base64(entry.leaf),
        "sequence": entry.sequence,
        "recorded_at": entry.time,
        **_would_be(entry),
    }


def positions_of(*refs: EventRef | None) -> dict[Role, list[int]]:
    """Return the places that references name, by journal."""
    named: dict[Role, list[int]] = {}
    for ref in refs:
        if ref is not None:
            named.setdefault(ref.role, []).append(ref.position)
    return named


def _would_be(entry: StoredEntry) -> dict[str, Any]:
    return {"type": entry.type, "subject": entry.subject, "violates": entry.violates}
