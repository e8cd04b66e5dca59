"""What a connection may take of time and room; what goes beyond is answered and closed."""

import resource
from collections.abc import Sequence
from dataclasses import dataclass

from events.stored.files import MAX_FILE_BYTES

DEFAULT_CONNECTIONS = 4096

MAX_URL_BYTES = 16 * 1024
MAX_HEAD_BYTES = 32 * 1024
MAX_FIELDS = 100
MAX_WIRE_BODY_BYTES = 16 * 1024 * 1024  # of a body with its framing and trailers; what a call reads is less
MAX_WIRE_FILE_BYTES = MAX_FILE_BYTES + MAX_WIRE_BODY_BYTES  # of the body of an upload, which goes to the disk
LINGER_BYTES = 4 * 1024 * 1024  # that are read and dropped after the last answer, so that it arrives

_FILES = b"/v1/blobs/"
_FIELD_FRAMING = 4  # colon, space, line end
_RESERVED_FILES = 256  # store, wire, logs, keys: everything but connections


@dataclass(frozen=True, slots=True)
class Bounds:
    """Times in seconds. A body, and an answer being read, must move `bytes_per_second` in each `header_seconds`."""

    connections: int = DEFAULT_CONNECTIONS
    keep_alive_seconds: float = 30.0  # without a request
    header_seconds: float = 10.0  # from the first byte of a request to the end of its head
    bytes_per_second: int = 1024
    linger_seconds: float = 2.0  # from the last answer to the end of the connection

    @property
    def tick_seconds(self) -> float:
        """How often deadlines are looked at: often enough to be late by a quarter of the shortest at most."""
        shortest = min(self.keep_alive_seconds, self.header_seconds, self.linger_seconds)
        return min(1.0, max(0.01, shortest / 4))

    @property
    def window_bytes(self) -> float:
        """What must move in each window of `header_seconds`."""
        return self.bytes_per_second * self.header_seconds


def most_of_body(method: bytes, url: bytes) -> int:
    """Return how many bytes a body may have on the wire: files are uploaded at one address, everything else is small.

    Who may upload is asked before anything of the body is read; an answer before its end ends the connection.
    """
    return MAX_WIRE_FILE_BYTES if method == b"PUT" and url.startswith(_FILES) else MAX_WIRE_BODY_BYTES


def refusal_of_head(url: bytes, fields: Sequence[tuple[bytes, bytes]]) -> str | None:
    """Return the slug of the problem with a request's head, None where it is within the bounds."""
    if len(url) > MAX_URL_BYTES:
        return "uri-too-long"
    size = sum(len(name) + len(value) + _FIELD_FRAMING for name, value in fields)
    return "headers-too-large" if size + len(url) > MAX_HEAD_BYTES or len(fields) > MAX_FIELDS else None


def raise_file_limit(wanted: int) -> int:
    """Let this process open as many files as the system allows; return how many connections that is, `wanted` at most.

    The rest stays free for the store, the wire and the logs, so that connections alone can never exhaust it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, hard - min(_RESERVED_FILES, hard // 2)))
