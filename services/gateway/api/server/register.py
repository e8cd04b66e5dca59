"""All connections by what they wait for, oldest first: deadlines cost a look at the oldest, not a timer each."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from services.gateway.api.server.bounds import Bounds

_SHARE_ENDING = 8  # when there is no room, one in so many may wait for its end


class Bounded(Protocol):
    """A connection as the register sees it. Each of these takes it out of the place where it waits, or moves it."""

    def close_idle(self) -> None:
        """Close a connection that waits for a request."""

    def refuse(self, slug: str) -> None:
        """Answer with a problem and close."""

    def drop(self) -> None:
        """End a connection now."""

    def look_at_body(self, now: float) -> None:
        """Close a connection whose body comes too slowly."""

    def look_at_reader(self, now: float) -> None:
        """Drop a connection whose other side reads its answer too slowly."""

    def look_at_end(self, now: float) -> None:
        """Drop a connection that was closed and does not end."""


Place: TypeAlias = dict[Bounded, float]
"""Connections with the moment at which their time began, oldest first."""


class Register:
    """The connections of one server."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.count = 0
        self.idle: Place = {}
        self.heads: Place = {}
        self.bodies: Place = {}
        self.slow_readers: Place = {}
        self.ending: Place = {}
        self._is_ticking = False

    def admit(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Count one more connection, at the cost of the longest idle one if need be; tell whether there is room.

        Without an idle one, the oldest that still sends its request gives way; one that is being answered never does.
        """
        self.count += 1
        if not self._is_ticking:
            self._is_ticking = True
            loop.call_later(self.bounds.tick_seconds, self._tick, loop)
        return self.count <= self.bounds.connections or self._make_room()

    def forget(self) -> None:
        """Count one connection less."""
        self.count -= 1

    def _make_room(self) -> bool:
        if len(self.ending) * _SHARE_ENDING > self.bounds.connections:
            next(iter(self.ending)).drop()
        if self.idle:
            next(iter(self.idle)).close_idle()
            return True
        for place in (self.heads, self.bodies):
            if place:
                next(iter(place)).refuse("unavailable")
                return True
        return False

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look at every connection whose time is over; each of them leaves its place or starts anew in it."""
        now, bounds = loop.time(), self.bounds
        dues: list[tuple[Place, float, Callable[[Bounded], None]]] = [
            (self.idle, bounds.keep_alive_seconds, lambda each: each.close_idle()),
            (self.heads, bounds.header_seconds, lambda each: each.refuse("request-timeout")),
            (self.bodies, bounds.header_seconds, lambda each: each.look_at_body(now)),
            (self.slow_readers, bounds.header_seconds, lambda each: each.look_at_reader(now)),
            (self.ending, bounds.linger_seconds, lambda each: each.look_at_end(now)),
        ]
        for place, seconds, act in dues:
            for each in list(_begun_before(place, now - seconds)):
                act(each)
        self._is_ticking = self.count > 0
        if self._is_ticking:
            loop.call_later(bounds.tick_seconds, self._tick, loop)


def _begun_before(place: Place, moment: float) -> Iterator[Bounded]:
    for each, since in place.items():
        if since > moment:
            return
        yield each
