"""A server process that ends with this one, seen from the side that asked for it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.servers import keeper
from infra.servers.errors import PortTakenError, ServerFailedError
from infra.servers.keeper import Plan

LOOPBACK = "127.0.0.1"
READY_SECONDS = 90.0  # a slow machine may take long; a fast one never waits this long
_LOOK_SECONDS = 0.02
_LOG_LINES = 15


class KeptServer:
    """One running server and its keeper."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._keeper = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", keeper.__file__, plan.as_argument()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends the server in order
        )
        line = b"" if self._keeper.stdout is None else self._keeper.stdout.readline()
        if not line:
            raise ServerFailedError(f"cannot run {plan.command[0]}; {log_end(Path(plan.log))}")
        self.pid = int(line)

    @property
    def is_running(self) -> bool:
        """Whether the server's process still lives."""
        return self._keeper.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], ports: Sequence[int]) -> None:
        """Wait until the server is ready.

        Raises:
            PortTakenError: it ended because another process listens on one of its ports.
            ServerFailedError: it ended for another reason, or took too long.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if not self.is_running:
                refuse_taken_ports(ports)
                raise ServerFailedError(f"it ended with {self._keeper.returncode}; {log_end(Path(self._plan.log))}")
            if time.monotonic() > deadline:
                self.stop()
                raise ServerFailedError(f"not ready after {READY_SECONDS:.0f} s; {log_end(Path(self._plan.log))}")
            time.sleep(_LOOK_SECONDS)

    def signal(self, number: signal.Signals) -> None:
        """Send the server a signal, for example SIGSTOP."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the server as a power failure would end it."""
        if self.is_running:
            self.signal(signal.SIGKILL)
        self._release()

    def stop(self) -> None:
        """End the server in order."""
        self._release(b"s")

    def _release(self, farewell: bytes = b"") -> None:
        if self._keeper.poll() is None and farewell and self._keeper.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it ended just now, which is what was asked for
                os.write(self._keeper.stdin.fileno(), farewell)
        self._keeper.wait(self._plan.patience_seconds + READY_SECONDS)
        for stream in (self._keeper.stdin, self._keeper.stdout):
            if stream is not None:
                stream.close()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on at this moment, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def refuse_taken_ports(ports: Sequence[int]) -> None:
    """Find out whether somebody else listens on one of the ports.

    Raises:
        PortTakenError: somebody does.
    """
    for port in ports:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((LOOPBACK, port))
            except OSError as failure:
                raise PortTakenError(f"another process listens on {LOOPBACK}:{port}") from failure


def answers(address: str, *, seconds: float = 1.0) -> bool:
    """Return whether something listens at `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), seconds).close()
    except (OSError, ValueError):
        return False
    return True


def log_end(log: Path) -> str:
    """Return the last lines of a server's log, for an error's text."""
    if not log.exists():
        return "it wrote no log"
    lines = log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES:]
    return "\n  ".join(["the end of its log:", *lines]) if lines else "its log is empty"


def remove_folder(folder: Path) -> None:
    """Remove a server's folder; what is gone already is no error."""
    shutil.rmtree(folder, ignore_errors=True)
