"""Reads on until there is enough, as a gateway does."""

from events.journal.wire import Delivered, WirePosition, WireRecord
from services.gateway.ports.wire import Wire

PATIENCE_SECONDS = 30.0


def page(value: bytes) -> WireRecord:
    return WireRecord("page", value)


def pages(count: int, first: int = 0) -> list[WireRecord]:
    return [page(f"page {number}".encode()) for number in range(first, first + count)]


def read_all(wire: Wire, topic: str, count: int, after: WirePosition | None = None) -> list[Delivered]:
    """Return the next `count` records or more, as they come."""
    found: list[Delivered] = []
    while len(found) < count:
        delivered = wire.read(topic, after, limit=100, wait_seconds=PATIENCE_SECONDS)
        assert delivered, f"{len(found)} of {count} records came"
        found += delivered
        after = found[-1].after
    return found


def records(delivered: list[Delivered]) -> list[WireRecord]:
    return [one.record for one in delivered]


def now(wire: Wire, topic: str, after: WirePosition | None = None, limit: int = 100) -> list[WireRecord]:
    """Return what a short read returns."""
    return [one.record for one in wire.read(topic, after, limit=limit, wait_seconds=1.5)]
