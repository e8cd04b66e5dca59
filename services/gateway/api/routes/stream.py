"""The live stream (SSE): every entry once its rows have moved, numbered by local sequence, so that nothing is missed.

One thread follows the engine for all clients; each client reads on from the last sequence that it has.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from threading import Thread
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.relationships import numbered
from services.gateway.api.gateway import Changes, Gateway
from services.gateway.api.problems import Problem, validation
from services.gateway.api.routes.events import event_row

router = APIRouter(prefix="/v1/stream", tags=["events"])

KEEP_ALIVE_SECONDS = 15.0
MAX_AT_ONCE = 200
DEFAULT_STREAMS = 100
RETRY_AFTER_SECONDS = 30

_FOLLOW_SECONDS = 1.0


class Hub:
    """Follows the engine for all streams and wakes those that wait for rows to move."""

    def __init__(self, gateway: Gateway, limit: int = DEFAULT_STREAMS) -> None:
        self._gateway = gateway
        self._limit = limit
        self._streams = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._position = 0
        self.ended = False

    def begin(self) -> None:
        """Follow, unless it does already; called in the loop, before a stream reads what there is."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            Thread(target=self._follow, args=(self._gateway.changes(),), name="stream", daemon=True).start()

    def enter(self) -> None:
        """Count one more stream.

        Raises:
            Problem: `rate-limited`: there are as many as may be.
        """
        if self._streams >= self._limit:
            headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            raise Problem("rate-limited", f"{self._limit} streams are open already", headers=headers)
        self._streams += 1

    def leave(self) -> None:
        """Count one stream less."""
        self._streams -= 1

    async def wait_beyond(self, position: int, seconds: float) -> None:
        """Wait until rows stand beyond a local sequence, so many seconds at most."""
        if self._position > position or self.ended:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)

    def close(self) -> None:
        """Let all streams end."""
        self.ended = True
        self._changed.set()

    def _follow(self, changes: Changes) -> None:
        while not self.ended and self._loop is not None:
            position = changes.next(_FOLLOW_SECONDS)
            if position is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._move, position)
        changes.close()

    def _move(self, position: int) -> None:
        self._position = position
        moved, self._changed = self._changed, asyncio.Event()
        moved.set()


class Followed(StreamingResponse):
    """A stream that leaves its hub when it ends, however it ends."""

    def __init__(self, hub: Hub, content: AsyncIterator[bytes]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, headers=headers, media_type="text/event-stream")
        self._hub = hub
        hub.enter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._hub.leave()


@router.get(
    "",
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    response_class=StreamingResponse,
)
async def follow(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    last_event_id: Annotated[
        str | None, Header(description="the last `id:` you have; without it the stream begins now")
    ] = None,
) -> Followed:
    """Follow what happens: `event: entry`, `id:` the local sequence, `data:` as in GET /v1/events."""
    hub: Hub = request.app.state.hub
    hub.begin()
    last = await run_in_threadpool(_position, gateway) if last_event_id is None else _sequence(last_event_id)
    return Followed(hub, _stream(gateway, hub, last))


async def _stream(gateway: Gateway, hub: Hub, last: int) -> AsyncIterator[bytes]:
    yield b": connected\n\n"
    while not hub.ended:
        position, found = await run_in_threadpool(_entries_after, gateway, last)
        for sequence, row in found:
            yield b"id: %d\nevent: entry\ndata: %s\n\n" % (sequence, orjson.dumps(row))
            last = sequence
        if len(found) < MAX_AT_ONCE:
            await hub.wait_beyond(position, KEEP_ALIVE_SECONDS)
            yield b": keep-alive\n\n"


def _entries_after(gateway: Gateway, last: int) -> tuple[int, Sequence[tuple[int, dict[str, Any]]]]:
    """Return how far rows have moved, and what came after a sequence up to there."""
    position = _position(gateway)
    if position <= last:
        return position, []
    with gateway.store.reading() as reading:
        names = numbered(list(reading.relationships()))
        found = reading.since(last, MAX_AT_ONCE)
    shown = [(entry.sequence, event_row(names[number], entry)) for number, entry in found if entry.sequence <= position]
    return position, shown


def _position(gateway: Gateway) -> int:
    with gateway.read_model.reading() as rows:
        return rows.position()


def _sequence(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 16:  # noqa: PLR2004 - below 2^53
        raise validation("Last-Event-ID", "the number of an event of this stream")
    return int(text)
