"""`counterfoil quarantine`: what was refused whole, for people to look at."""

from pathlib import Path
from typing import Annotated

import typer

from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("quarantine", "What was refused whole.")

_PATH = "/v1/quarantine"
_COLUMNS = ("number", "at", "kind", "code", "detail")


@ROOM.remote("list")
def list_(
    session: Session, *, limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50
) -> None:
    """List what was set aside, oldest first."""
    rows = list(session.client.rows(_PATH, limit=limit))
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows])


@ROOM.remote("show")
def show(
    session: Session,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Its number in the list.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Write its bytes there, as they came.")] = None,
) -> None:
    """Show one thing set aside: its code, and why."""
    row = session.client.get(f"{_PATH}/{number}")
    if out is not None:
        out.write_bytes(session.client.content(f"{_PATH}/{number}/bytes"))
        session.output.hint("the bytes are in {file}", file=out)
    if session.as_json:
        session.output.json(row)
        return
    session.output.pairs(row)
