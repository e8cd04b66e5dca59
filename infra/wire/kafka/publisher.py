"""Writes records: in order, each acknowledged before the call returns."""

import threading
from collections.abc import Sequence
from typing import Any

from events.journal.wire import WireRecord
from infra.wire.errors import WireUnavailableError
from infra.wire.kafka.clients import (
    CLOSE_SECONDS,
    DELIVERY_MS,
    PARTITION,
    discard_producer,
    open_producer,
    unavailable,
)
from infra.wire.kafka.directory import Directory

KIND_HEADER = "counterfoil-kind"
MAX_UNACKNOWLEDGED_BYTES = 8_388_608


class Publisher:
    """One idempotent producer for all topics, discarded after any error; of each topic one thread publishes at a time.

    Whoever publishes to another topic while it is discarded is told so too, and publishes again.
    """

    def __init__(self, servers: str, directory: Directory) -> None:
        self._servers = servers
        self._directory = directory
        self._producer: Any = None
        self._known: set[str] = set()
        self._turn = threading.Lock()  # to change these two; never held while records are under way
        self._closed = False

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        """Send records, never more unacknowledged bytes than allowed at a time."""
        if topic not in self._known and self._directory.topic_id(topic) is None:
            raise WireUnavailableError(f"the topic {topic} does not exist")
        self._known.add(topic)
        producer = None
        try:
            producer = self._opened()
            _send(producer, topic, records)
        except Exception as failure:
            self._discard(producer)
            raise unavailable(failure) from failure

    def close(self) -> None:
        """Discard the producer for good; nothing is waiting in it between two calls."""
        with self._turn:
            self._closed = True
        self._discard(self._producer)

    def _opened(self) -> Any:  # noqa: ANN401 - the library has no types
        with self._turn:
            if self._closed:
                raise WireUnavailableError("this wire was closed")
            if self._producer is None:
                self._producer = open_producer(self._servers)
            return self._producer

    def _discard(self, producer: Any) -> None:  # noqa: ANN401 - as above
        """Give up a producer, unless somebody did and there is another by now."""
        with self._turn:
            self._known.clear()
            if producer is None or producer is not self._producer:
                return
            self._producer = None
        discard_producer(producer)


def _send(producer: Any, topic: str, records: Sequence[WireRecord]) -> None:  # noqa: ANN401 - as above
    waiting, size = [], 0
    for record in records:
        headers = [(KIND_HEADER, record.kind.encode())]
        waiting.append(producer.send(topic, record.value, headers=headers, partition=PARTITION))
        size += len(record.value)
        if size >= MAX_UNACKNOWLEDGED_BYTES:
            _await_all(waiting)
            waiting, size = [], 0
    _await_all(waiting)


def _await_all(waiting: Sequence[Any]) -> None:
    for acknowledgement in waiting:
        acknowledgement.get(timeout=DELIVERY_MS / 1000 + CLOSE_SECONDS)
