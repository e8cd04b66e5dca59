"""`counterfoil signer`: what people confirm their signatures with, given on the store itself, as the first token is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.clock.system import system_chance
from infra.keys.party import read_party
from infra.keys.sealer import open_sealer
from services.gateway.access.signing.confirming import Enrolling
from services.gateway.cli.errors import UsageError
from services.gateway.cli.local.tokens import opened
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.settings import Settings

ROOM = Room("signer", "What people confirm their signatures with.")


@ROOM.local("enrol")
def enrol(
    session: Session,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The id in the own directory.")],
    *,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file with the password; by default it is asked for.")
    ] = None,
    codes: Annotated[bool, typer.Option("--codes", help="One-time codes of an authenticator instead.")] = False,
) -> None:
    """Give a person a password or one-time codes to sign with; what was there is replaced, and a lock is lifted."""
    if codes:
        address = new_codes(session.settings, person)
        if session.as_json:
            session.output.json({"person": person, "kind": "codes", "address": address})
            return
        session.output.raw(address)
        session.output.hint("This is shown once. Give it to the person's authenticator, and to nobody else.")
        return
    new_password(session.settings, person, _password(session, password_file))
    if session.as_json:
        session.output.json({"person": person, "kind": "password", "address": None})
        return
    session.output.say("{person} signs with this password from now on", person=person)


def new_password(settings: Settings, person: str, password: str) -> None:
    """Give a person a password to sign with, in a gateway's store, running or not.

    Raises:
        TokenRequestError: it is too short or too long.
    """
    with opened(settings) as store:
        sealer = open_sealer(settings.data, settings.secret())
        Enrolling(store, sealer, system_chance).password(person, password, datetime.now(UTC))


def new_codes(settings: Settings, person: str) -> str:
    """Give a person one-time codes to sign with; return the address for an authenticator."""
    with opened(settings) as store:
        sealer = open_sealer(settings.data, settings.secret())
        issuer = f"Counterfoil {read_party(settings.data).name}"
        return Enrolling(store, sealer, system_chance).codes(person, issuer, datetime.now(UTC))


def _password(session: Session, file: Path | None) -> str:
    if file is None:
        return str(typer.prompt(session.words("Password"), hide_input=True, confirmation_prompt=True, err=True))
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("{file} cannot be read as text", hint="--password-file FILE", file=file) from error
