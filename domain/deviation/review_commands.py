"""What the partner can ask in its review of a deviation: to take note, ask, approve or reject a closure, correct."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.deviation import names as n
from domain.deviation.commands import CorrectEntry, correction
from domain.deviation.rules import RULES
from domain.drafts import Draft, admit, values
from domain.judging.context import Context
from events.catalogue.bodies import Attachment, EventRef, Signature


@dataclass(frozen=True)
class AcknowledgeEntry:
    """Take note of an entry of the deviation, as a named person."""

    deviation_id: str  # UUID
    entry: EventRef
    text: str | None = None


@dataclass(frozen=True)
class AskQuestion:
    """Ask the owner a question, perhaps about one entry of the deviation."""

    deviation_id: str
    text: str
    entry: EventRef | None = None
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class ApproveClosure:
    """Sign the approval of closing on an investigation."""

    deviation_id: str
    investigation: EventRef
    signature: Signature
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class RejectClosure:
    """Disagree with closing on an investigation, and say why."""

    deviation_id: str
    investigation: EventRef
    reason: str
    attachments: Sequence[Attachment] = ()


def acknowledge_entry(command: AcknowledgeEntry, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on taking note.

    Raises:
        EvidenceNotFoundError: what is named is no entry of the deviation in the context.
        EntryError: `entry.schema_invalid`.
    """
    body = values(entry=command.entry, text=command.text)
    return admit(Draft(n.ACKNOWLEDGED, n.review_subject(command.deviation_id), body), context, actor, at, RULES)


def ask_question(command: AskQuestion, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a question.

    Raises:
        EvidenceNotFoundError: what is named is no entry of the deviation in the context.
        EntryError: `entry.schema_invalid`.
    """
    body = values(text=command.text, entry=command.entry, attachments=command.attachments)
    return admit(Draft(n.ASKED, n.review_subject(command.deviation_id), body), context, actor, at, RULES)


def approve_closure(command: ApproveClosure, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on approving the closing; after an overtaken closing this lifts the block.

    Raises:
        EvidenceNotFoundError: what is named is no investigation of the deviation in the context.
        DeviationStateError: closed already, approved already, or not the latest investigation.
        NotPermittedError: the actor may not approve closures.
        EntryError: `entry.schema_invalid`.
    """
    body = values(investigation=command.investigation, signature=command.signature, attachments=command.attachments)
    return admit(Draft(n.CLOSURE_APPROVED, n.review_subject(command.deviation_id), body), context, actor, at, RULES)


def reject_closure(command: RejectClosure, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on rejecting the closing.

    Raises:
        EvidenceNotFoundError: what is named is no investigation of the deviation in the context.
        EntryError: `entry.schema_invalid`.
    """
    body = values(investigation=command.investigation, reason=command.reason, attachments=command.attachments)
    return admit(Draft(n.CLOSURE_REJECTED, n.review_subject(command.deviation_id), body), context, actor, at, RULES)


def correct_review(command: CorrectEntry, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a correction of an own entry of the review.

    Raises:
        EvidenceNotFoundError: the entry is not an own accepted one of this review.
        CorrectionInvalidError: a field is never corrected or not there, or the outcome would be refused.
        EntryError: `entry.schema_invalid`.
    """
    subject = n.review_subject(command.deviation_id)
    return admit(correction(n.REVIEW_CORRECTED, subject, command, context), context, actor, at, RULES)
