"""Partners: invitations each way, the fingerprint that people compare, and how the exchange stands."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from events.catalogue.forms import Name
from events.catalogue.opening import FINGERPRINT, MAX_VKEY
from events.pairing import MAX_INVITATION_BYTES, MAX_TEXT
from events.stored.journal import StoredReceipt
from services.gateway.api.edge.answers import Key, digest_of, respond_json, respond_once
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import AnyCaller, Caller, Operator, Pairer, TheGateway
from services.gateway.api.edge.once import Once
from services.gateway.api.edge.relationships import Cmo, Mah, named
from services.gateway.api.gateway import Gateway, PartnerStatus
from services.gateway.api.problems import Problem
from services.gateway.api.routes.projections import conclusions_row
from services.gateway.api.shapes import CommandAnswer, Pairing, Rows, Shape, made
from services.gateway.exchange.jobs import Answer
from services.gateway.exchange.pairing import fingerprint_of

router = APIRouter(prefix="/v1/partners", tags=["partners"])
clock = APIRouter(prefix="/v1/clock", tags=["operation"])

_ONE = "/{mah}/{cmo}"


class InvitationAsked(RequestModel):
    """Whom to invite."""

    partner_uscc: str = Field(pattern="^[0-9A-HJ-NPQRTUWXY]{18}$")
    partner_name: Name | None = None


class InvitationGiven(RequestModel):
    """A partner's invitation file as it is; what it must hold is in formats.md 8."""

    format: str = Field(max_length=100)
    party: str = Field(max_length=MAX_TEXT)
    role: str = Field(max_length=MAX_TEXT)
    name: str = Field(max_length=MAX_TEXT)
    relationship: str = Field(max_length=MAX_TEXT)
    keys: list[Annotated[str, Field(max_length=MAX_VKEY)]] = Field(max_length=16)
    label_key: str = Field(max_length=MAX_TEXT)
    wire: str = Field(max_length=MAX_TEXT)
    topic: str = Field(max_length=MAX_TEXT)


class ConfirmationAsked(RequestModel):
    """The fingerprint as it was read to the person by the partner."""

    fingerprint: str = Field(max_length=200, examples=["d4e5 0000 ..."], description=f"as {FINGERPRINT}")


@router.get("", responses={200: {"model": Rows}})
def list_partners(_caller: AnyCaller, gateway: TheGateway) -> Response:
    """Say how the exchange with each partner stands."""
    return respond_json({"data": [_whole_row(gateway, each) for each in gateway.status()]})


@router.post("/invitations", status_code=201, responses={201: {"model": Shape}})
def invite(
    request: Request,
    caller: Pairer,
    gateway: TheGateway,
    key: Key,
    given: Annotated[Given[InvitationAsked], body(InvitationAsked)],
) -> Response:
    """Make the invitation file for a partner; asked again, the same one is returned."""
    wanted = given.value

    def work() -> Answer:
        return Answer(201, gateway.invite(wanted.partner_uscc, wanted.partner_name))

    return respond_once(_once(request).do(caller.id, key, digest_of(request, given.canonical), work))


@router.post("", status_code=201, responses={201: {"model": Pairing}})
def accept(
    request: Request,
    caller: Pairer,
    gateway: TheGateway,
    key: Key,
    given: Annotated[Given[InvitationGiven], body(InvitationGiven, MAX_INVITATION_BYTES)],
) -> Response:
    """Take in a partner's invitation file; the answer holds the fingerprint to compare by telephone."""

    def work() -> Answer:
        shown = gateway.accept(given.canonical)
        told = {"relationship": given.value.relationship, "fingerprint": shown}
        return Answer(201, orjson.dumps(told))

    return respond_once(_once(request).do(caller.id, key, digest_of(request, given.canonical), work))


@router.get(_ONE, responses={200: {"model": Shape}})
def read_status(_caller: AnyCaller, gateway: TheGateway, mah: Mah, cmo: Cmo) -> Response:
    """Say how the exchange with one partner stands."""
    return respond_json(_whole_row(gateway, _status(gateway, mah, cmo)))


@router.get(_ONE + "/invitation", responses={200: {"model": Shape}})
def read_invitation(_caller: Pairer, gateway: TheGateway, mah: Mah, cmo: Cmo) -> Response:
    """Return this gateway's own invitation file again."""
    with gateway.store.reading() as reading:
        return Response(named(reading, f"{mah}/{cmo}").own_invitation, media_type="application/json")


@router.get(_ONE + "/fingerprint", responses={200: {"model": Pairing}})
def read_fingerprint(_caller: Pairer, gateway: TheGateway, mah: Mah, cmo: Cmo) -> Response:
    """Return what people of both parties read to each other."""
    with gateway.store.reading() as reading:
        stored = named(reading, f"{mah}/{cmo}")
    shown = fingerprint_of(stored)
    if shown is None:
        raise Problem("not-paired", "the partner's invitation is missing; try: counterfoil partner accept FILE")
    confirmed = stored.confirmed_at is not None
    return respond_json({"relationship": f"{mah}/{cmo}", "fingerprint": shown, "confirmed": confirmed})


@router.post(_ONE + "/confirmation", status_code=201, responses=made(Shape))
def confirm(
    caller: Pairer,
    gateway: TheGateway,
    key: Key,
    mah: Mah,
    cmo: Cmo,
    *,
    given: Annotated[Given[ConfirmationAsked], body(ConfirmationAsked)],
) -> Response:
    """Commit entry 0: a named person compared the fingerprint by telephone."""
    _check_person(caller)
    with gateway.store.reading() as reading:
        number = named(reading, f"{mah}/{cmo}").number
    return respond_once(gateway.confirm(number, caller.actor, given.value.fingerprint, caller.id, key))


@clock.post("/confirmation", responses={200: {"model": CommandAnswer}})
def confirm_clock(
    caller: Operator, gateway: TheGateway, _key: Key, _given: Annotated[Given[BaseModel], body(RequestModel)]
) -> Response:
    """Go on signing after the wall clock jumped: a named person looked at it."""
    _check_person(caller)
    gateway.confirm_clock()
    return respond_json({"dry_run": False, "events": [], "sequence": None})


def status_row(status: PartnerStatus) -> dict[str, Any]:
    """Return how an exchange stands, in the words of the wire."""
    return {
        "relationship": status.relationship,
        "own_role": status.own_role.value,
        "partner": status.partner,
        "confirmed": status.confirmed,
        "paired": status.paired,
        "fingerprint": status.fingerprint,
        "own_size": status.own_size,
        "sent": status.sent,
        "waiting": max(0, status.own_size - (0 if status.heard is None else status.heard.held)),
        "held": status.held,
        "judged": status.judged,
        "heard": None if status.heard is None else _receipt_row(status.heard),
        "waiting_pages": status.waiting_pages,
        "missing_from": status.missing_from,
        "conflict": status.conflict,
        "behind": status.behind,
        "intake_stopped": status.intake_stopped,
        "wire_error": status.wire_error,
        "conclusions": conclusions_row(status),
    }


def _whole_row(gateway: Gateway, status: PartnerStatus) -> dict[str, Any]:
    """Return how an exchange stands, with how many files are named and not here."""
    missing = gateway.files.missing(status.number, status.own_role)
    return {**status_row(status), "missing_files": {"of_partner": missing.of_partner, "own": missing.own}}


def _receipt_row(receipt: StoredReceipt) -> dict[str, Any]:
    return {
        "held": receipt.held,
        "judged": receipt.judged,
        "size": receipt.size,
        "rule_set": receipt.rule_set,
        "at": receipt.at,
        "statement": receipt.statement_note.decode(),
        "checkpoint": receipt.checkpoint_note.decode(),
    }


def _status(gateway: Gateway, mah: str, cmo: str) -> PartnerStatus:
    for each in gateway.status():
        if each.relationship == f"{mah}/{cmo}":
            return each
    raise Problem("not-found", f"this gateway has no relationship {mah}/{cmo}")


def _check_person(caller: Caller) -> None:
    if not caller.actor.startswith("person/"):
        raise Problem("not-permitted", "a named person does this, not a system", code="token.role")


def _once(request: Request) -> Once:
    once: Once = request.app.state.once
    return once
