"""Why a step on a document that both parties sign is refused."""

from domain.citations import Citation
from domain.errors import DomainError


class DocumentStateError(DomainError):
    """The document is not in a state for this step: an older draft, signed already, activated already."""

    code = "document.wrong_state"
    slug = "state-transition"
    refusal = "entry.wrong_state"


class DocumentIncompleteError(DomainError):
    """A document may not be activated yet; the detail says everything that is missing."""

    code = "document.incomplete"
    slug = "state-transition"
    refusal = "gate.agreement"

    def __init__(self, detail: str, source: Citation) -> None:
        super().__init__(detail)
        self.source = source
