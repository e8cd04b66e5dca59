"""`counterfoil refusal`: what rules refused to the own people and systems."""

from typing import Annotated

import typer

from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("refusal", "Commands that a rule refused.")

_PATH = "/v1/refusals"
_COLUMNS = ("number", "at", "actor", "event", "subject", "refusal", "detail")


@ROOM.remote("list")
def list_(
    session: Session, *, limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50
) -> None:
    """List the commands that a rule refused, oldest first."""
    rows = list(session.client.rows(_PATH, limit=limit))
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows])
