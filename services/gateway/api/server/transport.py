"""A transport that closes gently: what was answered arrives, even while the other side is still sending.

Closing a socket with unread bytes resets the connection, and the other side may lose the answer. So the sending side
is ended first, and what still comes is read and dropped for a while (RFC 9112, 9.6).
"""

import asyncio
import fcntl
import struct
import termios
from collections.abc import Callable
from typing import Any

_SIZE = struct.Struct("i")


class GentleTransport(asyncio.Transport):
    """Passes everything on, but for closing: `on_close` is told first and says whether bytes may still come."""

    def __init__(self, transport: asyncio.Transport, on_close: Callable[[], bool]) -> None:
        super().__init__()
        self._transport = transport
        self._on_close = on_close
        self._has_ended = False

    def write(self, data: Any) -> None:  # noqa: ANN401 - any bytes
        """Send bytes; after its end a connection takes none."""
        if not self.is_closing():
            self._transport.write(data)

    def pause_reading(self) -> None:
        """Read nothing for a while; after its end a connection has nothing to pause."""
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on; after its end a connection has nothing to read."""
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        """End the connection once what was written has left."""
        if self.is_closing():
            return
        self._has_ended = True
        if self._on_close() and self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def release(self) -> None:
        """Forget who is told of the end: the two hold each other, and the collector may look at them late."""
        self._on_close = _never

    def abort(self) -> None:
        """End the connection now."""
        self._has_ended = True
        self._transport.abort()

    def is_closing(self) -> bool:
        """Tell whether nothing is to be written any more."""
        return self._has_ended or self._transport.is_closing()

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait here for the system to take them."""
        return self._transport.get_write_buffer_size()

    def unread_bytes(self) -> int:
        """Return how many bytes the other side has not acknowledged, here and with the system.

        The system takes more only once a third of its own buffer is free, which may be megabytes; so the bytes that
        wait here alone do not tell whether the other side reads.
        """
        socket = self._transport.get_extra_info("socket")
        return self.get_write_buffer_size() + (0 if socket is None else _unacknowledged(socket.fileno()))

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - asyncio's own signature
        """Return what is known of the socket."""
        return self._transport.get_extra_info(name, default)


def _never() -> bool:
    return False


def _unacknowledged(file: int) -> int:
    try:
        told: tuple[int] = _SIZE.unpack(fcntl.ioctl(file, termios.TIOCOUTQ, bytes(_SIZE.size)))
    except OSError:  # it is closed, or the system does not tell
        return 0
    return told[0]
