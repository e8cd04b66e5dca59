"""Tokens: made, listed and revoked. A secret is answered once and kept nowhere."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import Field

from events.encoding.identifiers import UUID
from events.stored.access import StoredToken
from services.gateway.access.roles import PERMISSIONS
from services.gateway.access.tokens import (
    MAX_LABEL,
    MAX_LIFETIME,
    TokenRequest,
    create_token,
    is_in_force,
    list_tokens,
    revoke_token,
)
from services.gateway.api.asked import RelationshipField
from services.gateway.api.edge.answers import Key, digest_of, respond_json, respond_once
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Caller, TheGateway, TokenEditor
from services.gateway.api.edge.once import Once
from services.gateway.api.edge.relationships import named
from services.gateway.api.gateway import Gateway
from services.gateway.api.shapes import MadeToken, Token, TokenList
from services.gateway.exchange.jobs import Answer

router = APIRouter(prefix="/v1/tokens", tags=["access"])

DEFAULT_DAYS = 90


class TokenAsked(RequestModel):
    """Whom a token speaks for, the most it may do, what it is for, how many days it lives.

    `relationship`: the one that it sees; left out, it sees as much as the token it is made by.
    """

    actor: str = Field(pattern=r"^(person|system)/[^\s/\x00-\x1f\x7f]{1,128}$")
    role: str = Field(json_schema_extra={"enum": list(PERMISSIONS)})
    label: str = Field(default="", max_length=MAX_LABEL)
    days: int = Field(default=DEFAULT_DAYS, ge=1, le=MAX_LIFETIME.days)
    relationship: RelationshipField = None


@router.get("", responses={200: {"model": TokenList}})
def list_all(_caller: TokenEditor, gateway: TheGateway) -> Response:
    """List all tokens, those expired and revoked too."""
    now = gateway.clock.now()
    return respond_json({"data": [token_row(token, now) for token in list_tokens(gateway.store)]})


@router.post("", status_code=201, responses={201: {"model": MadeToken}})
def make(
    request: Request,
    caller: TokenEditor,
    gateway: TheGateway,
    key: Key,
    asked: Annotated[Given[TokenAsked], body(TokenAsked)],
) -> Response:
    """Make a token and say its secret, once."""
    once: Once = request.app.state.once
    return respond_once(
        once.do(caller.id, key, digest_of(request, asked.canonical), lambda: _made(gateway, caller, asked.value))
    )


@router.delete("/{token_id}", responses={200: {"model": Token}})
def revoke(
    _caller: TokenEditor,
    gateway: TheGateway,
    _key: Key,
    token_id: Annotated[str, Path(pattern=f"^{UUID.pattern}$")],
) -> Response:
    """Revoke a token at once."""
    now = gateway.clock.now()
    return respond_json(token_row(revoke_token(gateway.store, token_id, now), now))


def token_row(token: StoredToken, now: datetime) -> dict[str, Any]:
    """Return what may be shown of a token."""
    return {
        "id": token.id,
        "actor": token.actor,
        "role": token.role,
        "label": token.label,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "relationship": token.bound_to,
        "is_in_force": is_in_force(token, now),
    }


def _made(gateway: Gateway, caller: Caller, asked: TokenAsked) -> Answer:
    """Make a token that sees no more than the token it is made by."""
    if asked.relationship is not None:
        with gateway.store.reading() as reading:
            named(reading, asked.relationship)
    bound_to = asked.relationship or caller.token.bound_to
    wanted = TokenRequest(asked.actor, asked.role, asked.label, timedelta(days=asked.days), bound_to)
    made = create_token(gateway.store, wanted, gateway.clock.now(), gateway.chance)
    row = token_row(made.stored, gateway.clock.now())
    return Answer(201, orjson.dumps({**row, "token": made.secret}))
