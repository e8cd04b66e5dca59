"""Slow and many: each connection is bounded in time, answered where it can be, and closed."""

import gc
import json
import socket
import struct
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from services.cmo_gateway.profile import PROFILE
from services.gateway.api.app import create_app
from services.gateway.api.edge.bodies import MAX_BODY_BYTES
from services.gateway.api.server.bounds import Bounds
from services.gateway.api.server.connection import BoundedConnection
from tests.attack.raw_requests import HEALTHY, LAST, PATIENT, QUICK, command, is_well, problem_in
from tests.attack.serving import head_of, read_until, served, until_closed, wait_until
from tests.services.api.stepped import Desk, Person


def test_a_head_that_comes_byte_by_byte_is_refused_at_its_deadline(cmo: Desk) -> None:
    with served(cmo.http.app, QUICK) as server, server.connect() as slow:
        began = time.monotonic()
        slow.settimeout(0.05)
        answer = b""
        for byte in HEALTHY[:-2] * 1000:
            try:
                slow.sendall(bytes([byte]))
                answer = slow.recv(65536)
                break
            except TimeoutError:
                continue
        took = time.monotonic() - began

        assert problem_in(answer) == "request-timeout"
        assert head_of(answer)[0] == 408
        assert took >= QUICK.header_seconds
        assert is_well(server)


def test_a_connection_that_asks_nothing_is_closed_without_a_word(cmo: Desk) -> None:
    with served(cmo.http.app, QUICK) as server, server.connect() as idle, server.connect() as asked:
        asked.sendall(HEALTHY)

        assert until_closed(idle) == b""
        assert head_of(until_closed(asked))[0] == 200


def test_line_ends_before_a_request_win_no_time(cmo: Desk) -> None:
    with served(cmo.http.app, QUICK) as server, server.connect() as idle:
        idle.settimeout(0.05)
        is_closed = False
        for _ in range(1000):
            try:
                idle.sendall(b"\r\n")
                is_closed = idle.recv(1) == b""
                break
            except TimeoutError:
                continue
            except OSError:
                is_closed = True
                break

        assert is_closed


@pytest.mark.parametrize("framing", ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
def test_a_body_below_the_lowest_rate_is_refused(cmo: Desk, clerk: Person, framing: str) -> None:
    with served(cmo.http.app, QUICK) as server, server.connect() as slow:
        slow.sendall(command(clerk, framing) + b"1\r\n{\r\n")

        answer = until_closed(slow)

        assert (head_of(answer)[0], problem_in(answer)) == (408, "request-timeout")
        assert is_well(server)
        wait_until(lambda: server.open_connections == 0)  # although the other side has not closed


def test_a_body_that_begins_fast_and_then_stalls_is_refused_too(cmo: Desk, clerk: Person) -> None:
    with served(cmo.http.app, QUICK) as server, server.connect() as slow:
        slow.sendall(command(clerk, f"Content-Length: {MAX_BODY_BYTES}") + b" " * (MAX_BODY_BYTES // 2))

        assert head_of(until_closed(slow))[0] == 408


def test_a_body_above_the_lowest_rate_may_take_longer_than_any_deadline(cmo: Desk, clerk: Person) -> None:
    raw = json.dumps({"title": "x" * 4000, "detected_at": "2026-11-22"}).encode()
    with served(cmo.http.app, QUICK) as server, server.connect() as steady:
        began = time.monotonic()
        steady.sendall(command(clerk, f"Content-Length: {len(raw)}", "Connection: close"))
        for start in range(0, len(raw), 200):
            wait_until(lambda start=start: time.monotonic() - began > start / 200 * 0.05)  # type: ignore[misc] # bound now
            steady.sendall(raw[start : start + 200])
        took = time.monotonic() - began
        answer = until_closed(steady)

    assert took > 2 * QUICK.header_seconds
    assert head_of(answer)[0] == 201


def test_a_slow_body_leaves_nothing_behind_and_its_key_can_be_used_again(cmo: Desk, clerk: Person) -> None:
    before = clerk.get("/v1/events").json()["data"]
    with served(cmo.http.app, QUICK) as server:
        server.ask(command(clerk, "Content-Length: 60") + b'{"title": "x"')

        assert clerk.get("/v1/events").json()["data"] == before
        assert clerk.post("/v1/deviations", {"title": "x", "detected_at": "2026-11-22"}, key="k1").status_code == 201


def test_when_all_places_are_taken_the_longest_idle_one_is_closed(cmo: Desk) -> None:
    with served(cmo.http.app, Bounds(connections=8)) as server:
        idle = []
        for count in range(1, 9):
            idle.append(server.connect())
            wait_until(lambda count=count: server.open_connections == count)  # type: ignore[misc] # bound now

        assert is_well(server)
        assert until_closed(idle[0]) == b""
        idle[-1].sendall(LAST)
        assert head_of(until_closed(idle[-1]))[0] == 200
        for each in idle:
            each.close()


def test_when_all_places_are_taken_by_senders_the_oldest_gives_way(cmo: Desk) -> None:
    with served(cmo.http.app, Bounds(connections=4)) as server:
        senders = []
        for count in range(1, 5):
            senders.append(server.connect())
            senders[-1].sendall(b"GET /livez HTTP/1.1\r\nA:")
            wait_until(lambda count=count: len(server.config.register.heads) == count)  # type: ignore[misc] # bound now

        assert is_well(server)
        answer = until_closed(senders[0])
        assert (head_of(answer)[0], problem_in(answer)) == (503, "unavailable")
        assert "retry-after" in head_of(answer)[1]
        for each in senders:
            each.close()


def test_who_does_not_read_an_answer_is_dropped(cmo: Desk, clerk: Person) -> None:
    ask = f"GET /openapi.json HTTP/1.1\r\nHost: x\r\nAuthorization: {clerk.headers['Authorization']}\r\n\r\n".encode()
    with served(cmo.http.app, QUICK) as server, server.connect(receive_buffer=4096) as deaf:
        deaf.sendall(ask * 40)

        wait_until(lambda: server.open_connections == 1)
        wait_until(lambda: server.open_connections == 0)
        assert is_well(server)


def test_who_reads_slowly_but_steadily_gets_every_answer(cmo: Desk) -> None:
    ask = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with served(cmo.http.app, QUICK) as server, server.connect(receive_buffer=65536) as slow:
        slow.sendall(ask * 40 + LAST)
        answers = bytearray()
        wait_until(lambda: server.config.register.slow_readers)
        began, windows = time.monotonic(), set[float]()
        while time.monotonic() - began < 4 * QUICK.header_seconds:
            answers += slow.recv(8192)
            windows |= {*server.config.register.slow_readers.values()}
            wait_until(lambda: time.monotonic() - began > len(answers) / 300_000)  # noqa: B023 - one and the same
        answers += until_closed(slow)

    assert len(windows) > 1  # looked at, and found to be reading
    assert answers.count(b"HTTP/1.1 200") == 41


def test_who_sends_too_much_is_answered_and_not_reset(cmo: Desk, clerk: Person) -> None:
    with served(cmo.http.app, PATIENT) as server, server.connect() as big:
        big.sendall(command(clerk, f"Content-Length: {2 * MAX_BODY_BYTES}"))
        for _ in range(2 * MAX_BODY_BYTES // 65536):
            big.sendall(b" " * 65536)
        answer = b""
        while part := big.recv(65536):  # a reset would raise here
            answer += part

    assert head_of(answer)[0] == 413


def test_requests_in_one_packet_are_answered_in_their_order(cmo: Desk) -> None:
    asked = b"".join(f"GET /problems/{slug} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for slug in ("internal", "malformed"))
    with served(cmo.http.app, PATIENT) as server:
        answer = server.ask(asked + LAST)

    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.index(b"/problems/internal") < answer.index(b"/problems/malformed")


def test_everything_is_forgotten_when_connections_end(cmo: Desk, clerk: Person) -> None:
    with served(cmo.http.app, PATIENT) as server:
        register = server.config.register
        for raw in (b"", b"GET", HEALTHY, command(clerk, "Content-Length: 100") + b"{"):
            with server.connect() as made:
                made.sendall(raw)
                wait_until(lambda: register.count == 1)
        wait_until(lambda: register.count == 0)

        places = (register.idle, register.heads, register.bodies, register.slow_readers, register.ending)
        assert [len(place) for place in places] == [0] * 5


@pytest.mark.usefixtures("heard")
def test_an_unforeseen_error_is_answered_and_leaves_the_connection_sound() -> None:
    def fail() -> None:
        raise RuntimeError("a store that nobody foresaw")

    app = create_app(SimpleNamespace(profile=PROFILE, store=SimpleNamespace(reading=fail)))
    asked = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
    with served(app, PATIENT) as server, server.connect() as made:
        made.sendall(asked)
        broken = read_until(made, b"}")
        made.sendall(LAST)

        assert head_of(broken)[0] == 500
        assert head_of(until_closed(made))[0] == 200


REQUESTS = {
    "nothing": b"",
    "a head": b"GET /livez HTTP/1.1\r\nA: ",
    "a request": HEALTHY,
    "two requests": HEALTHY * 2,
    "a hundred requests": 100 * HEALTHY,
    "an error": b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n",
    "no token": b"POST /v1/deviations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
    "no HTTP": b"\0\0\0\0",
}


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No collector: in a gateway it looks at what has stood for a while almost never."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("sent", [*REQUESTS.values(), "a body"], ids=[*REQUESTS, "a body"])
def test_connections_that_end_leave_nothing_in_memory(
    cmo: Desk,
    clerk: Person,
    sent: bytes | str,
    is_reset: bool,  # noqa: FBT001 - a case
) -> None:
    raw = sent if isinstance(sent, bytes) else command(clerk, "Content-Length: 100") + b"{"
    with served(cmo.http.app, PATIENT) as server:
        for _ in range(5):
            made = server.connect()
            made.sendall(raw)
            if raw.startswith(HEALTHY):
                made.recv(1)
            if is_reset:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            made.close()
        wait_until(lambda: server.open_connections == 0)

        wait_until(lambda: not kept())


def kept() -> list[object]:
    """Connections that are still in memory."""
    return [each for each in gc.get_objects() if isinstance(each, BoundedConnection)]
