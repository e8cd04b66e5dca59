"""What a broker can do to a topic: lose its beginning or its end, forget it, make it anew."""

import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kafka import (  # type: ignore[import-untyped]  # the library has no types
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    TopicPartition,
)

from infra.wire.kafka.directory import TOPIC_SETTINGS
from tests.kills.stage.gateways import PATIENCE_SECONDS, await_until

Record = tuple[list[tuple[str, bytes]], bytes]
KIND = ("counterfoil-kind", b"page")


@contextmanager
def _admin(broker: str) -> Any:
    client = KafkaAdminClient(bootstrap_servers=broker)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _consumer(broker: str) -> Any:
    client = KafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False)
    try:
        yield client
    finally:
        client.close()


def end_of(broker: str, topic: str) -> int:
    """Return the offset of the next record."""
    place = TopicPartition(topic, 0)
    with _consumer(broker) as consumer:
        end: int = consumer.end_offsets([place])[place]
    return end


def lose_unread(broker: str, topic: str) -> None:
    """Have the broker forget a page that its reader, which is down, lacks; a later one stands behind the gap."""
    lost = _await_page(broker, topic, end_of(broker, topic))
    forget_until(broker, topic, lost)
    _await_page(broker, topic, lost)


def _await_page(broker: str, topic: str, first: int) -> int:
    """Wait for a page from an offset on; return the end of the topic then."""
    await_until(lambda: _has_page(broker, topic, first), PATIENCE_SECONDS, f"a new page in {topic}")
    return end_of(broker, topic)


def _has_page(broker: str, topic: str, first: int) -> bool:
    return any(KIND in headers for headers, _ in records_of(broker, topic, first))


def forget_until(broker: str, topic: str, offset: int) -> None:
    """Delete the records before an offset."""
    with _admin(broker) as admin:
        admin.delete_records({TopicPartition(topic, 0): offset})


def records_of(broker: str, topic: str, first: int = 0) -> list[Record]:
    """Return the records of a topic from an offset on."""
    place = TopicPartition(topic, 0)
    found: list[Record] = []
    with _consumer(broker) as consumer:
        consumer.assign([place])
        end = consumer.end_offsets([place])[place]
        consumer.seek(place, max(first, consumer.beginning_offsets([place])[place]))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while consumer.position(place) < end and time.monotonic() < deadline:
            polled = consumer.poll(timeout_ms=500).get(place, [])
            found += [(list(record.headers), record.value) for record in polled]
    return found


def make_anew(broker: str, topic: str, records: Sequence[Record] = (), *, partitions: int = 1) -> None:
    """Delete a topic and make it again, with some of its records."""
    with _admin(broker) as admin:
        admin.delete_topics([topic])
        await_until(lambda: not _exists(admin, topic), PATIENCE_SECONDS, f"the end of {topic}")
        admin.create_topics(
            {topic: {"num_partitions": partitions, "replication_factor": 1, "configs": dict(TOPIC_SETTINGS)}}
        )
    producer = KafkaProducer(bootstrap_servers=broker, acks="all", max_request_size=8_388_608)
    for headers, value in records:
        producer.send(topic, value, headers=headers, partition=0)
    producer.flush(PATIENCE_SECONDS)
    producer.close()


def _exists(admin: Any, topic: str) -> bool:
    (described,) = admin.describe_topics([topic])
    return bool(described["error_code"] == 0)


def cut_end(data: Path, topic: str, batches: int) -> int:
    """Cut the last batches off a topic on a broker's disk, as one does that acknowledged what it lost; return how many.

    Only while the broker is down. A batch is `base offset` (8 bytes), `length` (4 bytes) and so many bytes.
    """
    (segment,) = (data / f"{topic}-0").glob("*.log")
    raw = segment.read_bytes()
    starts, at = [], 0
    while at + 12 <= len(raw) and (length := int.from_bytes(raw[at + 8 : at + 12], "big")) > 0:
        starts.append(at)
        at += 12 + length
    lost = starts[-batches:]
    with segment.open("r+b") as file:
        file.truncate(lost[0] if lost else at)
    for other in segment.parent.iterdir():
        if other.suffix in (".index", ".timeindex", ".snapshot"):
            other.unlink()
    return len(lost)
