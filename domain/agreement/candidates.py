"""What the steps of a document that both parties sign could name now."""

from collections.abc import Iterable

from domain.agreement.document import DocumentKind, document_of
from domain.agreement.steps import signatures_to_name
from domain.evidence import reference
from domain.steps.candidates import Asking, Candidate, Candidates, naming


def candidates_of_document(kind: DocumentKind) -> dict[str, Candidates]:
    """Return the candidates of a kind of document: any draft to sign, and both signatures to put it in force."""

    def signatures(asking: Asking) -> Iterable[Candidate]:
        document = document_of(asking.context, kind, asking.owner, asking.identity)
        return [{"signatures": [reference(each) for each in signatures_to_name(document, asking.context)]}]

    draft = naming(draft=kind.drafted)
    return {kind.signed: draft, kind.review_signed: draft, kind.activated: signatures}
