"""Live streams are as many as may be, and one that ends makes room for the next."""

import resource
import socket

from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds, raise_file_limit
from tests.attack.serving import Served, head_of, read_until, served, until_closed, wait_until
from tests.services.api.stepped import Desk, Person


def follow(server: Served, person: Person) -> tuple[socket.socket, int]:
    """Open a stream; return it and the status of its answer."""
    made = server.connect()
    asked = f"GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {person.headers['Authorization']}\r\n\r\n"
    made.sendall(asked.encode())
    return made, head_of(read_until(made, b"\r\n\r\n"))[0]


def test_one_stream_too_many_is_refused_until_another_ends(cmo: Desk, clerk: Person) -> None:
    app = create_app(cmo.gateway, max_streams=2)
    with served(app, Bounds()) as server:
        streams = [follow(server, clerk) for _ in range(2)]
        refused, status = follow(server, clerk)
        streams[0][0].close()
        wait_until(lambda: answered_with(server, clerk, 200))

        assert [each for _, each in streams] == [200, 200]
        assert status == 429
        refused.close()
        streams[1][0].close()


def answered_with(server: Served, person: Person, wanted: int) -> bool:
    made, status = follow(server, person)
    made.close()
    return status == wanted


def test_streams_that_are_dropped_at_once_leave_no_place_taken(cmo: Desk, clerk: Person) -> None:
    app = create_app(cmo.gateway, max_streams=2)
    with served(app, Bounds()) as server:
        for _ in range(20):
            with server.connect() as made:
                made.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: x\r\n")
                made.sendall(f"Authorization: {clerk.headers['Authorization']}\r\n\r\n".encode())
        wait_until(lambda: server.open_connections == 0)

        wait_until(lambda: are_two_answered(server, clerk))


def are_two_answered(server: Served, person: Person) -> bool:
    streams = [follow(server, person) for _ in range(2)]
    for made, _ in streams:
        made.close()
    return [status for _, status in streams] == [200, 200]


def test_a_stream_is_not_closed_for_being_quiet(cmo: Desk, clerk: Person) -> None:
    quick = Bounds(keep_alive_seconds=0.1, header_seconds=0.1, linger_seconds=0.1)
    with served(create_app(cmo.gateway), quick) as server:
        stream, status = follow(server, clerk)
        with server.connect() as idle:
            assert until_closed(idle) == b""  # meanwhile every deadline has passed
        clerk.does("/v1/deviations", {"title": "x", "detected_at": "2026-11-22"})
        read_until(stream, b"event: entry")
        stream.close()

    assert status == 200


def test_the_process_may_open_as_many_files_as_the_system_allows_and_keeps_some_for_itself() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 512), hard))

    few, all_of_them = raise_file_limit(10), raise_file_limit(10**9)

    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    assert few == 10
    assert hard == resource.RLIM_INFINITY or hard - 256 <= all_of_them < hard
