"""`counterfoil serve` becomes one of the two gateways, before anything is loaded that only a gateway needs."""

import os
import sys
from typing import NoReturn

from events.encoding.identifiers import Role
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")


@ROOM.local("serve")
def serve(session: Session) -> None:
    """Run the gateway until it is told to end (Ctrl-C, or SIGTERM)."""
    become(session.role())


def become(role: Role) -> NoReturn:
    """Run the main of a party's gateway instead of this program: the profiles stand above this room."""
    command = [sys.executable, "-m", f"services.{role.value}_gateway", "serve"]
    os.execv(command[0], command)  # noqa: S606 - the same program under its other name
