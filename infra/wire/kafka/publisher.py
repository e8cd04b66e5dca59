"""Writes records: in order, each acknowledged before the call returns."""

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
    """One idempotent producer, discarded after any error."""

    def __init__(self, servers: str, directory: Directory) -> None:
        self._servers = servers
        self._directory = directory
        self._producer: Any = None
        self._known: set[str] = set()

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        """Send records, never more unacknowledged bytes than allowed at a time."""
        if topic not in self._known and self._directory.topic_id(topic) is None:
            raise WireUnavailableError(f"the topic {topic} does not exist")
        self._known.add(topic)
        try:
            if self._producer is None:
                self._producer = open_producer(self._servers)
            self._send(topic, records)
        except Exception as failure:
            self.close()
            raise unavailable(failure) from failure

    def close(self) -> None:
        """Discard the producer; nothing is waiting in it between two calls."""
        producer, self._producer = self._producer, None
        self._known.clear()
        if producer is not None:
            discard_producer(producer)

    def _send(self, topic: str, records: Sequence[WireRecord]) -> None:
        waiting, size = [], 0
        for record in records:
            headers = [(KIND_HEADER, record.kind.encode())]
            waiting.append(self._producer.send(topic, record.value, headers=headers, partition=PARTITION))
            size += len(record.value)
            if size >= MAX_UNACKNOWLEDGED_BYTES:
                _await_all(waiting)
                waiting, size = [], 0
        _await_all(waiting)


def _await_all(waiting: Sequence[Any]) -> None:
    for acknowledgement in waiting:
        acknowledgement.get(timeout=DELIVERY_MS / 1000 + CLOSE_SECONDS)
