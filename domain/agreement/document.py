"""A document that both parties sign: the agreement, and the communication list made under it.

Its owner drafts it in its own journal, versions rising; both sign the same draft, the owner in the document's subject,
the partner in the review of it; the owner activates what both signed. Remembering never refuses.
"""

from dataclasses import dataclass, replace

from domain.citations import Citation
from domain.evidence import names
from domain.judging.context import Context
from domain.judging.history import PastEvent
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
