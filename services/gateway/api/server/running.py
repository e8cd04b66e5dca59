"""Runs the application on a listening socket, within bounds."""

import socket
from math import ceil

import structlog
import uvicorn
from fastapi import FastAPI

from services.gateway.api.server.bounds import Bounds
from services.gateway.api.server.connection import BoundedConnection
from services.gateway.api.server.register import Register

_END_SECONDS = 3  # for requests that are being answered


class BoundedConfig(uvicorn.Config):
    """Uvicorn's settings, and the register of its connections."""

    def __init__(self, app: FastAPI, bounds: Bounds) -> None:
        super().__init__(
            app,
            http=BoundedConnection,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_keep_alive=ceil(bounds.keep_alive_seconds),
            timeout_graceful_shutdown=_END_SECONDS,
        )
        self.register = Register(bounds)


def server_of(app: FastAPI, bounds: Bounds) -> uvicorn.Server:
    """Return the server of an application; `run` it on a listening socket."""
    return uvicorn.Server(BoundedConfig(app, bounds))


def serve_on(listener: socket.socket, app: FastAPI, bounds: Bounds) -> None:
    """Serve until a signal says to end; then end in order."""
    structlog.get_logger().info("serving", connections=bounds.connections)
    server_of(app, bounds).run(sockets=[listener])
