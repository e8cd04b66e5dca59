"""`counterfoil person`: who may do what, as entries of the own journal."""

from typing import Annotated

import typer

from services.gateway.cli.remote.steps import DryRun, Key, done
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("person", "Who may do what.")

_PATH = "/v1/people"
_COLUMNS = ("party", "person", "name", "roles")

PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="The id in the own directory.")]
Roles = Annotated[list[str], typer.Option("--role", help="qa_staff, qa_manager, qualified_person ...; repeatable.")]
Since = Annotated[str | None, typer.Option("--from", help="From when, UTC; by default now.")]
Until = Annotated[str | None, typer.Option("--to", help="Until when, UTC; by default open.")]


@ROOM.remote("authorise")
def authorise(
    session: Session,
    person: PersonId,
    roles: Roles,
    *,
    since: Since = None,
    until: Until = None,
    name: Annotated[str | None, typer.Option("--name", help="The person's name; may be erased by law later.")] = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Give a person roles; the first one authorised should be an admin."""
    body = {"roles": roles, "from": since, "to": until}
    query = {"dry_run": True if dry_run else None}
    done(session, session.client.post(f"{_PATH}/{person}/authorisations", body, key=key, query=query))
    if name is not None:
        done(session, session.client.post(f"{_PATH}/{person}/name", {"name": name}, query=query))


@ROOM.remote("withdraw")
def withdraw(
    session: Session,
    person: PersonId,
    roles: Roles,
    *,
    since: Since = None,
    until: Until = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Take roles from a person."""
    body = {"roles": roles, "from": since, "to": until}
    query = {"dry_run": True if dry_run else None}
    done(session, session.client.post(f"{_PATH}/{person}/withdrawals", body, key=key, query=query))


@ROOM.remote("list")
def list_(session: Session) -> None:
    """List people of both parties and the roles that they hold now."""
    rows = session.client.get(_PATH)["data"]
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_COLUMNS, [[row["party"], row["person"], row["name"], " ".join(row["roles"])] for row in rows])
