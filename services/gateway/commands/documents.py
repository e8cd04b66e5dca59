"""Agreements and communication lists: drafted, signed by both, activated by their owner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.agreement.commands import DraftAgreement, activate_agreement, draft_agreement, sign_agreement
from domain.agreement.document import DocumentKind, document_of
from domain.agreement.errors import DocumentStateError
from domain.agreement.in_force import agreements_in
from domain.agreement.rules import AGREEMENT
from domain.agreement.steps import ActivateDocument, SignDocument
from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.communication_list.commands import (
    DraftCommunicationList,
    activate_communication_list,
    draft_communication_list,
    sign_communication_list,
)
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.drafts import Draft
from domain.evidence import reference
from domain.judging.context import Context
from events.catalogue.bodies import Attachment, EventRef
from events.catalogue.communication_list import Limit, Row
from events.encoding.identifiers import Role
from services.gateway.commands.asking import Asked, Needs, Signing, permitted, positions_of, told
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

_WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class DocumentSteps:
    """The steps of one kind of document, as the domain decides them."""

    kind: DocumentKind
    zh: str
    en: str
    sign: Callable[[SignDocument, Context, str, Any], list[Draft]]
    activate: Callable[[ActivateDocument, Context, str, Any], list[Draft]]


AGREEMENTS = DocumentSteps(AGREEMENT, "质量协议", "agreement", sign_agreement, activate_agreement)
LISTS = DocumentSteps(
    COMMUNICATION_LIST,
    "沟通事项清单",
    "communication list",
    sign_communication_list,
    activate_communication_list,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a communication list says; no agreement: the one activated last."""

    rows: Sequence[Row]
    agreement: EventRef | None = None
    attachments: Sequence[Attachment] = ()


def draft_an_agreement(asked: Asked, command: DraftAgreement) -> CommandJob:
    """Return the job that drafts the next version of an agreement."""

    def deciding(now: Situation) -> list[Draft]:
        return draft_agreement(command, now.context, asked.actor, now.at)

    return _job(asked, AGREEMENT, command.document_id, deciding)


def draft_a_list(asked: Asked, document_id: str, listing: Listing) -> CommandJob:
    """Return the job that drafts the next version of a list; limits in working days get the calendar of this side."""

    def deciding(now: Situation) -> list[Draft]:
        agreement = listing.agreement or _activated_agreement(now.context)
        rows = [_with_calendars(row, now.context) for row in listing.rows]
        command = DraftCommunicationList(document_id, agreement, rows, listing.attachments)
        return draft_communication_list(command, now.context, asked.actor, now.at)

    return _job(asked, COMMUNICATION_LIST, document_id, deciding, listing.agreement)


def sign(
    asked: Asked, steps: DocumentSteps, owner: Role, document_id: str, signing: Signing, *, draft: EventRef | None
) -> CommandJob:
    """Return the job that signs a draft, by default the latest."""

    def deciding(now: Situation) -> list[Draft]:
        read = draft or _latest_draft(now.context, steps.kind, owner, document_id)
        statement = f"签署{steps.zh} {document_id}。Sign the {steps.en} {document_id}."
        command = SignDocument(owner, document_id, read, signing.signature(asked.actor, now, statement))
        return steps.sign(command, now.context, asked.actor, now.at)

    return _job(asked, steps.kind, document_id, deciding, draft)


def activate(
    asked: Asked, steps: DocumentSteps, document_id: str, effective_from: date, signing: Signing
) -> CommandJob:
    """Return the job that puts in force what both signed."""

    def deciding(now: Situation) -> list[Draft]:
        statement = f"启用{steps.zh} {document_id}。Activate the {steps.en} {document_id}."
        command = ActivateDocument(document_id, effective_from, signing.signature(asked.actor, now, statement))
        return steps.activate(command, now.context, asked.actor, now.at)

    return _job(asked, steps.kind, document_id, deciding)


def _job(
    asked: Asked,
    kind: DocumentKind,
    document_id: str,
    deciding: Callable[[Situation], list[Draft]],
    *refs: EventRef | None,
) -> CommandJob:
    def decide(now: Situation) -> Decision:
        return Decision(permitted(deciding(now), asked, now), told(asked, "document", document_id))

    subjects = [kind.subject(document_id), kind.review_subject(document_id)]
    return asked.job(decide, Needs(subjects, subjects, positions_of(*refs)))


def _latest_draft(context: Context, kind: DocumentKind, owner: Role, document_id: str) -> EventRef:
    latest = document_of(context, kind, owner, document_id).latest
    if latest is None:
        raise DocumentStateError("there is no draft to sign")
    return reference(latest)


def _activated_agreement(context: Context) -> EventRef:
    version = next(iter(agreements_in(context)), None)
    if version is None:
        raise DocumentStateError("no quality agreement is activated; the list is made under one")
    return reference(version.draft)


def _with_calendars(row: Row, context: Context) -> Row:
    """Return a row whose limits in working days name a published calendar, where one was published."""
    if row.limits is None:
        return row
    return row.model_copy(update={"limits": [_with_calendar(limit, context) for limit in row.limits]})


def _with_calendar(limit: Limit, context: Context) -> Limit:
    if limit.unit != _WORKING_DAYS or limit.calendar is not None:
        return limit
    published = context.standing_of(context.role, CALENDAR_PUBLISHED) or context.standing(CALENDAR_PUBLISHED)
    return limit.model_copy(update={"calendar": reference(published[-1])}) if published else limit
