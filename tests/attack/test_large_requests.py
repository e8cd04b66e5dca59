"""Large and senseless: each request is bounded in size, answered, and not read to its end."""

import socket

import httpx
import pytest

from services.gateway.api.server.bounds import LINGER_BYTES, MAX_FIELDS, MAX_HEAD_BYTES, MAX_URL_BYTES
from tests.attack.raw_requests import PATIENT, command, is_well, problem_in
from tests.attack.serving import head_of, served, until_closed
from tests.services.api.stepped import Desk, Person


def flood(made: socket.socket, part: bytes, most: int) -> tuple[int, bytes]:
    """Send the same bytes until an answer or an end comes; return how many were sent, and the answer."""
    sent = 0
    try:
        while sent < most:
            made.sendall(part)
            sent += len(part)
    except (BrokenPipeError, ConnectionResetError):
        pass
    return sent, until_closed(made)


GIBIBYTE = 1 << 30


@pytest.mark.parametrize("path", ["/v1/deviations", "/v1/imports", "/v1/nothing", "/livez"])
def test_a_chunked_body_of_a_gibibyte_is_answered_and_not_read(cmo: Desk, clerk: Person, path: str) -> None:
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    asked = command(clerk, "Transfer-Encoding: chunked").replace(b"/v1/deviations", path.encode(), 1)
    with served(cmo.http.app, PATIENT) as server, server.connect() as big:
        big.sendall(asked)

        sent, answer = flood(big, chunk, GIBIBYTE)

        assert head_of(answer)[0] in (413, 404, 405)
        assert head_of(answer)[1]["connection"] == "close"
        assert sent < 32 * 1024 * 1024 + LINGER_BYTES  # the limit of the call and the buffers of two sockets
        assert is_well(server)


def test_a_stranger_is_answered_before_a_body_is_read(cmo: Desk) -> None:
    with served(cmo.http.app, PATIENT) as server, server.connect() as stranger:
        stranger.sendall(b"POST /v1/deviations HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n")

        sent, answer = flood(stranger, b" " * 65536, GIBIBYTE)

    assert head_of(answer)[0] == 401
    assert sent < 16 * 1024 * 1024


@pytest.mark.parametrize("trailer", [b"x: y\r\n", b"y" * 4096])
def test_trailers_and_chunk_extensions_without_end_are_bounded(cmo: Desk, clerk: Person, trailer: bytes) -> None:
    with served(cmo.http.app, PATIENT) as server, server.connect() as odd:
        odd.sendall(command(clerk, "Transfer-Encoding: chunked") + b"0\r\nx: ")

        sent, answer = flood(odd, trailer * 64, GIBIBYTE // 8)

    assert head_of(answer)[0] in (400, 413)
    assert sent < 64 * 1024 * 1024


@pytest.mark.parametrize(
    ("head", "status", "slug"),
    [
        (b"GET /v1/communications?text=" + b"x" * MAX_URL_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri-too-long"),
        (b"GET /" + b"x" * 4 * MAX_HEAD_BYTES, 414, "uri-too-long"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n", 431, "headers-too-large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 4 * MAX_HEAD_BYTES, 431, "headers-too-large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * MAX_FIELDS + b"\r\n", 431, "headers-too-large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "malformed"),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "malformed"),
    ],
)
def test_heads_beyond_their_bounds_or_without_sense_are_refused(cmo: Desk, head: bytes, status: int, slug: str) -> None:
    with served(cmo.http.app, PATIENT) as server:
        answer = server.ask(head)

        assert (head_of(answer)[0], problem_in(answer)) == (status, slug)
        assert head_of(answer)[1]["content-type"] == "application/problem+json"
        assert is_well(server)


def test_the_largest_address_that_is_allowed_is_read(cmo: Desk, clerk: Person) -> None:
    path = "/v1/communications?text=" + "x" * (MAX_URL_BYTES - 100)
    with served(cmo.http.app, PATIENT) as server:
        answer = httpx.get(f"http://127.0.0.1:{server.port}{path}", headers=clerk.headers, trust_env=False)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "text")
