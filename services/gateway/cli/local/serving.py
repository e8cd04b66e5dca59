"""`counterfoil serve`: run the gateway of this machine until it is told to end."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from infra.telemetry.logs import configure_logs
from services.gateway.api.app import create_app
from services.gateway.assembly import build
from services.gateway.cli.errors import RefusedError, UsageError
from services.gateway.cli.local.pid_files import noted
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.profile import Profile
from services.gateway.settings import Settings

ROOM = Room("", "")

_END_SECONDS = 3  # for requests that are being answered
_BACKLOG = 2048


@ROOM.local("serve")
def serve(session: Session) -> None:
    """Run the gateway until it is told to end (Ctrl-C, or SIGTERM)."""
    if session.profile is None:  # the profiles stand above this room: their own mains bring them in
        command = [sys.executable, "-m", f"services.{session.role().value}_gateway", "serve"]
        os.execv(command[0], command)  # noqa: S606 - the same program under its other name
    settings = session.settings
    configure_logs(settings.log_level)
    with _listening(settings) as listener:
        port = listener.getsockname()[1]
        session.output.hint(
            "{name} listens on http://{host}:{port}", name=session.profile.name, host=settings.listen_host, port=port
        )
        run(settings, session.profile, listener)


def run(settings: Settings, profile: Profile, listener: socket.socket) -> None:
    """Serve requests on a listening socket until a signal says to end; then end in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _do_nothing)  # the server has its own while it runs, and raises the signal again after it
    gateway = build(settings, profile)
    try:
        with noted(settings.data):
            gateway.start()
            config = uvicorn.Config(
                create_app(gateway), log_config=None, access_log=False, timeout_graceful_shutdown=_END_SECONDS
            )
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        gateway.stop()


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything else is begun.

    Raises:
        RefusedError: somebody else listens there. UsageError: the address is none of this machine.
    """
    host, port = settings.listen_host, settings.listen_port
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise UsageError("{host} is no address", hint="COUNTERFOIL_LISTEN_HOST=127.0.0.1", host=host) from error
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            said, hint = "{host}:{port} cannot be listened on: {what}", "another COUNTERFOIL_LISTEN_PORT"
            raise RefusedError(said, hint=hint, host=host, port=port, what=error.strerror) from error
        listener.listen(_BACKLOG)
        yield listener


def _do_nothing(_number: int, _frame: object) -> None:
    """Let the server end in order."""
