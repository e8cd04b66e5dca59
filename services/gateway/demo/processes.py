"""A gateway as a process: started by its command line, watched, started again when it died and nobody else did.

`start` is a command that anybody may give: it sets the gateway's whole environment. A gateway that was killed and
started again by somebody else is taken as it is.
"""

import contextlib
import ctypes
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from events.encoding.identifiers import Role
from services.gateway.cli.client import Client
from services.gateway.cli.errors import RefusedError, UnreachableError
from services.gateway.cli.local.pid_files import pid_file

LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 10.0  # in which somebody else may start a killed gateway again, before the demo does
READY_SECONDS = 120.0
_LOOK_SECONDS = 0.1
_END_SECONDS = 15.0
_LOG_LINES = 8
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How to run one gateway."""

    role: Role
    port: int
    environment: Mapping[str, str]
    data: Path
    log: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def start(self) -> str:
        """The command that starts it, for a shell."""
        settings = [f"{name}={value}" for name, value in sorted(self.environment.items())]
        command = ["env", *settings, sys.executable, "-m", f"services.{self.role.value}_gateway", "serve"]
        return shlex.join(command)


class GatewayProcess:
    """One gateway of the demo."""

    def __init__(self, plan: Plan, client: Client, on_started: Callable[[], None]) -> None:
        self.plan = plan
        self.client = client
        self._on_started = on_started
        self._process: subprocess.Popen[bytes] | None = None
        self._down_since: float | None = None
        self._adopted: int | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process that serves now, as far as known."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        return self._adopted

    def begin(self) -> None:
        """Start the gateway without waiting; one that runs already is taken as it is.

        Raises:
            RefusedError: somebody else listens on its port.
        """
        if is_taken(self.plan.port):
            if not self._is_ours():
                raise RefusedError(
                    "port {port} is taken",
                    hint='make demo ARGS="--{role}-port {free}"',
                    port=self.plan.port,
                    role=self.plan.role.value,
                    free=free_port(),
                )
            self._adopt()
            return
        self._spawn()

    def wait(self) -> None:
        """Wait until the gateway answers, starting it again if it died and nobody else did.

        Raises:
            RefusedError: it ended by itself. UnreachableError: it took too long.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not self.client.is_up():
            self._refuse_early_end()
            if time.monotonic() > deadline:
                raise UnreachableError("the gateway did not come up: {log}", log=log_end(self.plan.log))
            time.sleep(_LOOK_SECONDS)
        self._down_since = None

    def attend(self) -> bool:
        """Look after the gateway: tell whether it answers; one that is down for long is started again."""
        if self.client.is_up():
            if self._down_since is not None or self.pid is None:
                self._adopt()
            self._down_since = None
            return True
        now = time.monotonic()
        if self._down_since is None:
            self._down_since = now
        if now - self._down_since > PATIENCE_SECONDS and self._has_ended() and not is_taken(self.plan.port):
            self._spawn()
            self._down_since = now
        return False

    def ask_to_end(self) -> None:
        """Ask the gateway to end in order."""
        if self.pid is not None:
            _signal(self.pid, signal.SIGTERM)

    def stop(self) -> None:
        """Wait until the gateway that was asked to end did so, and end it by force when it does not."""
        pid = self.pid
        if pid is None:
            return
        deadline = time.monotonic() + _END_SECONDS
        while _lives(pid, self._process) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        if _lives(pid, self._process):
            _signal(pid, signal.SIGKILL)

    def _spawn(self) -> None:
        with self.plan.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                shlex.split(self.plan.start),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the demo, which then ends its gateways in order
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads here
            )
        self._adopted = None
        self._on_started()

    def _adopt(self) -> None:
        """Take a gateway that somebody else started."""
        if self._process is not None and self._process.poll() is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._adopted = int(pid_file(self.plan.data).read_text(encoding="ascii"))
        self._on_started()

    def _is_ours(self) -> bool:
        """Tell whether the gateway that listens knows the demo's token."""
        try:
            return self.client.is_up() and bool(self.client.get("/v1/me"))
        except (RefusedError, UnreachableError):
            return False

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _refuse_early_end(self) -> None:
        if self._process is not None and self._process.poll() is not None and self._process.returncode > 0:
            raise RefusedError("the gateway ended: {log}", log=log_end(self.plan.log))


def is_taken(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as attempt:
        attempt.bind((LOOPBACK, 0))
        port: int = attempt.getsockname()[1]
    return port


def log_end(log: Path) -> str:
    """Return the last lines of a log."""
    try:
        return "\n  ".join(log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES:])
    except OSError:
        return "it wrote no log"


def _lives(pid: int, process: "subprocess.Popen[bytes] | None") -> bool:
    if process is not None and process.pid == pid:
        return process.poll() is None
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _end_with_parent() -> None:
    """Ask the kernel to end the gateway if the demo is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
