"""A gateway as a process that tests kill, stop and start again at the same address."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from infra.servers.kept import LOOPBACK
from tests.end_to_end.one_demo import environment
from tests.kills import dying_gateway

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.03


@dataclass(frozen=True)
class Death:
    """A step at which the process ends, when it is reached so often."""

    step: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.step} x{self.count}"


@dataclass
class GatewayProcess:
    """One gateway on its own settings; `start` may follow any end of it."""

    role: str
    port: int
    settings: Mapping[str, str]
    log: Path
    starts: list[float] = field(default_factory=list)  # seconds from each start until it was ready
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def died_by(self) -> int:
        """What ended it: a signal's number below zero, or an exit code."""
        assert self._process is not None
        return self._process.wait(PATIENCE_SECONDS)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, death: Death | None = None) -> None:
        """Begin a process; wait for it with `await_ready`."""
        assert not self.is_alive
        dying = {} if death is None else {dying_gateway.STEP: death.step, dying_gateway.COUNT: str(death.count)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", dying_gateway.__name__, self.role],
                env={**environment(), **self.settings, **dying},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        self._begun = time.monotonic()

    def await_ready(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait until it takes commands; tell whether it does, for it may have died at its step before."""
        await_until(lambda: self.is_ready() or not self.is_alive, seconds, self.log_end)
        if not self.is_alive:
            return False
        self.starts.append(time.monotonic() - self._begun)
        return True

    def is_ready(self) -> bool:
        connection = HTTPConnection(LOOPBACK, self.port, timeout=2.0)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def await_death(self, seconds: float) -> bool:
        """Wait until it ended; tell whether it did."""
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it as a power failure would."""
        self.send(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """End it in order."""
        self.send(signal.SIGTERM)
        if not self.await_death(PATIENCE_SECONDS):
            self.kill()
            raise AssertionError(f"{self.role} does not end: {self.log_end()}")
        self._reap()

    def send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def log_end(self) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-12:]) if self.log.exists() else ""

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(PATIENCE_SECONDS)
            assert self._process.stdin is not None
            self._process.stdin.close()


def await_until(holds: Callable[[], object], seconds: float, what: str | Callable[[], str]) -> float:
    """Wait for a condition; return how long that took. `what` says what was waited for, in vain."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds:.0f} s: {what if isinstance(what, str) else what()}")
        pause(LOOK_SECONDS)
    return time.monotonic() - begun


def pause(seconds: float) -> None:
    """Let so much time pass, where time itself is what is tested."""
    threading.Event().wait(seconds)
