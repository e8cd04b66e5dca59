"""`counterfoil partner`: invitations each way, the fingerprint compared by telephone, and how the exchange stands."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from infra.keys.private_files import write_private
from services.gateway.cli.errors import RefusedError, UsageError
from services.gateway.cli.files import read_json
from services.gateway.cli.remote.steps import Key
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("partner", "Pairing with partners.")
OUTBOX = Room("outbox", "What waits for the partner.")

PARTNERS = "/v1/partners"
_STATUS = ("relationship", "paired", "own_size", "sent", "waiting", "held", "wire_error")

Relationship = Annotated[
    str | None, typer.Option("--relationship", help="MAH/CMO, where this gateway has several partners.")
]


@ROOM.remote("invite")
def invite(
    session: Session,
    uscc: Annotated[str, typer.Argument(metavar="USCC", help="The partner's unified social credit code.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Write the invitation there.")] = None,
    key: Key = None,
) -> None:
    """Make the invitation file for a partner; hand it over by a way of your choice."""
    invitation = session.client.post(f"{PARTNERS}/invitations", {"partner_uscc": uscc}, key=key)
    text = json.dumps(invitation, ensure_ascii=False, indent=2)
    if out is None:
        session.output.raw(text)
    else:
        write_private(out.absolute(), f"{text}\n".encode(), replace=True)
        session.output.hint("the invitation is in {file}", file=out)
    session.output.hint("next: counterfoil partner accept FILE with the partner's invitation")


@ROOM.remote("accept")
def accept(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The partner's invitation; - reads it from input.")],
    *,
    key: Key = None,
) -> None:
    """Take in a partner's invitation and show the fingerprint to compare by telephone."""
    answer = session.client.post(PARTNERS, read_json(file), key=key)
    if session.as_json:
        session.output.json(answer)
        return
    session.output.raw(answer["fingerprint"])
    session.output.hint("read it to the partner by telephone; if it is the same: counterfoil partner confirm '...'")


@ROOM.remote("confirm")
def confirm(
    session: Session,
    fingerprint: Annotated[str, typer.Argument(help="The fingerprint as the partner read it to you.")],
    *,
    relationship: Relationship = None,
    key: Key = None,
) -> None:
    """Confirm that the fingerprint was compared; from now on the two gateways exchange."""
    path = f"{PARTNERS}/{_one(session, relationship)}/confirmation"
    answer = session.client.post(path, {"fingerprint": fingerprint}, key=key)
    if session.as_json:
        session.output.json(answer)
        return
    session.output.say("paired: {relationship}", relationship=answer["relationship"])


@ROOM.remote("status")
def status(session: Session) -> None:
    """Show how the exchange with each partner stands."""
    rows = session.client.get(PARTNERS)["data"]
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_STATUS, [[row[name] for name in _STATUS] for row in rows])


@OUTBOX.remote("status")
def outbox(session: Session) -> None:
    """Show how many entries the partner does not hold yet; exit code 1 if the wire fails."""
    rows = [_waiting(row) for row in session.client.get(PARTNERS)["data"]]
    if session.as_json:
        session.output.json({"data": rows})
    else:
        columns = ("relationship", "own_size", "sent", "held_by_partner", "waiting", "heard_at", "wire_error")
        session.output.table(columns, [[row[name] for name in columns] for row in rows])
    if any(row["wire_error"] for row in rows):
        raise RefusedError("the wire fails", hint="counterfoil doctor")


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    heard = row["heard"] or {}
    kept = ("relationship", "own_size", "sent", "waiting", "wire_error")
    return {
        **{name: row[name] for name in kept},
        "held_by_partner": heard.get("held", 0),
        "heard_at": heard.get("at"),
    }


def _one(session: Session, relationship: str | None) -> str:
    if relationship is not None:
        return relationship
    names = [str(row["relationship"]) for row in session.client.get(PARTNERS)["data"]]
    if len(names) != 1:
        raise UsageError("this gateway has {count} relationships", hint="--relationship MAH/CMO", count=len(names))
    return names[0]
