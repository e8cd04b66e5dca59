"""The steps of a document that both parties sign. Author and receiver run these same checks."""

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.agreement.document import Document, DocumentKind, activations_beside, document_of, signers_of
from domain.agreement.errors import DocumentIncompleteError, DocumentStateError
from domain.citations import Citation
from domain.evidence import evidence_of
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role

Completeness = Callable[[PastEvent, Context, datetime], list[str]]
"""What is missing in a draft before it may be activated, in words."""

_PARTY = {Role.MAH: "the holder", Role.CMO: "the manufacturer"}


def check_drafted(kind: DocumentKind, proposed: Proposed, context: Context) -> None:
    """Ask that versions rise within a document.

    Raises:
        DocumentStateError: an earlier draft has this or a higher version.
    """
    document = _document(kind, proposed, context)
    highest = max((draft.body.version for draft in document.drafts), default=0)
    version = proposed.body.version
    if version <= highest:
        raise DocumentStateError(f"version {version} was drafted after version {highest}")


def check_signed(kind: DocumentKind, proposed: Proposed, context: Context) -> None:
    """Ask that a party signs the latest draft, once.

    Raises:
        EvidenceNotFoundError: the draft is not one of this document in the context.
        DocumentStateError: there is a later draft, the draft violates a rule, or the party signed it already.
    """
    document = _document(kind, proposed, context)
    owner, document_id = _place(kind, proposed)
    draft = evidence_of(context, owner, kind.subject(document_id), proposed.body.draft, kind.drafted)
    check_may_sign(document, draft, proposed.role, context)


def check_may_sign(document: Document, draft: PastEvent, role: Role, context: Context) -> None:
    """Ask that a party may sign this draft now.

    Raises:
        DocumentStateError: there is a later draft, the draft violates a rule or is disputed, or it is signed already.
    """
    if document.latest is None or draft.position != document.latest.position:
        raise DocumentStateError("only the latest draft is signed")
    if draft.violates or context.is_disputed(draft):
        raise DocumentStateError("the draft is marked as a violation or disputed; draft it anew")
    own = (signature for signature in document.signatures_under(draft) if signature.role is role)
    if any(not context.is_disputed(signature) for signature in own):
        raise DocumentStateError(f"{_PARTY[role]} has signed this draft")


def check_activated(kind: DocumentKind, missing: Completeness, proposed: Proposed, context: Context) -> None:
    """Ask that both parties signed the latest draft, that the activation names both, and that nothing is missing.

    What was signed before another agreement (or list) was activated has lapsed: it is drafted and signed anew.

    Raises:
        EvidenceNotFoundError: something else than a signature of this document is named.
        DocumentStateError: there is no draft, or it is activated already.
        DocumentIncompleteError: `gate.agreement`, with everything that is missing.
    """
    signatures = [_signature(kind, ref, proposed, context) for ref in proposed.body.signatures]
    document = _document(kind, proposed, context)
    draft = latest_to_activate(document)
    lacking = unsigned(kind, signatures, draft, context)
    _ask_for_all([*lacking, *missing(draft, context, proposed.time)], kind.source)


def latest_to_activate(document: Document) -> PastEvent:
    """Return the draft that may be activated next.

    Raises:
        DocumentStateError: there is no draft, or the latest is activated already.
    """
    if document.latest is None:
        raise DocumentStateError("there is no draft to activate")
    if document.is_activated(document.latest):
        raise DocumentStateError("the latest draft is activated already")
    return document.latest


def unsigned(kind: DocumentKind, signatures: Sequence[PastEvent], draft: PastEvent, context: Context) -> list[str]:
    """Say whose signature under this draft is missing among these, has lapsed, or cannot be relied on."""
    undisputed = [signature for signature in signatures if not context.is_disputed(signature)]
    beside = activations_beside(draft, kind.activated, context)
    signed, lasting = (signers_of(draft, undisputed, each) for each in ((), beside))
    version = f"version {draft.body.version}, the latest draft"
    return [
        *(f"{_PARTY[role]}'s undisputed signature under {version}" for role in Role if role not in signed),
        *(f"{_PARTY[role]}'s signature since another one was activated; draft it anew" for role in signed - lasting),
    ]


def _ask_for_all(missing: Sequence[str], source: Citation) -> None:
    if missing:
        raise DocumentIncompleteError("missing: " + "; ".join(missing), source)


def _signature(kind: DocumentKind, ref: EventRef, proposed: Proposed, context: Context) -> PastEvent:
    """Return the signature that an activation names: the owner's in the document, its partner's in the review."""
    owner, document_id = _place(kind, proposed)
    if ref.journal.partition(".")[0] == owner.value:
        return evidence_of(context, owner, kind.subject(document_id), ref, kind.signed)
    return evidence_of(context, owner.other, kind.review_subject(document_id), ref, kind.review_signed)


def _document(kind: DocumentKind, proposed: Proposed, context: Context) -> Document:
    return document_of(context, kind, *_place(kind, proposed))


def _place(kind: DocumentKind, proposed: Proposed) -> tuple[Role, str]:
    """Return the owner of the document meant and its UUID."""
    written, _, document_id = proposed.subject.partition("/")
    return (proposed.role if written == kind.name else proposed.role.other), document_id
