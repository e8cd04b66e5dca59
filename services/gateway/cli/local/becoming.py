"""What stands above this room: `counterfoil serve` becomes a gateway, `counterfoil verify` is the inspector's."""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

from events.encoding.identifiers import Role
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")
INSPECTOR = Room("", "")


@ROOM.local("serve")
def serve(session: Session) -> None:
    """Run the gateway until it is told to end (Ctrl-C, or SIGTERM)."""
    become(session.role())


@INSPECTOR.alone("verify")
def verify(_session: Session) -> int:
    """Check an evidence bundle without trusting who made it; exit code 4 names the first thing that does not hold."""
    return inspect(sys.argv[1:])


def inspect(arguments: Sequence[str]) -> int:
    """Have the inspector do what the command line says; return its exit code."""
    command = [sys.executable, "-m", "services.inspector", *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - the same program under its other name


def become(role: Role) -> NoReturn:
    """Run the main of a party's gateway instead of this program: the profiles stand above this room."""
    command = [sys.executable, "-m", f"services.{role.value}_gateway", "serve"]
    os.execv(command[0], command)  # noqa: S606 - the same program under its other name
