"""The wire itself: one object for the engine, one client behind it for each task."""

import threading
import time
from collections.abc import Sequence

from events.journal.wire import Delivered, WirePosition, WireRecord
from infra.wire.errors import WireUnavailableError
from infra.wire.kafka.directory import Directory
from infra.wire.kafka.publisher import Publisher
from infra.wire.kafka.reader import Reader
from infra.wire.records import refuse_unpublishable

SLICE_SECONDS = 0.2  # how long a read can go without noticing that the wire was closed


class KafkaWire:
    """Topics of a Kafka cluster; fits `services.gateway.ports.wire.Wire`."""

    def __init__(self, servers: str) -> None:
        """Take the addresses of brokers (`host:port`, separated by commas); connect when it is needed."""
        self._servers = servers
        self._closed = threading.Event()
        self._directory = Directory(servers)
        self._publisher = Publisher(servers, self._directory)
        self._readers: dict[str, tuple[Reader, threading.Lock]] = {}  # no topic waits for another's records
        self._making = threading.Lock()

    def ensure_topic(self, topic: str) -> None:
        """Make the topic unless it exists."""
        self._refuse_if_closed()
        self._directory.ensure(topic)

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        """Write records in order and wait for the acknowledgement of all in-sync replicas."""
        refuse_unpublishable(records)
        self._refuse_if_closed()
        self._publisher.publish(topic, records)

    def read(self, topic: str, after: WirePosition | None, *, limit: int, wait_seconds: float) -> Sequence[Delivered]:
        """Return records after a position, waiting for the first; a topic that does not exist is silent."""
        deadline = time.monotonic() + wait_seconds
        reader, turn = self._reader(topic)
        with turn:
            while True:
                self._refuse_if_closed()
                left = deadline - time.monotonic()
                delivered = reader.read(after, limit, max(0.0, min(left, SLICE_SECONDS)), self._closed)
                if delivered or left <= 0:
                    return delivered

    def close(self) -> None:
        """Close every client; a read under way ends within a slice."""
        self._closed.set()
        with self._making:
            readers = list(self._readers.values())
        for reader, turn in readers:
            with turn:
                reader.give_up()
        self._publisher.close()
        self._directory.close()

    def _reader(self, topic: str) -> tuple[Reader, threading.Lock]:
        with self._making:
            if topic not in self._readers:
                self._readers[topic] = (Reader(self._servers, topic, self._directory.topic_id), threading.Lock())
            return self._readers[topic]

    def _refuse_if_closed(self) -> None:
        if self._closed.is_set():
            raise WireUnavailableError("this wire was closed")
