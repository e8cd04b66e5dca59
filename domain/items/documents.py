"""Agreement and communication list as people see them: versions, who signed which, and what is in force when."""

from datetime import datetime
from enum import StrEnum

from domain.agreement.document import Document, DocumentKind, document_of
from domain.agreement.in_force import versions_of
from domain.evidence import names
from domain.items.rows import Row, ref_to
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role


class DocumentState(StrEnum):
    """How far the latest draft has come. Labels in both languages: domain/vocabulary/document_states.json."""

    DRAFTED = "drafted"
    SIGNED_BY_OWNER = "signed_by_owner"
    SIGNED_BY_PARTNER = "signed_by_partner"
    SIGNED = "signed"
    ACTIVATED = "activated"


def document_rows(context: Context, kind: DocumentKind, at: datetime) -> list[Row]:
    """Return a row for each document of a kind, by owner and place of its first draft.

    `at` decides which version is in force.
    """
    drafts = context.standing(kind.drafted)
    places = dict.fromkeys((draft.role, draft.head.subject_id) for draft in drafts if draft.head is not None)
    in_force = versions_of(context.standing(kind.activated), context.find, context.is_disputed).at(at)
    current = None if in_force is None else in_force.activation
    return [
        _document_row(document_of(context, kind, owner, document_id), owner, document_id, current, context)
        for owner, document_id in places
    ]


def document_state(document: Document, draft: PastEvent, context: Context) -> DocumentState:
    """Return how far a draft has come; disputed signatures and activations count for nothing."""
    if any(names_signature(document, activation, draft) for activation in standing_in(document.activations, context)):
        return DocumentState.ACTIVATED
    signed = {each.role for each in standing_in(document.signatures_under(draft), context)}
    if len(signed) == len(Role):
        return DocumentState.SIGNED
    if not signed:
        return DocumentState.DRAFTED
    return DocumentState.SIGNED_BY_OWNER if draft.role in signed else DocumentState.SIGNED_BY_PARTNER


def standing_in(events: tuple[PastEvent, ...] | list[PastEvent], context: Context) -> list[PastEvent]:
    """Return the events that nobody disputes."""
    return [past for past in events if not context.is_disputed(past)]


def names_signature(document: Document, activation: PastEvent, draft: PastEvent) -> bool:
    """Tell whether an activation names a signature under a draft."""
    signatures = document.signatures_under(draft)
    return any(names(ref, signature) for signature in signatures for ref in activation.body.signatures)


def _document_row(
    document: Document, owner: Role, document_id: str, current: PastEvent | None, context: Context
) -> Row:
    versions = [_version_row(document, draft, current, context) for draft in document.drafts]
    return {
        "document": document_id,
        "kind": document.kind.name,
        "owner": owner.value,
        "state": versions[-1]["state"],
        "version": versions[-1]["version"],
        "versions": versions,
    }


def _version_row(document: Document, draft: PastEvent, current: PastEvent | None, context: Context) -> Row:
    activation = next((each for each in document.activations if names_signature(document, each, draft)), None)
    signatures = {role.value: _signed(document.signature_of(role, draft)) for role in Role}
    return {
        "version": draft.body.version,
        "state": document_state(document, draft, context).value,
        "entry": ref_to(draft),
        "drafted_at": draft.time,
        "violates": draft.violates,
        "disputed": context.is_disputed(draft),
        "signatures": signatures,
        "activation": None if activation is None else _activated(activation),
        "in_force": activation is not None and activation is current,
        "body": draft.body.model_dump(by_alias=True, mode="json", exclude={"salt"}),
    }


def _signed(signature: PastEvent | None) -> Row | None:
    if signature is None or signature.head is None:
        return None
    return {"by": signature.head.actor, "at": signature.time, "entry": ref_to(signature)}


def _activated(activation: PastEvent) -> Row:
    return {
        "at": activation.time,
        "effective_from": activation.body.effective_from,
        "entry": ref_to(activation),
    }
