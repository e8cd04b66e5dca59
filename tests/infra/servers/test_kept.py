"""A kept server ends with whoever asked for it, however that ends."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from infra.servers.errors import PortTakenError, ServerFailedError
from infra.servers.keeper import Plan
from infra.servers.kept import LOOPBACK, KeptServer, answers, free_ports, refuse_taken_ports

PATIENCE_SECONDS = 30
QUIET = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


def plan(folder: Path, script: str, *, patience_seconds: float = 20.0) -> Plan:
    command = [sys.executable, "-c", script]
    return Plan(command, str(folder), str(folder / "log"), signal.SIGTERM, patience_seconds)


def await_end(watched: int) -> None:
    """Wait until the process behind a pidfd has ended."""
    ready, _, _ = select.select([watched], [], [], PATIENCE_SECONDS)
    os.close(watched)
    assert ready, "the server outlives its parent"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "server"
    made.mkdir()
    return made


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_with_its_parent_and_leaves_no_folder(folder: Path, ending: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.infra.servers.parent", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        server = os.pidfd_open(int(parent.stdout.readline()))

        parent.send_signal(ending)

        await_end(server)
    _await_gone(folder)


def test_a_server_ends_with_its_keeper_too(folder: Path) -> None:
    server = KeptServer(plan(folder, QUIET))
    watched = os.pidfd_open(server.pid)

    server._keeper.kill()

    await_end(watched)
    server.stop()


def test_a_server_that_is_stopped_gets_its_signal_and_keeps_its_folder(folder: Path) -> None:
    server = KeptServer(plan(folder, QUIET))
    watched = os.pidfd_open(server.pid)

    server.stop()

    await_end(watched)
    assert folder.exists()
    server.stop()


def test_a_server_that_ignores_its_signal_is_killed(folder: Path) -> None:
    server = KeptServer(plan(folder, STUBBORN, patience_seconds=0.1))
    server.wait_until(lambda: "up" in (folder / "log").read_text(), [])

    server.stop()

    assert not server.is_running


def test_a_killed_server_is_gone_at_once(folder: Path) -> None:
    server = KeptServer(plan(folder, STUBBORN))

    server.kill()

    assert not server.is_running


def test_a_server_that_does_not_come_up_is_an_error_with_the_end_of_its_log(folder: Path) -> None:
    server = KeptServer(plan(folder, "print('no such cluster'); raise SystemExit(3)"))

    with pytest.raises(ServerFailedError, match="ended with 3") as failed:
        server.wait_until(lambda: False, [])

    assert "no such cluster" in failed.value.detail
    server.stop()


def test_a_server_that_ends_because_its_port_is_taken_is_told_so(folder: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        server = KeptServer(plan(folder, "raise SystemExit(1)"))

        with pytest.raises(PortTakenError, match=str(port)):
            server.wait_until(lambda: False, [port])
        server.stop()


def test_a_program_that_is_not_there_is_an_error(folder: Path) -> None:
    with pytest.raises(ServerFailedError, match="cannot run"):
        KeptServer(Plan([str(folder / "none")], str(folder), str(folder / "log"), signal.SIGTERM, 1.0))


def test_free_ports_are_free_and_different() -> None:
    ports = free_ports(5)

    assert len(set(ports)) == 5
    refuse_taken_ports(ports)
    assert not answers(f"{LOOPBACK}:{ports[0]}")
    with socket.create_server((LOOPBACK, ports[0])):
        assert answers(f"{LOOPBACK}:{ports[0]}")


def _await_gone(folder: Path) -> None:
    """Wait until the keeper, which outlives the parent for a moment, has removed the folder."""
    waiting = select.poll()
    for _look in range(PATIENCE_SECONDS * 100):
        if not folder.exists():
            return
        waiting.poll(10)
    raise AssertionError(f"{folder} is still there")
