"""What people confirm their signatures with: given by an administrator, renewed by the person with what stands."""

from typing import Annotated, Self

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import Field, SecretStr, model_validator

from domain.parties.right import PERSON
from services.gateway.access.errors import TokenBoundError, TokenRoleError
from services.gateway.access.signing.confirming import Confirming, Enrolling
from services.gateway.access.signing.errors import ConfirmationMissingError
from services.gateway.access.signing.secrets import LONGEST_PASSWORD, SHORTEST_PASSWORD
from services.gateway.api.asked import ConfirmationAsked
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import AnyCaller, TokenEditor, WholeGateway
from services.gateway.api.shapes import SigningSecret

router = APIRouter(prefix="/v1", tags=["access"])

Password = Annotated[SecretStr, Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)]
PersonId = Annotated[str, Path(pattern=r"^[^\s/\x00-\x1f\x7f]{1,128}$", description="the id, without `person/`")]


class SigningSecretAsked(RequestModel):
    """A password, or `codes`: a new secret for one-time codes, whose address is told once."""

    password: Password | None = None
    codes: bool = False

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.password is not None) == self.codes:
            raise ValueError("a password or codes, one of them")
        return self


class RenewalAsked(SigningSecretAsked):
    """The new one, confirmed by what the person has now."""

    confirmation: ConfirmationAsked


@router.put("/people/{person}/signing-secret", responses={200: {"model": SigningSecret}})
def enrol(
    request: Request,
    caller: TokenEditor,
    gateway: WholeGateway,
    person: PersonId,
    given: Annotated[Given[SigningSecretAsked], body(SigningSecretAsked)],
) -> Response:
    """Give a person something to confirm signatures with; what was there is replaced, and a lock is lifted."""
    if caller.bound is not None:
        raise TokenBoundError(
            f"a person signs in all relationships; this token is bound to {caller.bound.relationship}"
        )
    return _enrolled(_enrolling(request), gateway.party.name, person, given.value, gateway)


@router.put("/me/signing-secret", responses={200: {"model": SigningSecret}})
def renew(
    request: Request,
    caller: AnyCaller,
    gateway: WholeGateway,
    given: Annotated[Given[RenewalAsked], body(RenewalAsked)],
) -> Response:
    """Replace what the caller confirms signatures with."""
    if not caller.actor.startswith(PERSON):
        raise TokenRoleError("a system signs nothing")
    confirming: Confirming | None = request.app.state.confirming
    if confirming is None:
        raise _unknown()
    confirming.confirm(caller.actor, given.value.confirmation.confirmation())
    person = caller.actor.removeprefix(PERSON)
    return _enrolled(_enrolling(request), gateway.party.name, person, given.value, gateway)


def _enrolled(
    enrolling: Enrolling, issuer: str, person: str, asked: SigningSecretAsked, gateway: WholeGateway
) -> Response:
    at = gateway.clock.now()
    if asked.password is not None:
        enrolling.password(person, asked.password.get_secret_value(), at)
        return respond_json({"person": person, "kind": "password", "address": None})
    return respond_json({"person": person, "kind": "codes", "address": enrolling.codes(person, issuer, at)})


def _enrolling(request: Request) -> Enrolling:
    enrolling: Enrolling | None = request.app.state.enrolling
    if enrolling is None:
        raise _unknown()
    return enrolling


def _unknown() -> ConfirmationMissingError:
    return ConfirmationMissingError("this gateway knows nothing by which signatures are confirmed")
