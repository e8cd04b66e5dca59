"""Agreements and communication lists: drafted, signed by both, activated; shown with all versions and states."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import Field

from domain.agreement.commands import DraftAgreement
from domain.agreement.rules import AGREEMENT
from domain.communication_list.rules import COMMUNICATION_LIST
from events.catalogue.agreement import MAX_PRODUCTS, MAX_TERMS, Policies, Term
from events.catalogue.bodies import EventRef, Product
from events.catalogue.communication_list import MAX_ROWS, Row
from events.catalogue.forms import Day
from events.catalogue.words import AgreementKind
from events.encoding.identifiers import UUID, Role
from services.gateway.api.asked import ItemField, RelationshipField, SignatureAsked, WithAttachments
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Caller, Reader, TheGateway, records
from services.gateway.api.edge.commanding import Commanding, Commands
from services.gateway.api.edge.moments import AsOfText, Moment, moment_of, respond_at
from services.gateway.api.edge.relationships import RelationshipName, chosen, named
from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem
from services.gateway.api.routes.deviations import MADE
from services.gateway.api.shapes import Rows, Shape, page_of
from services.gateway.api.steps import steps_of
from services.gateway.commands import documents
from services.gateway.commands.documents import AGREEMENTS, LISTS, DocumentSteps, Listing
from services.gateway.commands.matters import Matter
from services.gateway.projections.documents import shown_documents

agreements = APIRouter(prefix="/v1/agreements", tags=["agreements"])
lists = APIRouter(prefix="/v1/communication-lists", tags=["communication list"])

DocumentId = Annotated[str, Path(pattern=f"^{UUID.pattern}$", description="the document's UUID")]
AgreementDrafter = Annotated[Caller, Depends(records(AGREEMENT.drafted))]
AgreementSigner = Annotated[Caller, Depends(records(AGREEMENT.signed))]
AgreementActivator = Annotated[Caller, Depends(records(AGREEMENT.activated))]
ListDrafter = Annotated[Caller, Depends(records(COMMUNICATION_LIST.drafted))]
ListSigner = Annotated[Caller, Depends(records(COMMUNICATION_LIST.signed))]
ListActivator = Annotated[Caller, Depends(records(COMMUNICATION_LIST.activated))]


class AgreementAsked(WithAttachments):
    """Draft an agreement; `document`: the next version of that one."""

    relationship: RelationshipField = None
    document: ItemField | None = None
    agreement_kind: AgreementKind
    consult_right: bool
    inspect_right: bool
    products: list[Product] = Field(default_factory=list, max_length=MAX_PRODUCTS)
    terms: list[Term] = Field(default_factory=list, max_length=MAX_TERMS)
    policies: Policies = Field(default_factory=Policies)


class ListAsked(WithAttachments):
    """Draft a communication list, by default under the agreement activated last."""

    relationship: RelationshipField = None
    document: ItemField | None = None
    agreement: EventRef | None = None
    rows: list[Row] = Field(max_length=MAX_ROWS)


class DocumentSignatureAsked(RequestModel):
    """Sign a draft, by default the latest."""

    signature: SignatureAsked
    draft: EventRef | None = None


class ActivationAsked(RequestModel):
    """Put in force what both signed, from 00:00 Beijing of a day on."""

    effective_from: Day
    signature: SignatureAsked


@agreements.get("", responses=page_of(Rows))
def list_agreements(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
) -> Response:
    """List agreements with all versions."""
    return _list(request, gateway, AGREEMENTS, relationship, as_of)


@agreements.get("/{document}", responses=page_of(Shape))
def read_agreement(
    request: Request, caller: Reader, gateway: TheGateway, document: DocumentId, as_of: AsOfText = None
) -> Response:
    """Return one agreement with all versions, and the caller's steps."""
    return _read(request, gateway, caller, AGREEMENTS, document, as_of=as_of)


@agreements.post("", status_code=201, responses=MADE)
def draft_agreement(
    caller: AgreementDrafter, commands: Commands, given: Annotated[Given[AgreementAsked], body(AgreementAsked)]
) -> Response:
    """Draft the first or the next version of an agreement."""
    wanted = given.value
    asked = commands.asked(caller, given, wanted.relationship)
    command = DraftAgreement(
        wanted.document or commands.new_id(),
        wanted.agreement_kind,
        wanted.consult_right,
        wanted.inspect_right,
        wanted.products,
        wanted.terms,
        wanted.policies,
        wanted.attachments,
    )
    return commands.submit(documents.draft_an_agreement(asked, command))


@agreements.post("/{document}/signatures", status_code=201, responses=MADE)
def sign_agreement(
    caller: AgreementSigner,
    commands: Commands,
    document: DocumentId,
    given: Annotated[Given[DocumentSignatureAsked], body(DocumentSignatureAsked)],
) -> Response:
    """Sign a draft of an agreement."""
    return _sign(commands, caller, AGREEMENTS, document, given)


@agreements.post("/{document}/activation", status_code=201, responses=MADE)
def activate_agreement(
    caller: AgreementActivator,
    commands: Commands,
    document: DocumentId,
    given: Annotated[Given[ActivationAsked], body(ActivationAsked)],
) -> Response:
    """Put an agreement in force that both signed."""
    return _activate(commands, caller, AGREEMENTS, document, given)


@lists.get("", responses=page_of(Rows))
def list_lists(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
) -> Response:
    """List communication lists (their rules, not the items) with all versions."""
    return _list(request, gateway, LISTS, relationship, as_of)


@lists.get("/{document}", responses=page_of(Shape))
def read_list(
    request: Request, caller: Reader, gateway: TheGateway, document: DocumentId, as_of: AsOfText = None
) -> Response:
    """Return one communication list with all versions, and the caller's steps."""
    return _read(request, gateway, caller, LISTS, document, as_of=as_of)


@lists.post("", status_code=201, responses=MADE)
def draft_list(
    caller: ListDrafter, commands: Commands, given: Annotated[Given[ListAsked], body(ListAsked)]
) -> Response:
    """Draft the first or the next version of a communication list."""
    wanted = given.value
    asked = commands.asked(caller, given, wanted.relationship)
    listing = Listing(wanted.rows, wanted.agreement, wanted.attachments)
    return commands.submit(documents.draft_a_list(asked, wanted.document or commands.new_id(), listing))


@lists.post("/{document}/signatures", status_code=201, responses=MADE)
def sign_list(
    caller: ListSigner,
    commands: Commands,
    document: DocumentId,
    given: Annotated[Given[DocumentSignatureAsked], body(DocumentSignatureAsked)],
) -> Response:
    """Sign a draft of a communication list."""
    return _sign(commands, caller, LISTS, document, given)


@lists.post("/{document}/activation", status_code=201, responses=MADE)
def activate_list(
    caller: ListActivator,
    commands: Commands,
    document: DocumentId,
    given: Annotated[Given[ActivationAsked], body(ActivationAsked)],
) -> Response:
    """Put a communication list in force that both signed."""
    return _activate(commands, caller, LISTS, document, given)


def _sign(
    commands: Commanding, caller: Caller, steps: DocumentSteps, document: str, given: Given[DocumentSignatureAsked]
) -> Response:
    name, owner = _place(commands.gateway, steps, document)
    asked = commands.asked(caller, given, name)
    wanted = given.value
    return commands.submit(
        documents.sign(asked, steps, owner, document, wanted.signature.signing(), draft=wanted.draft)
    )


def _activate(
    commands: Commanding, caller: Caller, steps: DocumentSteps, document: str, given: Given[ActivationAsked]
) -> Response:
    name, owner = _place(commands.gateway, steps, document)
    if owner is not commands.gateway.profile.role:
        raise Problem(
            "not-permitted", "a document is activated by the party that drafted it", code="entry.wrong_author"
        )
    asked = commands.asked(caller, given, name)
    day = date.fromisoformat(given.value.effective_from)
    return commands.submit(documents.activate(asked, steps, document, day, given.value.signature.signing()))


def _place(gateway: Gateway, steps: DocumentSteps, document: str) -> tuple[str, Role]:
    """Return in which relationship a document is, and whose.

    Raises:
        Problem: `not-found`.
    """
    subject = steps.kind.subject(document)
    with gateway.store.reading() as reading:
        for stored in reading.relationships():
            for owner in Role:
                history = reading.histories(stored.number, owner, [subject])[subject]
                if any(entry.code is None for entry in history):
                    return str(stored.relationship), owner
    raise Problem("not-found", f"there is no {steps.en} {document}")


def _list(
    request: Request, gateway: Gateway, steps: DocumentSteps, relationship: str | None, as_of: str | None
) -> Response:
    moment = moment_of(gateway, as_of)
    rows = _rows(gateway, steps, relationship, moment)
    return respond_at(request, moment, orjson.dumps({"data": rows}))


def _read(
    request: Request, gateway: Gateway, caller: Caller, steps: DocumentSteps, document: str, *, as_of: str | None
) -> Response:
    moment = moment_of(gateway, as_of)
    found = next((row for row in _rows(gateway, steps, None, moment) if row["document"] == document), None)
    if found is None:
        raise Problem("not-found", f"there is no {steps.en} {document}")
    if not moment.fixed:
        with gateway.store.reading() as reading:
            stored = named(reading, found["relationship"])
        matter = Matter(steps.kind.name, document, Role(found["owner"]))
        found = {**found, "steps": steps_of(gateway, caller, stored, matter)}
    return respond_at(request, moment, orjson.dumps(found))


def _rows(gateway: Gateway, steps: DocumentSteps, relationship: str | None, moment: Moment) -> list[dict[str, Any]]:
    with gateway.store.reading() as reading:
        relationships = chosen(reading, relationship)
    now = gateway.clock.now()
    return [
        {"relationship": str(stored.relationship), **row}
        for stored in relationships
        for row in shown_documents(
            gateway.store, gateway.read_model, stored.number, steps.kind, at=now, as_of=moment.as_of
        )
    ]
