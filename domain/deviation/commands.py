"""What its owner can ask of a deviation: to open, classify, investigate, close, answer, correct it, link a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.deviation import names as n
from domain.deviation.rules import RULES
from domain.drafts import Draft, admit, values
from domain.judging.context import Context
from domain.steps.correcting import changes_of
from events.catalogue.bodies import Attachment, Batch, EventRef, Product, Signature
from events.catalogue.words import DeviationClass
from events.encoding.moments import Stated


@dataclass(frozen=True)
class OpenDeviation:
    """Record a deviation and tell the partner.

    `number` is its number at the owner, `source` the system or book it comes from, `external_number` its number there;
    `detected_at` is when it was found, `occurred_at` when it happened, both as stated; `cause` what led to the entry.
    """

    deviation_id: str  # UUID
    number: str
    source: str
    title: str
    detected_at: Stated
    external_number: str | None = None
    description: str | None = None
    occurred_at: Stated | None = None
    product: Product | None = None
    batches: Sequence[Batch] = ()
    line: str | None = None
    site: str | None = None
    attachments: Sequence[Attachment] = ()
    cause: str | None = None


@dataclass(frozen=True)
class ClassifyDeviation:
    """Put a deviation in a class and say why."""

    deviation_id: str
    deviation_class: DeviationClass
    rationale: str
    attachments: Sequence[Attachment] = ()
    cause: str | None = None


@dataclass(frozen=True)
class InvestigateDeviation:
    """State cause, impact and conclusion."""

    deviation_id: str
    cause_found: str
    impact: str
    conclusion: str
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class CloseDeviation:
    """Sign the closing on an investigation, with the partner's approval where the agreement asks for it."""

    deviation_id: str
    investigation: EventRef
    signature: Signature
    approval: EventRef | None = None
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class AnswerQuestion:
    """Answer a question of the partner."""

    deviation_id: str
    question: EventRef
    text: str
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class CorrectEntry:
    """Put an own entry of the deviation or of the review right: by field, what should stand there (None: nothing)."""

    deviation_id: str
    entry: EventRef
    fields: Mapping[str, str | None]
    reason: str
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class LinkBatch:
    """State that the deviation touches a batch."""

    deviation_id: str
    batch: Batch
    cause: str | None = None


def open_deviation(command: OpenDeviation, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on opening a deviation.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = values(
        number=command.number,
        source=command.source,
        external_number=command.external_number,
        title=command.title,
        description=command.description,
        detected_at=command.detected_at,
        occurred_at=command.occurred_at,
        product=command.product,
        batches=command.batches,
        line=command.line,
        site=command.site,
        attachments=command.attachments,
    )
    return admit(Draft(n.OPENED, n.subject(command.deviation_id), body, command.cause), context, actor, at, RULES)


def classify_deviation(command: ClassifyDeviation, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a class; after the closing it is recorded all the same, and marked.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    told = values(rationale=command.rationale, attachments=command.attachments)
    body = {"class": command.deviation_class, **told}
    return admit(Draft(n.CLASSIFIED, n.subject(command.deviation_id), body, command.cause), context, actor, at, RULES)


def investigate_deviation(command: InvestigateDeviation, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on an investigation; after the closing it is recorded all the same, and marked.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = values(
        cause=command.cause_found,
        impact=command.impact,
        conclusion=command.conclusion,
        attachments=command.attachments,
    )
    return admit(Draft(n.INVESTIGATED, n.subject(command.deviation_id), body), context, actor, at, RULES)


def close_deviation(command: CloseDeviation, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on closing.

    Raises:
        EvidenceNotFoundError: the investigation is not one of this deviation, or the approval not one of its review.
        DeviationStateError: closed already, not classified, or not the latest investigation.
        ClosureNotApprovedError: `gate.deviation_closure`.
        NotPermittedError: the actor may not close deviations.
        EntryError: `entry.schema_invalid`.
    """
    body = values(
        investigation=command.investigation,
        approval=command.approval,
        signature=command.signature,
        attachments=command.attachments,
    )
    return admit(Draft(n.CLOSED, n.subject(command.deviation_id), body), context, actor, at, RULES)


def answer_question(command: AnswerQuestion, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on an answer.

    Raises:
        EvidenceNotFoundError: what is named is no question of this deviation's review.
        EntryError: `entry.schema_invalid`.
    """
    body = values(question=command.question, text=command.text, attachments=command.attachments)
    return admit(Draft(n.ANSWERED, n.subject(command.deviation_id), body), context, actor, at, RULES)


def correct_deviation(command: CorrectEntry, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a correction of an own entry of the deviation; what stood before is taken from the context.

    Raises:
        EvidenceNotFoundError: the entry is not an own accepted one of this deviation.
        CorrectionInvalidError: a field is never corrected or not there, or the outcome would be refused.
        EntryError: `entry.schema_invalid`.
    """
    return admit(correction(n.CORRECTED, n.subject(command.deviation_id), command, context), context, actor, at, RULES)


def link_batch(command: LinkBatch, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on linking a batch.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = values(batch=command.batch)
    return admit(Draft(n.BATCH_LINKED, n.subject(command.deviation_id), body, command.cause), context, actor, at, RULES)


def correction(name: str, subject: str, command: CorrectEntry, context: Context) -> Draft:
    """Return the draft of a correction in an own subject, of the deviation or of the review."""
    changes = changes_of(context, subject, command.entry, command.fields)
    told = values(entry=command.entry, reason=command.reason, attachments=command.attachments)
    return Draft(name, subject, {**told, "changes": changes})
