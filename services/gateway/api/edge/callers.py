"""Who calls: the token's actor, and whether its role lets it do this. Asked before anything of the body is read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from events.stored.access import StoredToken
from services.gateway.access.errors import TokenMissingError, TokenRoleError
from services.gateway.access.roles import Permission, may, may_record
from services.gateway.access.tokens import find_token
from services.gateway.api.gateway import Gateway

_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="A token of `counterfoil token create`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """The token by which a request came."""

    token: StoredToken

    @property
    def actor(self) -> str:
        """`person/<id>` or `system/<name>`."""
        return self.token.actor

    @property
    def id(self) -> str:
        """The token's id: idempotency keys of one token never meet another's."""
        return self.token.id


async def gateway_of(request: Request) -> Gateway:
    """Return the engine behind the app."""
    gateway: Gateway = request.app.state.gateway
    return gateway


TheGateway = Annotated[Gateway, Depends(gateway_of)]


def any_caller(
    gateway: TheGateway, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Caller:
    """Return who calls, whatever the role.

    Raises:
        AccessError: there is no token, or it is not in force.
    """
    if credentials is None:
        raise TokenMissingError("send the header Authorization: Bearer <token>")
    return Caller(find_token(gateway.store, credentials.credentials, gateway.clock.now()))


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


AnyCaller = Annotated[Caller, Depends(any_caller)]
Reader = Annotated[Caller, Depends(needs(Permission.READ))]
Importer = Annotated[Caller, Depends(needs(Permission.IMPORT))]
Pairer = Annotated[Caller, Depends(needs(Permission.PAIR))]
Operator = Annotated[Caller, Depends(needs(Permission.OPERATE))]
TokenEditor = Annotated[Caller, Depends(needs(Permission.TOKENS))]
