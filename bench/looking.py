"""P9: how long lists and timelines take, over HTTP as screens ask for them, however much stands behind them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from services.gateway.access.tokens import TokenRequest, create_token
from services.gateway.api.app import create_app
from services.gateway.exchange.gateway import Gateway

Taken = dict[str, list[float]]
"""The seconds of each answer, by what was asked for."""

_LIST = "/v1/communications"
_ORDERS = ("-opened_at", "due_at", "-due_at", "number", "-changed_at")
_FILTERS = (
    {"category": "deviations"},
    {"state": "open"},
    {"class": "minor"},
    {"product": "CRO-1G"},
    {"category": "oos_oot"},  # there is none: what is rare is found as fast as what is common
)


def look_at(gateway: Gateway, batches: Sequence[str], seconds: float) -> Taken:
    """Look at pages of the list and at timelines in turn, for so long; what is asked of batches is of any of these."""
    request = TokenRequest("person/bench", "auditor", "bench", timedelta(days=1))
    secret = create_token(gateway.store, request, gateway.clock.now(), gateway.chance).secret
    transport = httpx.ASGITransport(create_app(gateway))
    return asyncio.run(_look(transport, {"Authorization": f"Bearer {secret}"}, batches, seconds))


async def _look(
    transport: httpx.ASGITransport, headers: dict[str, str], batches: Sequence[str], seconds: float
) -> Taken:
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=headers) as client:
        person = _Person(client, batches)
        await person.go_round()
        person.taken.clear()  # what is made once is made
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await person.go_round()
        return person.taken


class _Person:
    """Turns pages, filters, sorts, and opens what is found."""

    def __init__(self, client: httpx.AsyncClient, batches: Sequence[str]) -> None:
        self.taken: Taken = defaultdict(list)
        self._client, self._batches = client, batches
        self._chance = Random(9)  # noqa: S311 - repeats itself, and guards nothing

    async def go_round(self) -> None:
        """Ask for each kind of thing once."""
        for order in _ORDERS:
            page = await self._ask(f"sorted by {order}", _LIST, sort=order)
            await self._ask(f"next page by {order}", _LIST, sort=order, cursor=page["next_cursor"])
        for each in _FILTERS:
            await self._ask(f"filtered by {each}", _LIST, **each)
        batch = self._chance.choice(self._batches)
        found = await self._ask("filtered by batch", _LIST, batch=batch)
        item = self._chance.choice(found["data"])["item"]
        await self._ask("item", f"{_LIST}/{item}")
        await self._ask("timeline of an item", f"{_LIST}/{item}/timeline")
        await self._ask("timeline of a batch", "/v1/timeline", batch=batch)

    async def _ask(self, what: str, path: str, **query: str) -> Any:  # noqa: ANN401 - any JSON
        begun = time.monotonic()
        answer = await self._client.get(path, params=query)
        self.taken[what].append(time.monotonic() - begun)
        assert answer.status_code == 200, answer.text
        return answer.json()
