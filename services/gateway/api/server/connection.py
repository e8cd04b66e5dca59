"""One connection with its bounds, over uvicorn's HTTP protocol class, which has no deadline for heads and bodies.

What uvicorn does not tell is taken from its parser's callbacks: where in a request the other side is. A phase has its
place in the register, and the register says when its time is over.
"""

import asyncio
from enum import Enum, auto
from typing import Any, cast

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from services.gateway.api.server.bounds import (
    LINGER_BYTES,
    MAX_HEAD_BYTES,
    MAX_URL_BYTES,
    MAX_WIRE_BODY_BYTES,
    most_of_body,
    refusal_of_head,
)
from services.gateway.api.server.refusals import refusal
from services.gateway.api.server.register import Place, Register
from services.gateway.api.server.transport import GentleTransport


class Phase(Enum):
    """Where in a request the other side is."""

    IDLE = auto()  # no request has begun
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()  # the request is whole, its answer is not
    END = auto()  # closed from here; what still comes is dropped


class HeadRefusedError(Exception):
    """The head of a request is beyond a bound: the parser stops here."""


class BoundedConnection(HttpToolsProtocol):
    """A connection of a server whose config is a `BoundedConfig`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._register: Register = config.register  # type: ignore[attr-defined] # see the docstring
        self._phase = Phase.IDLE
        self._place: Place | None = None
        self._refusal = "malformed"  # why the parser stopped
        self._moved = 0  # bytes of this head, of this window of a body, or dropped in the end
        self._body = 0  # bytes of this body
        self._most = MAX_WIRE_BODY_BYTES  # that it may have
        self._unread = 0  # bytes that waited when this window of a slow reader began

    # From the transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Find room for a new connection."""
        self._gentle = GentleTransport(transport, self._on_close)
        super().connection_made(self._gentle)
        if self._register.admit(self.loop):
            self._wait_in(self._register.idle)
        else:
            self.refuse("unavailable")

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave every place."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # after a reset it would hold the connection until it runs out
        while self.pipeline:  # what waits to be answered will not be, and would hold the connection in memory
            waiting, _ = self.pipeline.pop()
            waiting.on_response = _do_nothing
        self._phase = Phase.END
        self._wait_in(None)
        self._register.slow_readers.pop(self, None)
        self._register.forget()
        self._gentle.release()

    def data_received(self, data: bytes) -> None:
        """Read on in the request, and see that it stays within its bounds."""
        before = self._phase
        if before is Phase.END:
            self._drop(len(data))
            return
        super().data_received(data)
        if self._phase is Phase.HEAD and before in (Phase.IDLE, Phase.HEAD):
            self._count_head(len(data))
        elif self._phase is Phase.BODY:
            self._count_body(len(data))
        self._settle()

    def pause_writing(self) -> None:
        """Give the other side its time to read."""
        super().pause_writing()
        self._unread = self._waiting_bytes()
        self._register.slow_readers[self] = self.loop.time()

    def resume_writing(self) -> None:
        """Note that the other side has read."""
        super().resume_writing()
        self._register.slow_readers.pop(self, None)

    # From the parser

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._phase, self._moved = Phase.HEAD, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Hand a head on that is within its bounds."""
        slug = refusal_of_head(self.url, self.headers)
        if slug is not None:
            self._refusal = slug
            raise HeadRefusedError(slug)
        self._phase, self._moved, self._body = Phase.BODY, 0, 0
        self._most = most_of_body(self.parser.get_method(), self.url)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the answer."""
        if self._phase is not Phase.END:
            self._phase = Phase.ANSWER
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or a head beyond its bounds."""
        del msg  # uvicorn's words
        self.refuse(self._refusal)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing of a wish for another protocol: the request is answered as it is."""

    # From the application

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Answer a request; the connection ends with an answer that comes before the request was whole."""

        async def answered(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
            async def send_on(message: ASGISendEvent) -> None:
                if cycle.more_body and not cycle.response_started:
                    cycle.keep_alive = False
                await send(message)

            try:
                await app(scope, receive, send_on)
            except Exception:
                if not cycle.response_complete:
                    raise  # what was answered was logged too, and the connection is sound

        super()._start_asgi_task(cycle, cast("ASGI3Application", answered))

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it is here already."""
        super().on_response_complete()
        if self._phase is Phase.ANSWER and self.cycle.response_complete:
            self._phase = Phase.IDLE
            self._settle()

    # From the register

    def close_idle(self) -> None:
        """Close a connection that waits for a request."""
        self.transport.close()

    def refuse(self, slug: str) -> None:
        """Answer with a problem and close; where another answer is on its way, only close."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first request
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started or self.pipeline or self._phase is Phase.HEAD:
                self.drop()
                return
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write(refusal(slug))
        self.transport.close()

    def drop(self) -> None:
        """End the connection now."""
        self._phase = Phase.END
        self._wait_in(None)
        self.transport.abort()

    def look_at_body(self, now: float) -> None:
        """Close a connection whose body comes too slowly; not while it is this gateway that does not read."""
        is_waiting_for_us = self.flow.read_paused or self.cycle.waiting_for_100_continue
        if is_waiting_for_us or self._moved >= self._register.bounds.window_bytes:
            self._moved = 0
            self._wait_in(self._register.bodies, now)
        else:
            self.refuse("request-timeout")

    def look_at_reader(self, now: float) -> None:
        """Drop a connection whose other side reads its answer too slowly."""
        self._register.slow_readers.pop(self)
        if self._has_read(self._register.bounds.header_seconds):
            self._register.slow_readers[self] = now
        else:
            self.drop()

    def look_at_end(self, now: float) -> None:
        """Drop a connection that was closed, unless the other side still reads the last answer."""
        if self._has_read(self._register.bounds.linger_seconds):
            self._wait_in(self._register.ending, now)
        else:
            self.drop()

    # Places

    def _on_close(self) -> bool:
        """Note that this side has closed; tell whether the other side is still sending."""
        is_sending = self._phase in (Phase.HEAD, Phase.BODY)
        self._phase, self._moved = Phase.END, 0
        self._unread = self._waiting_bytes()
        self._wait_in(self._register.ending)
        if is_sending:
            self.flow.resume_reading()
        return is_sending

    def _settle(self) -> None:
        """Wait in the place of the present phase, since now if it was another."""
        if self._phase is Phase.IDLE:
            place: Place | None = self._register.idle
        elif self._phase is Phase.HEAD:
            place = self._register.heads
        elif self._phase is Phase.BODY:
            place = self._register.bodies
        elif self._phase is Phase.ANSWER:
            place = None
        else:
            return
        if place is not self._place:
            self._wait_in(place)

    def _wait_in(self, place: Place | None, now: float | None = None) -> None:
        if self._place is not None:
            self._place.pop(self, None)
        self._place = place
        if place is not None:
            place[self] = self.loop.time() if now is None else now

    def _count_head(self, size: int) -> None:
        self._moved += size
        if self._moved > MAX_HEAD_BYTES:
            self.refuse("uri-too-long" if len(self.url) > MAX_URL_BYTES else "headers-too-large")

    def _count_body(self, size: int) -> None:
        self._moved += size
        self._body += size
        if self._body > self._most:
            self.refuse("body-too-large")

    def _drop(self, size: int) -> None:
        self._moved += size
        if self._moved > LINGER_BYTES:
            self.drop()

    def _waiting_bytes(self) -> int:
        return self._gentle.unread_bytes()

    def _has_read(self, seconds: float) -> bool:
        """Tell whether the other side has read enough in a window that ends now, and begin the next."""
        waiting = self._waiting_bytes()
        read, self._unread = self._unread - waiting, waiting
        return read >= min(self._register.bounds.bytes_per_second * seconds, 1 + waiting)


def _do_nothing() -> None:
    """Follow no answer: there will be none."""
