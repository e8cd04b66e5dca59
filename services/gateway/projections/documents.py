"""Agreements and communication lists with their versions and states, read from the stored entries themselves."""

from datetime import datetime
from typing import Any

from domain.agreement.document import DocumentKind
from domain.items.documents import document_rows
from domain.items.review_required import occasions_in
from domain.items.surroundings import EVERYTHING, everything_in
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.store import Store
from services.gateway.projections.held import load_held
from services.gateway.projections.registers import implemented_changes


def shown_documents(
    store: Store,
    read_model: ReadModel,
    relationship: int,
    kind: DocumentKind,
    *,
    at: datetime,
    as_of: int | None = None,
) -> list[dict[str, Any]]:
    """Return the documents of a kind with all versions; `at` decides what is in force, `as_of` is a local sequence."""
    until = EVERYTHING if as_of is None else as_of
    with store.reading() as reading, read_model.reading() as rows:
        held = load_held(reading, relationship, as_of=until)
        implemented = implemented_changes(reading, rows, relationship, as_of)
    context = everything_in(held.views)
    return document_rows(context, kind, at, occasions_in(context, implemented))
