"""The wire on Kafka, by kafka-python; the only module that imports it, for it has no types.

The library keeps going where it should give up, so nothing of it outlives an error: whichever of its clients raised is
closed and made again. What was seen of it (3.0.12), and what is done about it here:

- A client whose constructor cannot connect leaves its thread behind: it is closed here (`_open`).
- `allow_auto_create_topics` does not reach the metadata requests: it is set where they read it, and nothing asks for a
  topic before a look-up says that it exists.
- After an error while parsing a record the next `poll` never returns: the consumer is given up. A place that cannot be
  read twice is delivered as an empty record of no kind and passed over.
- After a `KafkaTimeoutError` a producer may stay stuck, and closing it first waits for what it cannot deliver: it is
  forced.
- Fetches name topics, not their ids, so a topic that was made anew is read on under the old offset: the id is looked up
  each second, and another one means another consumer, from the beginning.
- A broker that is gone reads as silence: the same look-up finds it out.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from kafka import (  # type: ignore[import-untyped]  # kafka-python ships no types
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    TopicPartition,
)
from kafka.errors import (  # type: ignore[import-untyped]  # as above
    KafkaTimeoutError,
    LogTruncationError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RetriableError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)

from events.journal.wire import MAX_RECORD_BYTES, Delivered, WirePosition, WireRecord
from infra.wire.errors import WireUnavailableError
from infra.wire.records import delivered_record, refuse_unpublishable

KIND_HEADER = "counterfoil-kind"
PARTITION = 0
LOOK_SECONDS = 1.0  # how long a topic's id is believed
ABSENT_LOOK_SECONDS = 0.1  # how often a topic that does not exist is looked for
SLICE_SECONDS = 0.2  # how long a read can go without noticing that the wire was closed
MAX_FETCH_BYTES = 8_388_608  # 8 MiB: the most that one read returns, and about what the library buffers
MAX_UNACKNOWLEDGED_BYTES = 8_388_608

TOPIC_SETTINGS: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(MAX_RECORD_BYTES),
    # The broker unpacks what strangers compressed and checks its true size: no bomb reaches a reader.
    "compression.type": "uncompressed",
}
_REQUEST_MS = 4_000
_DELIVERY_MS = 5_000
_CONNECTION: Final = {
    "bootstrap_timeout_ms": 2_000,
    "request_timeout_ms": _REQUEST_MS,
    "reconnect_backoff_max_ms": 500,
    "retry_backoff_ms": 50,
}
_CLOSE_SECONDS = 1.0
_NOWHERE: Final = object()
_LOST_PLACE = (OffsetOutOfRangeError, LogTruncationError, NoOffsetForPartitionError)
_TRANSIENT = (RetriableError, KafkaTimeoutError)


class KafkaWire:
    """Topics of a Kafka cluster; fits `services.gateway.ports.wire.Wire`."""

    def __init__(self, servers: str) -> None:
        """Take the addresses of brokers (`host:port`, separated by commas); nothing is connected before it is needed."""
        self._closed = threading.Event()
        self._directory = _Directory(servers)
        self._publisher = _Publisher(servers, self._directory)
        self._publishing = threading.Lock()
        self._readers: dict[str, _Reader] = {}
        self._reading = threading.Lock()
        self._open_consumer = lambda: _open_consumer(servers)

    def ensure_topic(self, topic: str) -> None:
        """Make the topic unless it exists."""
        self._refuse_if_closed()
        self._directory.ensure(topic)

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        """Write records in order and wait for the acknowledgement of all in-sync replicas."""
        refuse_unpublishable(records)
        with self._publishing:
            self._refuse_if_closed()
            self._publisher.publish(topic, records)

    def read(self, topic: str, after: WirePosition | None, *, limit: int, wait_seconds: float) -> Sequence[Delivered]:
        """Return records after a position, waiting for the first; a topic that does not exist is silent."""
        deadline = time.monotonic() + wait_seconds
        with self._reading:
            reader = self._readers.setdefault(topic, _Reader(topic, self._directory, self._open_consumer))
            while True:
                self._refuse_if_closed()
                left = deadline - time.monotonic()
                delivered = reader.read(after, limit, max(0.0, min(left, SLICE_SECONDS)), self._closed)
                if delivered or left <= 0:
                    return delivered

    def close(self) -> None:
        """Close every client; a read under way ends within a slice."""
        self._closed.set()
        with self._reading:
            for reader in self._readers.values():
                reader.give_up()
            self._readers.clear()
        with self._publishing:
            self._publisher.close()
        self._directory.close()

    def _refuse_if_closed(self) -> None:
        if self._closed.is_set():
            raise WireUnavailableError("this wire was closed")


class _Directory:
    """Makes topics and knows their ids."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._admin: Any = None
        self._lock = threading.Lock()

    def topic_id(self, topic: str) -> str | None:
        """Return the id of a topic, None while there is none of that name."""
        (described,) = self._ask(lambda admin: admin.describe_topics([topic]))
        if described["error_code"] == UnknownTopicOrPartitionError.errno:
            return None
        if described["error_code"] != 0:
            raise WireUnavailableError(f"the broker answers {described['error_code']} about {topic}")
        return str(described["topic_id"])

    def ensure(self, topic: str) -> None:
        """Make a topic with our settings, and wait until its partition has a leader."""
        wanted = {topic: {"num_partitions": 1, "replication_factor": -1, "configs": TOPIC_SETTINGS}}

        def create(admin: Any) -> None:  # noqa: ANN401 - the library has no types
            with suppress(TopicAlreadyExistsError):
                admin.create_topics(wanted, timeout_ms=_REQUEST_MS)
            admin.wait_for_topics([topic], timeout_ms=_DELIVERY_MS)

        self._ask(create)

    def close(self) -> None:
        """Give the client up."""
        with self._lock:
            self._give_up()

    def _ask(self, question: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as above
        with self._lock:
            try:
                if self._admin is None:
                    self._admin = _open(KafkaAdminClient, self._servers)
                return question(self._admin)
            except Exception as failure:
                self._give_up()
                raise _unavailable(failure) from failure

    def _give_up(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            with suppress(Exception):
                admin.close()


class _Publisher:
    """One idempotent producer, discarded after any error."""

    def __init__(self, servers: str, directory: _Directory) -> None:
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
                self._producer = self._open_producer()
            self._send(topic, records)
        except Exception as failure:
            self._discard()
            raise _unavailable(failure) from failure

    def close(self) -> None:
        """Close the producer; nothing is waiting in it between two calls."""
        self._discard()

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

    def _open_producer(self) -> Any:  # noqa: ANN401 - the library has no types
        return _open(
            KafkaProducer,
            self._servers,
            enable_idempotence=True,
            acks="all",
            delivery_timeout_ms=_DELIVERY_MS,
            max_block_ms=2_000,
            max_request_size=MAX_RECORD_BYTES,
            batch_size=262_144,
            metrics_enabled=False,
        )

    def _discard(self) -> None:
        producer, self._producer = self._producer, None
        self._known.clear()
        if producer is not None:
            producer._sender.force_close()  # noqa: SLF001 - `close` alone first waits for what cannot be delivered
            threading.Thread(target=_bury, args=(producer,), name="wire-burial", daemon=True).start()


class _Reader:
    """Reads one topic with a consumer of its own, so that several topics never wait for each other's fetches."""

    def __init__(self, topic: str, directory: _Directory, open_consumer: Callable[[], Any]) -> None:
        self._topic = topic
        self._partition = TopicPartition(topic, PARTITION)
        self._directory = directory
        self._open_consumer = open_consumer
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
            raise _unavailable(failure) from failure
        return self._poll(self._topic_id, limit, seconds)

    def give_up(self) -> None:
        """Close the consumer; the next read makes another and seeks its place again."""
        consumer, self._consumer = self._consumer, None
        self._continuing = _NOWHERE
        self._look_at = 0.0
        if consumer is not None:
            with suppress(Exception):
                consumer.close(autocommit=False, timeout_ms=int(_CLOSE_SECONDS * 1000))

    def _look(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        found = self._directory.topic_id(self._topic)
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
            self._consumer = self._open_consumer()
            self._consumer.assign([self._partition])
        if after != self._continuing:
            in_this_topic = after is not None and after.topic_id == self._topic_id
            self._consumer.seek(self._partition, max(0, after.offset) if after is not None and in_this_topic else 0)
            self._continuing = after

    def _poll(self, topic_id: str, limit: int, seconds: float) -> list[Delivered]:
        try:
            polled = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=limit)
        except _LOST_PLACE:
            self._consumer.seek_to_beginning(self._partition)
            return []
        except _TRANSIENT as failure:
            self.give_up()
            raise _unavailable(failure) from failure
        except Exception as failure:  # noqa: BLE001 - whatever a stranger's bytes make the parser raise
            return self._stumble(topic_id, failure)
        delivered = [_delivered(topic_id, record) for record in polled.get(self._partition, ())]
        if delivered:
            self._continuing = delivered[-1].after
        return delivered

    def _stumble(self, topic_id: str, failure: Exception) -> list[Delivered]:
        """Try a place that cannot be read once more with another consumer, then pass over it."""
        position, unreadable = self._consumer.position(self._partition, timeout_ms=_REQUEST_MS), self._unreadable
        self.give_up()
        if position is None:
            raise _unavailable(failure) from failure
        self._unreadable = position
        if position != unreadable:
            return []
        return [Delivered(delivered_record((), b""), WirePosition(topic_id, position + 1))]


def _open(client: Any, servers: str, **settings: Any) -> Any:  # noqa: ANN401 - the library has no types
    """Make one of the library's clients; if it cannot connect, stop the thread that its constructor started."""
    made = []

    def make(**configs: Any) -> Any:  # noqa: ANN401 - as above
        network = client.DEFAULT_CONFIG["kafka_client"](**configs)
        network.cluster.config["allow_auto_create_topics"] = False
        made.append(network)
        return network

    try:
        return client(bootstrap_servers=servers.split(","), kafka_client=make, **_CONNECTION, **settings)
    except BaseException:
        for network in made:
            network.close()
        raise


def _open_consumer(servers: str) -> Any:  # noqa: ANN401 - as above
    return _open(
        KafkaConsumer,
        servers,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=MAX_FETCH_BYTES,
        fetch_max_bytes=MAX_FETCH_BYTES,
        metrics_enabled=False,
    )


def _delivered(topic_id: str, record: Any) -> Delivered:  # noqa: ANN401 - as above
    kinds = [value for name, value in record.headers if name == KIND_HEADER]
    return Delivered(delivered_record(kinds, record.value), WirePosition(topic_id, record.offset + 1))


def _await_all(waiting: Sequence[Any]) -> None:
    for acknowledgement in waiting:
        acknowledgement.get(timeout=_DELIVERY_MS / 1000 + _CLOSE_SECONDS)


def _bury(producer: Any) -> None:  # noqa: ANN401 - as above
    """Close a discarded producer once its sender has noticed; that may take as long as a request."""
    producer._sender.join((_REQUEST_MS + _DELIVERY_MS) / 1000)  # noqa: SLF001 - there is no other way to wait for it
    with suppress(Exception):
        producer.close(timeout=_CLOSE_SECONDS)


def _unavailable(failure: Exception) -> WireUnavailableError:
    if isinstance(failure, WireUnavailableError):
        return failure
    return WireUnavailableError(f"{type(failure).__name__}: {failure}")
