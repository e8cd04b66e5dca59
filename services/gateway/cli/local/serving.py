"""`counterfoil serve`: run the gateway of this machine until it is told to end."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import FastAPI

from infra.keys.sealer import LateSealer
from infra.telemetry.logs import configure_logs
from services.gateway.access.signing.confirming import Confirming, Enrolling, Policy
from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds, raise_file_limit
from services.gateway.api.server.running import serve_on
from services.gateway.assembly import build
from services.gateway.cli.errors import RefusedError, UsageError
from services.gateway.cli.local.becoming import become
from services.gateway.cli.local.pid_files import noted
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.exchange.gateway import Gateway
from services.gateway.ports.steps import Reached, go_on
from services.gateway.profile import Profile
from services.gateway.settings import Settings

ROOM = Room("", "")

_BACKLOG = 2048


@ROOM.local("serve")
def serve(session: Session) -> None:
    """Run the gateway until it is told to end (Ctrl-C, or SIGTERM)."""
    if session.profile is None:
        become(session.role())
    settings = session.settings
    configure_logs(settings.log_level)
    with listening(settings) as listener:
        port = listener.getsockname()[1]
        session.output.hint(
            "{name} listens on http://{host}:{port}", name=session.profile.name, host=settings.listen_host, port=port
        )
        run(settings, session.profile, listener)


def run(settings: Settings, profile: Profile, listener: socket.socket, reached: Reached = go_on) -> None:
    """Serve requests on a listening socket until a signal says to end; then end in order.

    Raises:
        RefusedError: another process took the store over, so this one ended.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _do_nothing)  # the server has its own while it runs, and raises the signal again after it
    gateway = build(settings, profile, reached)
    gateway.when_fenced(partial(os.kill, os.getpid(), signal.SIGTERM))
    try:
        with noted(settings.data):
            gateway.start()
            serve_on(listener, _application(gateway, settings), _bounds_of(settings))
    finally:
        gateway.stop()
    if gateway.is_fenced:
        raise RefusedError("another process took the store over", hint="end the one that is too many")


def _application(gateway: Gateway, settings: Settings) -> FastAPI:
    """Return the interface of a gateway, which confirms signatures by its own sealing key."""
    sealer = LateSealer(settings.data, settings.secret())
    policy = Policy(settings.signature_confirmation)
    confirming = Confirming(gateway.store, gateway.clock, sealer, policy)
    return create_app(gateway, settings.max_streams, confirming, Enrolling(gateway.store, sealer, gateway.chance))


def _bounds_of(settings: Settings) -> Bounds:
    """Return what connections may take, as far as the system's limit of open files allows it."""
    return Bounds(
        connections=raise_file_limit(settings.max_connections),
        keep_alive_seconds=settings.keep_alive_seconds,
        header_seconds=settings.header_seconds,
        bytes_per_second=settings.min_bytes_per_second,
    )


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
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
