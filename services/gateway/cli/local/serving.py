"""`counterfoil serve`: run the gateway of this machine until it is told to end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")


@ROOM.local("serve")
def serve(session: Session) -> None:
    """Run the gateway until it is told to end (Ctrl-C, or SIGTERM)."""
    role = session.role()
    if session.profile is None:  # the profiles stand above this room: their own mains bring them in
        command = [sys.executable, "-m", f"services.{role.value}_gateway", "serve"]
        os.execv(command[0], command)  # noqa: S606 - the same program under its other name


def pid_file(data: Path) -> Path:
    """Return where a running gateway writes its process number, for whoever watches it."""
    return data / "gateway.pid"


@contextmanager
def noted(data: Path) -> Iterator[None]:
    """Write down the process number until the end of the block."""
    path = pid_file(data)
    path.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
