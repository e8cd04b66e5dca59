"""Who calls: the token's actor, and whether its role lets it do this. Asked before anything of the body is read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from events.stored.access import StoredToken
from events.stored.relationship import StoredRelationship
from services.gateway.access.errors import TokenMissingError, TokenRoleError
from services.gateway.access.roles import Permission, may, may_record
from services.gateway.access.tokens import find_token, relationship_of
from services.gateway.api.bound import GatewayOfOne
from services.gateway.api.gateway import Gateway

_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="A token of `counterfoil token create`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """The token by which a request came, and the relationship that it is bound to, None where it sees all."""

    token: StoredToken
    bound: StoredRelationship | None = None

    @property
    def actor(self) -> str:
        """`person/<id>` or `system/<name>`."""
        return self.token.actor

    @property
    def id(self) -> str:
        """The token's id: idempotency keys of one token never meet another's."""
        return self.token.id


async def whole_gateway(request: Request) -> Gateway:
    """Return the engine behind the app."""
    gateway: Gateway = request.app.state.gateway
    return gateway


WholeGateway = Annotated[Gateway, Depends(whole_gateway)]
"""For calls that ask for no token; all others take `TheGateway`."""


def any_caller(
    gateway: WholeGateway, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Caller:
    """Return who calls, whatever the role.

    Raises:
        AccessError: there is no token, or it is not in force, or bound to a relationship that is not here.
    """
    if credentials is None:
        raise TokenMissingError("send the header Authorization: Bearer <token>")
    token = find_token(gateway.store, credentials.credentials, gateway.clock.now())
    return Caller(token, relationship_of(gateway.store, token))


AnyCaller = Annotated[Caller, Depends(any_caller)]


async def gateway_for(gateway: WholeGateway, caller: AnyCaller) -> Gateway:
    """Return the engine as the caller may see it."""
    return gateway if caller.bound is None else GatewayOfOne(gateway, caller.bound)


TheGateway = Annotated[Gateway, Depends(gateway_for)]


@lru_cache
def needs(*permissions: Permission) -> Callable[..., object]:
    """Return a dependency that lets callers pass whose role has one of these permissions."""

    async def permitted(caller: AnyCaller) -> Caller:
        if not any(may(caller.token.role, permission) for permission in permissions):
            raise TokenRoleError(f"a token of the role {caller.token.role} may not {' or '.join(permissions)}")
        return caller

    return permitted


@lru_cache
def records(*types: str) -> Callable[..., object]:
    """Return a dependency that lets callers pass whose role may record one of these event types."""

    async def permitted(caller: AnyCaller) -> Caller:
        if not may_record(caller.token.role, *types):
            raise TokenRoleError(f"a token of the role {caller.token.role} may not record {' or '.join(types)}")
        return caller

    return permitted


Reader = Annotated[Caller, Depends(needs(Permission.READ))]
Importer = Annotated[Caller, Depends(needs(Permission.IMPORT))]
Pairer = Annotated[Caller, Depends(needs(Permission.PAIR))]
Operator = Annotated[Caller, Depends(needs(Permission.OPERATE))]
TokenEditor = Annotated[Caller, Depends(needs(Permission.TOKENS))]
