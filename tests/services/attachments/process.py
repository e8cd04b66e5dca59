"""A gateway in a process of its own, with its interface, that is killed and started again."""

import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

from events.encoding.identifiers import Role
from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds
from tests.attack.serving import served
from tests.attack.two_partners import desk_of, running

_PATIENCE_SECONDS = 60.0

_spawning = multiprocessing.get_context("spawn")


@dataclass
class Killable:
    """One gateway on its folder, which outlives it."""

    folder: Path
    role: Role
    number: int
    wire: str
    secret: str = ""
    port: int = 0
    process: BaseProcess | None = field(default=None)
    near: Connection | None = field(default=None)  # at whose end the process ends

    def start(self) -> None:
        self.near, far = _spawning.Pipe()
        arguments = (far, self.folder, self.role, self.number, self.wire)
        self.process = _spawning.Process(target=_serve, args=arguments, daemon=True)
        self.process.start()
        if not self.near.poll(_PATIENCE_SECONDS):
            raise TimeoutError("the gateway does not start")
        self.port, self.secret = self.near.recv()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        if self.process is not None and self.process.pid is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.join()

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, trust_env=False)


def _serve(connection: Connection, folder: Path, role: Role, number: int, wire: str) -> None:
    with running(folder, role, number, wire) as gateway, served(create_app(gateway), Bounds()) as server:
        connection.send((server.port, desk_of(gateway).token("qa_manager", "system/eqms")))
        connection.recv()
