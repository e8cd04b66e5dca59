"""Reads one topic from wherever its reader stands, and notices when it has become another topic of the same name."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from events.journal.wire import Delivered, WirePosition
from infra.wire.kafka.clients import (
    CLOSE_SECONDS,
    LOST_PLACE,
    REQUEST_MS,
    TRANSIENT,
    open_consumer,
    partition_of,
    unavailable,
)
from infra.wire.kafka.publisher import KIND_HEADER
from infra.wire.records import delivered_record

LOOK_SECONDS = 1.0  # how long a topic's id is believed
ABSENT_LOOK_SECONDS = 0.1  # how often a topic that does not exist is looked for
_NOWHERE: Final = object()


class Reader:
    """A consumer of its own for one topic, so that several topics never wait for each other's fetches."""

    def __init__(self, servers: str, topic: str, find_id: Callable[[str], str | None]) -> None:
        self._servers = servers
        self._topic = topic
        self._partition = partition_of(topic)
        self._find_id = find_id
        self._consumer: Any = None
        self._topic_id: str | None = None
        self._look_at = 0.0
        self._continuing: object = _NOWHERE  # the position that means "go on where you are"
        self._unreadable: int | None = None  # the offset at which parsing failed last

    def read(self, after: WirePosition | None, limit: int, seconds: float, closed: threading.Event) -> list[Delivered]:
        """Wait for at most one slice of time."""
        try:
            self._look()
            if self._topic_id is None:
                closed.wait(min(seconds, ABSENT_LOOK_SECONDS))
                return []
            self._stand(after)
        except Exception as failure:
            self.give_up()
            raise unavailable(failure) from failure
        return self._poll(self._topic_id, limit, seconds)

    def give_up(self) -> None:
        """Close the consumer; the next read makes another and seeks its place again."""
        consumer, self._consumer = self._consumer, None
        self._continuing = _NOWHERE
        self._look_at = 0.0
        if consumer is not None:
            with suppress(Exception):
                consumer.close(autocommit=False, timeout_ms=int(CLOSE_SECONDS * 1000))

    def _look(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        found = self._find_id(self._topic)
        if found != self._topic_id:
            self.give_up()
            self._topic_id = found
        self._look_at = now + (LOOK_SECONDS if found is not None else ABSENT_LOOK_SECONDS)

    def _stand(self, after: WirePosition | None) -> None:
        """Seek where the caller wants to go on, unless that is where the consumer is.

        A caller who repeats a position that could not be found is not sent there again: it may exist by now, and
        everything before it would be skipped.
        """
        if self._consumer is None:
            self._consumer = open_consumer(self._servers)
            self._consumer.assign([self._partition])
        if after != self._continuing:
            in_this_topic = after is not None and after.topic_id == self._topic_id
            self._consumer.seek(self._partition, max(0, after.offset) if after is not None and in_this_topic else 0)
            self._continuing = after

    def _poll(self, topic_id: str, limit: int, seconds: float) -> list[Delivered]:
        try:
            polled = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=limit)
        except LOST_PLACE:
            self._consumer.seek_to_beginning(self._partition)
            return []
        except TRANSIENT as failure:
            self.give_up()
            raise unavailable(failure) from failure
        except Exception as failure:  # noqa: BLE001 - whatever a stranger's bytes make the parser raise
            return self._stumble(topic_id, failure)
        delivered = [_delivered(topic_id, record) for record in polled.get(self._partition, ())]
        if delivered:
            self._continuing = delivered[-1].after
        return delivered

    def _stumble(self, topic_id: str, failure: Exception) -> list[Delivered]:
        """Try a place that cannot be read once more with another consumer, then pass over it."""
        position, unreadable = self._place(), self._unreadable
        self.give_up()
        if position is None:
            raise unavailable(failure) from failure
        self._unreadable = position
        if position != unreadable:
            return []
        return [Delivered(delivered_record((), b""), WirePosition(topic_id, position + 1))]

    def _place(self) -> int | None:
        with suppress(Exception):
            position: int | None = self._consumer.position(self._partition, timeout_ms=REQUEST_MS)
            return position
        return None


def _delivered(topic_id: str, record: Any) -> Delivered:  # noqa: ANN401 - the library has no types
    kinds = [value for name, value in record.headers if name == KIND_HEADER]
    return Delivered(delivered_record(kinds, record.value), WirePosition(topic_id, record.offset + 1))
