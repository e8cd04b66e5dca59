"""Agreement and communication list as people see them: versions, who signed which, and what is in force when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from domain.agreement.document import Document, DocumentKind, document_of
from domain.agreement.in_force import Version, Versions, agreement_in_force, versions_of
from domain.agreement.rules import AGREEMENT
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.evidence import names
from domain.items.review_required import Occasion, review_reasons
from domain.items.rows import Row, ref_to
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.communication_list import CommunicationListDrafted
from events.catalogue.labels_of import labels_of_agreement
from events.encoding.identifiers import Role

DOCUMENTS: Mapping[str, DocumentKind] = {kind.name: kind for kind in (AGREEMENT, COMMUNICATION_LIST)}
"""What both parties sign, by the kind of its subjects."""


class DocumentState(StrEnum):
    """How far the latest draft has come. Labels in both languages: domain/vocabulary/document_states.json."""

    DRAFTED = "drafted"
    SIGNED_BY_OWNER = "signed_by_owner"
    SIGNED_BY_PARTNER = "signed_by_partner"
    SIGNED = "signed"
    ACTIVATED = "activated"


def document_rows(context: Context, kind: DocumentKind, at: datetime, occasions: Sequence[Occasion] = ()) -> list[Row]:
    """Return a row for each document of a kind, by owner and place of its first draft.

    `at` decides which version is in force, of each kind of agreement its own; `occasions` may ask for a review.
    """
    drafts = context.standing(kind.drafted)
    places = dict.fromkeys((draft.role, draft.head.subject_id) for draft in drafts if draft.head is not None)
    current, agreement = _in_force(context, kind, at), agreement_in_force(context, at)
    return [
        _document_row(document_of(context, kind, owner, document_id), owner, document_id, current, context)
        | _review(document_of(context, kind, owner, document_id), current, context, occasions, agreement)
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


def _in_force(context: Context, kind: DocumentKind, at: datetime) -> list[Version]:
    """Return the versions in force: of lists one, of agreements one for each kind of agreement."""
    found = versions_of(context, kind.activated)
    by_kind: dict[str, list[Version]] = {}
    for version in found:
        by_kind.setdefault(getattr(version.draft.body, "agreement_kind", ""), []).append(version)
    in_force = (Versions(versions).at(at) for versions in by_kind.values())
    return [version for version in in_force if version is not None]


def _review(
    document: Document,
    current: Sequence[Version],
    context: Context,
    occasions: Sequence[Occasion],
    agreement: Version | None,
) -> Row:
    """Return whether a document in force is to be reviewed, and why; `agreement` is the quality agreement in force."""
    version = next((each for each in current if any(each.draft.leaf == draft.leaf for draft in document.drafts)), None)
    reasons = []
    if version is not None:
        replaced = _replaced(version.draft, agreement)
        found = sorted((*occasions, *replaced), key=lambda each: each.order)
        reasons = review_reasons(document, version.activation, _products(version.draft, context), found)
    return {"review_required": bool(reasons), "review_reasons": reasons}


def _replaced(draft: PastEvent, agreement: Version | None) -> list[Occasion]:
    """Return the activation of an agreement that replaced the one of a communication list, for all products."""
    body = draft.body
    if agreement is None or not isinstance(body, CommunicationListDrafted) or names(body.agreement, agreement.draft):
        return []
    return [Occasion(agreement.activation, ())]


def _products(draft: PastEvent, context: Context) -> tuple[str, ...]:
    """Return the labels of the products that a draft is about: an agreement's own, a list's by its agreement."""
    if isinstance(draft.body, CommunicationListDrafted):
        agreement = context.find(draft.body.agreement)
        return () if agreement is None or agreement.body is None else labels_of_agreement(agreement.body)
    return labels_of_agreement(draft.body)


def _document_row(
    document: Document, owner: Role, document_id: str, current: Sequence[Version], context: Context
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


def _version_row(document: Document, draft: PastEvent, current: Sequence[Version], context: Context) -> Row:
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
        "in_force": activation is not None and any(activation is each.activation for each in current),
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
