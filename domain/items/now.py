"""The state of a matter or a document as a context shows it, in the words of its row."""

from domain.agreement.document import DocumentKind, document_of
from domain.items.documents import DOCUMENTS, document_state
from domain.items.item import Item, item_of
from domain.items.state import state_of
from domain.items.surroundings import surroundings_of
from domain.judging.context import Context
from domain.steps.history import history_of
from events.encoding.identifiers import Role


def state_now(context: Context, owner: Role, kind: str, identity: str) -> str | None:
    """Return how far a matter or the latest draft of a document has come; None while nothing has opened it."""
    if kind in DOCUMENTS:
        return _state_of_document(context, owner, DOCUMENTS[kind], identity)
    surroundings = surroundings_of(context.views)
    item = item_of(history_of(context, owner, kind, identity).all, surroundings)
    if item is None:
        return None
    return str(state_of(item, surroundings)) if isinstance(item, Item) else item.state


def _state_of_document(context: Context, owner: Role, kind: DocumentKind, identity: str) -> str | None:
    document = document_of(context, kind, owner, identity)
    return None if document.latest is None else str(document_state(document, document.latest, context))
