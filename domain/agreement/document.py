"""A document that both parties sign: the agreement, and the communication list made under it.

Its owner drafts it in its own journal, versions rising; both sign the same draft, the owner in the document's subject,
the partner in the review of it; the owner activates what both signed. Remembering never refuses.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.citations import Citation
from domain.evidence import names
from domain.judging.context import Context, Standing
from domain.judging.history import PastEvent
from events.catalogue.agreement import Signed
from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """The event types and subjects of one kind of document, such as `agreement`, and the law that asks for it."""

    name: str
    source: Citation

    @property
    def drafted(self) -> str:
        """Return the type of its drafts."""
        return f"{self.name}.drafted.v1"

    @property
    def signed(self) -> str:
        """Return the type of its owner's signatures."""
        return f"{self.name}.signed.v1"

    @property
    def review_signed(self) -> str:
        """Return the type of the partner's signatures."""
        return f"{self.name}_review.signed.v1"

    @property
    def activated(self) -> str:
        """Return the type of its activations."""
        return f"{self.name}.activated.v1"

    def subject(self, document_id: str) -> str:
        """Return the owner's subject."""
        return f"{self.name}/{document_id}"

    def review_subject(self, document_id: str) -> str:
        """Return the partner's subject."""
        return f"{self.name}_review/{document_id}"


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of one document, each part oldest first."""

    kind: DocumentKind
    drafts: tuple[PastEvent, ...] = ()
    signatures: tuple[PastEvent, ...] = ()
    activations: tuple[PastEvent, ...] = ()

    @property
    def latest(self) -> PastEvent | None:
        """Return the latest draft."""
        return self.drafts[-1] if self.drafts else None

    def is_activated(self, draft: PastEvent) -> bool:
        """Tell whether an activation names signatures under this draft."""
        named = [ref for activation in self.activations for ref in activation.body.signatures]
        return any(names(ref, signature) for signature in self.signatures_under(draft) for ref in named)

    def signatures_under(self, draft: PastEvent) -> list[PastEvent]:
        """Return both parties' signatures under a draft."""
        return [signature for signature in self.signatures if names(signature.body.draft, draft)]

    def signature_of(self, role: Role, draft: PastEvent) -> PastEvent | None:
        """Return a party's signature under a draft."""
        return next((each for each in self.signatures_under(draft) if each.role is role), None)


def initial(kind: DocumentKind) -> Document:
    """Return a document of which nothing is known."""
    return Document(kind)


def evolve(document: Document, past: PastEvent) -> Document:
    """Remember one accepted event of the document or of its review."""
    kind, name = document.kind, past.type.name if past.type else ""
    if name == kind.drafted:
        return replace(document, drafts=(*document.drafts, past))
    if name in (kind.signed, kind.review_signed):
        return replace(document, signatures=(*document.signatures, past))
    if name == kind.activated:
        return replace(document, activations=(*document.activations, past))
    return document


def document_of(context: Context, kind: DocumentKind, owner: Role, document_id: str) -> Document:
    """Return a document as a context shows it."""
    document = initial(kind)
    for past in context.accepted(owner, kind.subject(document_id)):
        document = evolve(document, past)
    for past in context.accepted(owner.other, kind.review_subject(document_id)):
        document = evolve(document, past)
    return document


def signatures_named(activation: PastEvent, context: Context) -> list[PastEvent]:
    """Return the signatures that an activation names."""
    found = (context.find(ref) for ref in activation.body.signatures)
    return [past for past in found if past is not None and isinstance(past.body, Signed)]


def draft_named(activation: PastEvent, context: Context) -> PastEvent | None:
    """Return the draft that an activation put in force: the one under the first signature that it names."""
    signatures = signatures_named(activation, context)
    return context.find(signatures[0].body.draft) if signatures else None


def activations_beside(draft: PastEvent, activated: str, context: Context) -> list[PastEvent]:
    """Return the activations of whatever an activation of this draft would replace; what both settled away is none."""
    found = []
    for activation in context.standing(activated):
        other = draft_named(activation, context)
        is_void = context.standing_state(activation) is Standing.VOID
        if other is not None and not is_void and line_of(other) == line_of(draft):
            found.append(activation)
    return found


def signers_of(draft: PastEvent, signatures: Iterable[PastEvent], beside: Iterable[PastEvent]) -> set[Role]:
    """Return who signed a draft with these activations in view: what was signed before them has lapsed.

    Otherwise one party alone would bring back an agreement that both signed once and never put in force.
    """
    lasting = [each for each in signatures if all(each.has_seen(activation) for activation in beside)]
    return {each.role for each in lasting if names(each.body.draft, draft)}


def line_of(draft: PastEvent) -> str:
    """Return the kind of an agreement, empty for a list: the versions of one line replace each other."""
    return getattr(draft.body, "agreement_kind", "")
