"""`counterfoil init`: which party this gateway is of, and its data folder."""

import sys
from typing import Annotated

import typer

from events.encoding.identifiers import Role
from infra.keys.party import Party, write_party
from infra.keys.private_files import write_private
from infra.store.sql_store import open_store
from services.gateway.cli.errors import UsageError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session, recorded_role, role_file
from services.gateway.settings import Settings

ROOM = Room("", "")


@ROOM.local("init")
def init(
    session: Session,
    *,
    uscc: Annotated[str | None, typer.Option("--uscc", help="Unified social credit code, 18 characters.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the party, as on the business licence.")] = None,
) -> None:
    """Write down which party this gateway is of, and make its store; the same again changes nothing."""
    role = session.role()
    party = Party(_asked(session, uscc, "--uscc"), _asked(session, name, "--name"))
    session.settings.secret()
    begin(session.settings, role, party)
    if session.as_json:
        session.output.json({"role": role.value, "uscc": party.uscc, "name": party.name})
        return
    session.output.say(
        "this gateway is the {role} {uscc} {name}", role=role.value.upper(), uscc=party.uscc, name=party.name
    )
    session.output.hint("next: counterfoil token create --person ID --role admin, then counterfoil serve")


def begin(settings: Settings, role: Role, party: Party) -> None:
    """Write down a gateway's party and role, and make its store.

    Raises:
        UsageError: the data folder is of the other role. PartyError: it is of another party.
    """
    if recorded_role(settings.data) not in ("", role.value):
        raise UsageError("{folder} is of the other role", hint="another COUNTERFOIL_DATA", folder=settings.data)
    write_party(settings.data, party)
    write_private(role_file(settings.data), f"{role.value}\n".encode(), replace=True)
    open_store(settings.store_url(), lock=False).close()


def _asked(session: Session, given: str | None, option: str) -> str:
    """Return what was given, or ask a person for it."""
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageError("{option} is missing", hint="counterfoil init --help", option=option)
    return str(typer.prompt(session.words("Unified social credit code" if option == "--uscc" else "Name"), err=True))
