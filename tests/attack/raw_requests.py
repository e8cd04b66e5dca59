"""Requests as bytes, and what is asked of their answers."""

import json

from services.gateway.api.server.bounds import Bounds
from tests.attack.serving import Served, head_of
from tests.services.api.stepped import Person

QUICK = Bounds(keep_alive_seconds=0.4, header_seconds=0.4, bytes_per_second=1024, linger_seconds=0.4)
PATIENT = Bounds()
HEALTHY = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def command(person: Person, length: str, *more: str) -> bytes:
    lines = [
        "POST /v1/deviations HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        "Idempotency-Key: k1",
        f"Authorization: {person.headers['Authorization']}",
        length,
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def problem_in(answer: bytes) -> str:
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["type"]).removeprefix("/problems/")


def is_well(server: Served) -> bool:
    return head_of(server.ask(LAST))[0] == 200
