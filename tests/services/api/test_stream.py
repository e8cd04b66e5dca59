"""The live stream is read as it comes, from a server that stands on a socket of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

import httpx
import orjson
import pytest

from services.gateway.api.routes import stream
from tests.services.api.stepped import Desk, Person

OPENING = {"title": "x", "detected_at": "2026-11-22"}
Message = dict[str, Any]


class Listener:
    """An ASGI client that takes what is sent, piece by piece."""

    def __init__(self, desk: Desk, headers: dict[str, str]) -> None:
        self._desk = desk
        self._headers = headers
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._gone = asyncio.Event()

    async def __aenter__(self) -> Self:
        headers = [(name.lower().encode(), value.encode()) for name, value in self._headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/v1/stream",
            "raw_path": b"/v1/stream",
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "server": ("gateway", 80),
            "client": ("reader", 1),
        }
        self._task = asyncio.create_task(self._desk.http.app(scope, self._receive, self._sent.put))  # type: ignore[arg-type] # an ASGI scope
        self.start = await self._next()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._gone.set()
        self._desk.http.app.state.hub.close()
        await asyncio.wait_for(self._task, 10)

    async def events(self) -> AsyncIterator[dict[str, str]]:
        while True:
            block = (await self._next())["body"].decode()
            lines = [line for line in block.splitlines() if line and not line.startswith(":")]
            if lines:
                yield dict(line.split(": ", 1) for line in lines)

    async def comments(self) -> AsyncIterator[str]:
        while True:
            yield (await self._next())["body"].decode()

    async def _next(self) -> Message:
        return await asyncio.wait_for(self._sent.get(), 10)

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}


def listen(person: Person, work: Callable[[Listener], Awaitable[None]], **headers: str) -> None:
    async def run() -> None:
        async with Listener(person.desk, {**person.headers, **headers}) as listener:
            await work(listener)

    asyncio.run(run())


def test_the_stream_goes_on_after_the_last_event_and_then_brings_what_happens(clerk: Person) -> None:
    first = clerk.does("/v1/deviations", OPENING)
    heard: list[dict[str, str]] = []

    async def work(listener: Listener) -> None:
        assert listener.start["status"] == 200
        async for event in listener.events():
            heard.append(event)
            if len(heard) == 1:
                await asyncio.to_thread(clerk.does, "/v1/deviations", OPENING)
            else:
                return

    listen(clerk, work, **{"Last-Event-ID": str(first["sequence"] - 1)})

    assert [int(event["id"]) for event in heard] == [first["sequence"], first["sequence"] + 1]
    assert heard[0]["event"] == "entry"
    assert orjson.loads(heard[1]["data"])["head"]["type"] == "deviation.opened.v1"


def test_without_a_last_event_the_stream_begins_now_and_is_kept_alive(
    clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.01)
    clerk.does("/v1/deviations", OPENING)
    said: list[str] = []

    async def work(listener: Listener) -> None:
        async for comment in listener.comments():
            said.append(comment)
            if len(said) == 3:
                return

    listen(clerk, work)

    assert said == [": connected\n\n", ": keep-alive\n\n", ": keep-alive\n\n"]


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30, "٣"])
def test_a_last_event_that_is_no_number_is_refused(clerk: Person, last: str) -> None:
    headers = httpx.Headers({**clerk.headers, "Last-Event-ID": last}, encoding="utf-8")

    answer = clerk.desk.http.get("/v1/stream", headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Last-Event-ID")
