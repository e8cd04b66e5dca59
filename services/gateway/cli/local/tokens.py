"""`counterfoil token`: bearer tokens, made on the store itself, so that the first one needs no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from events.stored.access import StoredToken
from infra.clock.system import system_chance
from infra.store.sql_store import SqlStore, open_store
from services.gateway.access.tokens import TokenRequest, create_token, is_in_force, list_tokens, revoke_token
from services.gateway.cli.errors import UsageError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.settings import Settings

ROOM = Room("token", "Bearer tokens of people and systems.")


@ROOM.local("create")
def create(
    session: Session,
    *,
    role: Annotated[str, typer.Option("--role", help="The most the token may do: qa_staff, qa_manager, auditor ...")],
    person: Annotated[str | None, typer.Option("--person", help="Whom it speaks for: a person's id.")] = None,
    system: Annotated[str | None, typer.Option("--system", help="Whom it speaks for: a system's name.")] = None,
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "",
    relationship: Annotated[
        str | None, typer.Option("--relationship", help="The one relationship that it sees, <MAH>/<CMO>; default: all.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="How long it lives; by default 90 days.")] = 90,
) -> None:
    """Make a token and write it once; only its hash is kept."""
    actor = _actor(person, system)
    lifetime = timedelta(days=days) if days else None
    made, secret = new_token(session.settings, TokenRequest(actor, role, label, lifetime, relationship))
    if session.as_json:
        session.output.json({**described(made), "token": secret})
        return
    session.output.raw(secret)
    session.output.hint(
        "This is shown once. Keep it like a password; revoke it with: counterfoil token revoke {id}", id=made.id
    )


@ROOM.local("list")
def list_(session: Session) -> None:
    """List all tokens, never their secrets."""
    with opened(session.settings) as store:
        tokens = [described(token) for token in list_tokens(store)]
    if session.as_json:
        session.output.json({"data": tokens})
        return
    columns = ("id", "actor", "role", "relationship", "label", "expires_at", "is_in_force")
    session.output.table(columns, [[token[name] for name in columns] for token in tokens])


@ROOM.local("revoke")
def revoke(session: Session, token: Annotated[str, typer.Argument(metavar="ID", help="The token's id.")]) -> None:
    """Revoke a token at once."""
    with opened(session.settings) as store:
        revoked = revoke_token(store, token, datetime.now(UTC))
    if session.as_json:
        session.output.json(described(revoked))
        return
    session.output.say("revoked at {at}", at=revoked.revoked_at)


def new_token(settings: Settings, request: TokenRequest) -> tuple[StoredToken, str]:
    """Make a token in a gateway's store, running or not, and return it with its secret.

    Raises:
        UsageError: what was asked for is not usable.
        InfraError: the store cannot be used.
    """
    with opened(settings) as store:
        made = create_token(store, request, datetime.now(UTC), system_chance)
    return made.stored, made.secret


def described(token: StoredToken) -> dict[str, object]:
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
        "is_in_force": is_in_force(token, datetime.now(UTC)),
    }


@contextmanager
def opened(settings: Settings) -> Iterator[SqlStore]:
    """Open the store beside a gateway that may be running on it."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_store(settings.store_url(), lock=False)
    try:
        yield store
    finally:
        store.close()


def _actor(person: str | None, system: str | None) -> str:
    if (person is None) == (system is None):
        raise UsageError("a token speaks for a person or for a system", hint="--person ID, or --system NAME")
    return f"system/{system}" if person is None else f"person/{person}"
