"""Keeps one server for a parent process: the server ends when the parent does, however that ends.

Run as a script with a plan in JSON; imports nothing but the standard library, so that it starts at once. The parent
holds the other end of the keeper's standard input: a byte on it means "stop the server", its end means "the parent is
gone: stop the server and remove its folder, unless it is to be kept". The keeper's first line of output is the
server's process number; its exit code is the server's.
"""

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Plan:
    """What to run and how to end it."""

    command: list[str]
    folder: str  # working directory, and what is removed when the parent is gone
    log: str
    stop_signal: int
    patience_seconds: float  # between the signal and SIGKILL
    user: int | None = None  # for servers that refuse to run as root
    group: int | None = None
    keeps_folder: bool = False  # what it holds is wanted again

    def as_argument(self) -> str:
        """Return the plan as one argument of the keeper's command line."""
        return json.dumps(asdict(self))


def main(argument: str) -> int:
    """Run the server of a plan until it ends or is to end; return its exit code."""
    plan = Plan(**json.loads(argument))
    wake = _wake_on_signals()
    server = _start(plan)
    sys.stdout.write(f"{server.pid}\n")
    sys.stdout.flush()
    orphaned = _wait(server, wake)
    if server.poll() is None:
        _end(server, plan)
    if orphaned and not plan.keeps_folder:
        shutil.rmtree(plan.folder, ignore_errors=True)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _wake_on_signals() -> int:
    """Let SIGCHLD and requests to end interrupt the wait; return what becomes readable then."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _do_nothing)
    return reader


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """Only wake up."""


def _start(plan: Plan) -> "subprocess.Popen[bytes]":
    with Path(plan.log).open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the plan comes from our own parent
            plan.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=plan.folder,
            user=plan.user,
            group=plan.group,
            extra_groups=None if plan.user is None else [],
            start_new_session=True,
            preexec_fn=_die_with_keeper if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads here
        )


def _die_with_keeper() -> None:
    """Ask the kernel to kill the server if the keeper itself is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait(server: "subprocess.Popen[bytes]", wake: int) -> bool:
    """Wait until the server ended or is to end; return whether the parent is gone."""
    parent = sys.stdin.fileno()
    while server.poll() is None:
        ready, _, _ = select.select([parent, wake], [], [])
        if parent in ready:
            return not os.read(parent, 1)
        if set(os.read(wake, 64)) - {signal.SIGCHLD}:
            return False
    return False


def _end(server: "subprocess.Popen[bytes]", plan: Plan) -> None:
    server.send_signal(plan.stop_signal)
    try:
        server.wait(plan.patience_seconds)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
