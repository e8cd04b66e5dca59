"""The steps of a document that both parties sign, as drafts: agreement and communication list take them alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.agreement.document import Document, DocumentKind, document_of
from domain.drafts import Draft, Rule, admit, values
from domain.evidence import reference
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef, Signature
from events.encoding.identifiers import Role


@dataclass(frozen=True)
class SignDocument:
    """Sign a draft of a document: the owner in its own subject, the partner in the review of it.

    `draft` names exactly what the person read and signs.
    """

    owner: Role
    document_id: str  # UUID
    draft: EventRef
    signature: Signature


@dataclass(frozen=True)
class ActivateDocument:
    """Put in force what both parties signed, from 00:00 Beijing of a day on, never before it is recorded."""

    document_id: str  # UUID; the own party is the owner
    effective_from: date
    signature: Signature


def next_version(context: Context, kind: DocumentKind, document_id: str) -> int:
    """Return the version that the next draft of an own document has."""
    document = document_of(context, kind, context.role, document_id)
    return max((draft.body.version for draft in document.drafts), default=0) + 1


def sign(
    kind: DocumentKind,
    command: SignDocument,
    context: Context,
    *,
    actor: str,
    at: datetime,
    rules: Mapping[str, Rule],
) -> list[Draft]:
    """Decide on a signature under a draft."""
    is_own = command.owner is context.role
    name = kind.signed if is_own else kind.review_signed
    subject = (kind.subject if is_own else kind.review_subject)(command.document_id)
    body = values(draft=command.draft, signature=command.signature)
    return admit(Draft(name, subject, body), context, actor, at, rules)


def activate(
    kind: DocumentKind,
    command: ActivateDocument,
    context: Context,
    *,
    actor: str,
    at: datetime,
    rules: Mapping[str, Rule],
) -> list[Draft]:
    """Decide on an activation; it names the signatures of both parties under the latest draft."""
    document = document_of(context, kind, context.role, command.document_id)
    body = {
        "signatures": [reference(each).model_dump() for each in signatures_to_name(document, context)],
        **values(effective_from=command.effective_from.isoformat(), signature=command.signature),
    }
    return admit(Draft(kind.activated, kind.subject(command.document_id), body), context, actor, at, rules)


def signatures_to_name(document: Document, context: Context) -> list[PastEvent]:
    """Return the signatures under the latest draft that can be relied on."""
    if document.latest is None:
        return []
    return [each for each in document.signatures_under(document.latest) if not context.is_disputed(each)]
