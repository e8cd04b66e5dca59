"""A pair of gateways as a person starts them: by the demo, in a folder and on ports of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 180.0
_LOOK_SECONDS = 0.1


@contextmanager
def running_demo(folder: Path, *arguments: str) -> Iterator[Mapping[str, Any]]:
    """Give what `demo.json` says, once the story is played, until the end of the block."""
    log = folder / "demo.log"
    ports = [f"--{party}-port={port}" for party, port in zip(("mah", "cmo"), free_ports(2), strict=True)]
    command = [sys.executable, "-m", "services.gateway.demo", "--folder", str(folder / ".demo"), "--lang=en"]
    with log.open("wb") as said:
        demo = subprocess.Popen([*command, *ports, *arguments], stdout=said, stderr=said, env=_environment())
        try:
            wait_until(lambda: demo.poll() is not None or "Ctrl-C" in log.read_text("utf-8"))
            assert demo.poll() is None, log.read_text("utf-8")
            yield json.loads((folder / ".demo" / "demo.json").read_text("utf-8"))
        finally:
            demo.send_signal(signal.SIGTERM)
            try:
                demo.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                demo.kill()
                demo.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: it does not come.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing within {PATIENCE_SECONDS:.0f} s")
        threading.Event().wait(_LOOK_SECONDS)


class StandingStill:
    """Tells whether an answer has been the same, and right, for a while: nothing is under way any more."""

    def __init__(self, look: Callable[[], object], seconds: float = 2.0) -> None:
        self._look = look
        self._seconds = seconds
        self._last: object = None
        self._since = 0.0

    def __call__(self) -> bool:
        found, now = self._look(), time.monotonic()
        if found is None or found != self._last:
            self._last, self._since = found, now
        return found is not None and now - self._since >= self._seconds


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("COUNTERFOIL_")}
