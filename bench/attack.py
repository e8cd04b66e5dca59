"""Healthy requests while the interface is attacked: 10,000 idle connections, and heads and bodies that come too slowly.

The gateway is the product's own `serve`, with its default bounds. Healthy callers, attackers and gateway are processes
of their own on the same cores. It is measured once all have knocked and been answered. What the gateway closes the
attackers open again, at a bounded rate: more would measure how fast this machine opens connections.
"""

import asyncio
import http.client
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from uuid import uuid4

from bench.pair import Remote, paired
from bench.rows import Measured, Servers, Sizes, quantile
from bench.table import P99, Asked, Line
from infra.servers.kept import free_ports
from services.gateway.access.tokens import TokenRequest
from services.gateway.cli.local.tokens import new_token
from services.gateway.settings import load_settings

IDLE = 10_000
SLOW_HEADS = 200
SLOW_BODIES = 200
REOPENED_PER_SECOND = 200
PER_SECOND = 40  # healthy requests, every other one a command
_CALLERS = 8
_ITEMS = 500
_SPARE_FILES = 500
_PATIENCE_SECONDS = 120.0
_AT_ONCE = 256  # connections that are being opened
_REST_SECONDS = 1.0

_spawning = multiprocessing.get_context("spawn")


def measure_attack(servers: Servers, sizes: Sizes) -> Measured:
    """Seconds that healthy requests take while the attack goes on; the limit is the same without it."""
    measured = Measured()
    with paired(servers.broker, servers.postgres) as (_, cmo):
        cmo.ask("open_in_bulk", _ITEMS, _ITEMS)
        token = _token_for(cmo)
        cmo.stop()
        with _served(cmo.environment) as (address, process):
            for _ in range(sizes.repeats):
                measured.limit.append(_healthy(address, token, sizes.seconds))
                with _attacked(address, token) as held:
                    measured.product.append(_healthy(address, token, sizes.seconds))
                    measured.beside.append([float(held.opened), float(held()), _resident_mib(process)])
    return measured


def line_of_attack(asked: Asked, measured: Measured) -> Line:
    """The ratio of two p99, repeat by repeat; lower is better."""
    product, limit = ([quantile(one, P99) for one in side] for side in (measured.product, measured.limit))
    ratios = [ours / theirs for ours, theirs in zip(product, limit, strict=True)]
    opened, held, resident = (max(one[place] for one in measured.beside) for place in range(3))
    said = f"{median(product) * 1e3:.1f} ms ({opened:,.0f} opened, {held:,.0f} held, {resident:,.0f} MiB)"
    return Line(
        asked.row,
        asked.what,
        said,
        f"{median(limit) * 1e3:.1f} ms",
        median(ratios),
        (min(ratios), max(ratios)),
        "x",
        asked.must,
        asked.goal,
        higher_is_better=False,
    )


ASKED = Asked("A1", "p99 of healthy requests with 10,000 idle connections and slow senders, beside none", 2.0, 1.5)


def _token_for(cmo: Remote) -> str:
    request = TokenRequest("system/bench", "integrator", "bench", timedelta(days=1))
    return new_token(load_settings(cmo.environment), request)[1]


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run `serve` on a free port; give its address and its process."""
    (port,) = free_ports(1)
    known = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERFOIL_")}
    settings = {**known, **environment, "COUNTERFOIL_LISTEN_PORT": str(port), "COUNTERFOIL_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "services.cmo_gateway", "serve"]
    process = subprocess.Popen(command, env=settings, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_ready(address)
        yield address, process
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)


def _wait_ready(address: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            connection = _connected(address)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                return
        time.sleep(0.05)
    raise TimeoutError("the gateway does not become ready")


def _connected(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=_PATIENCE_SECONDS)


def _healthy(address: str, token: str, seconds: int) -> list[float]:
    """Make requests at a steady rate, each caller on its own connections; return how long each took."""
    taken: list[float] = []
    begin, count = time.monotonic() + 0.1, PER_SECOND * seconds
    callers = [
        threading.Thread(target=_call_each, args=(address, token, taken, begin, range(first, count, _CALLERS)))
        for first in range(_CALLERS)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(taken) == count, "a healthy request was not answered"
    return taken


def _call_each(address: str, token: str, taken: list[float], begin: float, numbers: range) -> None:
    for number in numbers:
        time.sleep(max(0.0, begin + number / PER_SECOND - time.monotonic()))
        started = time.monotonic()
        _call(address, token, is_command=number % 2 == 1)
        taken.append(time.monotonic() - started)


def _call(address: str, token: str, *, is_command: bool) -> None:
    """Make one request on a connection of its own: what is measured includes finding a place among the attackers."""
    connection = _connected(address)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    if is_command:
        body = json.dumps({"title": "冻干机真空泵报警", "detected_at": "2026-11-20"})
        connection.request("POST", "/v1/deviations?wait=0", body.encode(), headers)
    else:
        connection.request("GET", "/v1/communications?limit=20", headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (http.client.OK, http.client.CREATED), answer.status


@contextmanager
def _attacked(address: str, token: str) -> "Iterator[Attack]":
    """Attack until the end of the block, which begins when all connections have been opened."""
    here, there = _spawning.Pipe()
    process = _spawning.Process(target=_attack, args=(there, address, token), daemon=True)
    process.start()
    try:
        assert here.poll(_PATIENCE_SECONDS), "the attack does not begin"
        yield Attack(here, here.recv())
    finally:
        process.terminate()
        process.join()


class Attack:
    """The attack, seen from the bench."""

    def __init__(self, connection: Connection, opened: int) -> None:
        self._connection = connection
        self.opened = opened

    def __call__(self) -> int:
        """Return how many of the attackers' connections are open."""
        self._connection.send("held")
        return int(self._connection.recv())


def _attack(connection: Connection, address: str, token: str) -> None:
    """Open as many connections as are wanted, or as this machine lets a process have (`ulimit -Hn`)."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = IDLE if hard == resource.RLIM_INFINITY else hard - SLOW_HEADS - SLOW_BODIES - _SPARE_FILES
    asyncio.run(_Attackers(connection, address, token).run(min(IDLE, most)))


class _Attackers:
    """Connections that ask nothing, or too slowly."""

    def __init__(self, connection: Connection, address: str, token: str) -> None:
        self._connection = connection
        self._host, self._port = urlsplit(address).hostname, urlsplit(address).port
        body = f"POST /v1/deviations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: slow\r\n"
        self._body = f"{body}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n".encode()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._open = 0
        self._reopened = 0
        self._budget = asyncio.Queue[None]()

    async def run(self, idle: int) -> None:
        beginnings = [b""] * idle + [b"GET /livez HTTP/1.1\r\nA: "] * SLOW_HEADS + [self._body] * SLOW_BODIES
        opened = [asyncio.Event() for _ in beginnings]
        tasks = [asyncio.create_task(self._hold(*each)) for each in zip(beginnings, opened, strict=True)]
        for each in opened:
            await each.wait()
        await self._come_to_rest()
        self._connection.send(len(beginnings))
        loop = asyncio.get_running_loop()
        loop.add_reader(self._connection.fileno(), self._answer)
        while tasks:
            await asyncio.sleep(1 / REOPENED_PER_SECOND)
            self._budget.put_nowait(None)

    async def _come_to_rest(self) -> None:
        """Wait until the gateway has closed what is beyond its bound: nothing is opened again before that."""
        before = -1
        while before != self._open:
            before = self._open
            await asyncio.sleep(_REST_SECONDS)

    def _answer(self) -> None:
        self._connection.recv()
        self._connection.send(self._open)

    async def _hold(self, beginning: bytes, opened: asyncio.Event) -> None:
        while True:
            with suppress(OSError):
                async with self._places:
                    reader, writer = await asyncio.open_connection(self._host, self._port)
                self._open += 1
                opened.set()
                try:
                    await self._trickle(reader, writer, beginning)
                finally:
                    self._open -= 1
                    writer.close()
            await self._budget.get()

    async def _trickle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, beginning: bytes) -> None:
        """Send a beginning, then a byte a second; end when the gateway closes."""
        writer.write(beginning)
        while True:
            with suppress(TimeoutError):
                if not await asyncio.wait_for(reader.read(4096), 1.0 if beginning else None):
                    return
            if beginning:
                writer.write(b"x")


def _resident_mib(process: "subprocess.Popen[bytes]") -> float:
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
