"""The real server on a free port, in a thread of its own, and raw connections to it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from services.gateway.api.server.bounds import Bounds
from services.gateway.api.server.running import BoundedConfig

PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.005


@dataclass
class Served:
    """A server that runs."""

    port: int
    config: BoundedConfig

    @property
    def open_connections(self) -> int:
        return self.config.register.count

    def connect(self, *, receive_buffer: int | None = None) -> socket.socket:
        made = socket.socket()
        if receive_buffer is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        made.settimeout(PATIENCE_SECONDS)
        made.connect(("127.0.0.1", self.port))
        return made

    def ask(self, raw: bytes) -> bytes:
        """Send raw bytes and return everything that comes until the connection is closed."""
        with self.connect() as made:
            made.sendall(raw)
            return until_closed(made)


@contextmanager
def served(app: FastAPI, bounds: Bounds) -> Iterator[Served]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = BoundedConfig(app, bounds)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="attacked")
    thread.start()
    try:
        yield Served(listener.getsockname()[1], config)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        listener.close()
        assert not thread.is_alive()


def read_until(made: socket.socket, mark: bytes) -> bytes:
    """Return what comes up to a mark and a little beyond; a connection that ends before it is a failure."""
    told, deadline = b"", time.monotonic() + PATIENCE_SECONDS
    while mark not in told:
        part = made.recv(65536)
        if not part or time.monotonic() > deadline:
            raise ConnectionError(f"{mark!r} did not come: {told[-200:]!r}")
        told += part
    return told


def until_closed(made: socket.socket) -> bytes:
    """Return what comes until the other side closes; a connection that stays open is a failure (a time-out)."""
    parts: list[bytes] = []
    while True:
        try:
            part = made.recv(65536)
        except ConnectionResetError:
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


def head_of(answer: bytes) -> tuple[int, dict[str, str]]:
    """Return status and fields of an answer."""
    first, *lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split(" ")[1]), fields


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        threading.Event().wait(_LOOK_SECONDS)
