"""`counterfoil me`, `openapi`: who calls, and what the gateway's interface is."""

import json

from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")


@ROOM.remote("me")
def me(session: Session) -> None:
    """Show who the token speaks for, what it may do, and whose gateway this is."""
    said = session.client.get("/v1/me")
    if session.as_json:
        session.output.json(said)
        return
    session.output.pairs(said)


@ROOM.remote("openapi")
def openapi(session: Session) -> None:
    """Show the OpenAPI document of the gateway."""
    session.output.json(json.loads(session.client.text("/openapi.json")))
