"""What this machine and its broker can do without us: kafka-python alone, no product code.

`rate`: one Ed25519 signature and one verification a message, nothing stored. `latencies`: produce to consume, bare.
Sender and receiver are processes of their own, as two gateways are; times are of the machine's monotonic clock.
"""

import multiprocessing
import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from kafka import (  # type: ignore[import-untyped]  # kafka-python ships no types
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    TopicPartition,
)
from kafka.admin import NewTopic  # type: ignore[import-untyped]  # as above

MESSAGE_BYTES = 900  # about what head and body of a deviation take
_SIGNATURE_BYTES = 64
_STAMP_BYTES = 8
_PATIENCE_SECONDS = 120.0

_spawning = multiprocessing.get_context("spawn")


def rate(broker: str, count: int) -> float:
    """Return messages a second: signed, produced, consumed, verified."""
    key = Ed25519PrivateKey.generate()
    with fresh_topic(broker) as topic, _receiver(_verify_all, broker, topic, count, key.public_key()) as verified:
        started = _in_process(_sign_and_send, broker, topic, count, key.private_bytes_raw())
        return float(count / (_received(verified) - started))


def latencies(broker: str, per_second: int, seconds: int) -> list[float]:
    """Return how long each message took from `send` to the consumer, in seconds, at a steady rate."""
    count = per_second * seconds
    with fresh_topic(broker) as topic, _receiver(_note_arrivals, broker, topic, count, None) as arrived:
        _in_process(_send_steadily, broker, topic, count, 1.0 / per_second)
        taken: list[float] = _received(arrived)
        return taken


@contextmanager
def fresh_topic(broker: str) -> Iterator[str]:
    """Make a topic of one partition, and delete it in the end."""
    topic = f"limit.{secrets.token_hex(6)}"
    with closing(KafkaAdminClient(bootstrap_servers=broker)) as admin:
        admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
        try:
            yield topic
        finally:
            admin.delete_topics([topic])


def lose_everything(broker: str, topics: list[str]) -> None:
    """Delete topics with all their records, as a broker does that lost its disk."""
    with closing(KafkaAdminClient(bootstrap_servers=broker)) as admin:
        admin.delete_topics(topics)


@contextmanager
def _receiver(work: Any, *arguments: Any) -> Iterator[Connection]:  # noqa: ANN401 - any of the functions below
    """Run a receiver until the end of the block; the block begins when it listens."""
    here, there = _spawning.Pipe()
    process = _spawning.Process(target=work, args=(there, *_plain(arguments)), daemon=True)
    process.start()
    try:
        assert _received(here) == "listening"
        yield here
    finally:
        process.terminate()
        process.join()


def _in_process(work: Any, *arguments: Any) -> Any:  # noqa: ANN401 - as above
    here, there = _spawning.Pipe()
    process = _spawning.Process(target=work, args=(there, *arguments), daemon=True)
    process.start()
    answer = _received(here)
    process.join()
    return answer


def _received(connection: Connection) -> Any:  # noqa: ANN401 - whatever the other side says
    if not connection.poll(_PATIENCE_SECONDS):
        raise TimeoutError("the other process says nothing")
    return connection.recv()


def _plain(arguments: tuple[Any, ...]) -> list[Any]:
    return [part.public_bytes_raw() if isinstance(part, Ed25519PublicKey) else part for part in arguments]


def _sign_and_send(answer: Connection, broker: str, topic: str, count: int, private: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(private)
    payload = secrets.token_bytes(MESSAGE_BYTES - _SIGNATURE_BYTES - _STAMP_BYTES)
    with closing(KafkaProducer(bootstrap_servers=broker, linger_ms=5)) as producer:
        producer.partitions_for(topic)
        started = time.monotonic()
        for number in range(count):
            message = number.to_bytes(_STAMP_BYTES) + payload
            producer.send(topic, key.sign(message) + message)
        producer.flush()
    answer.send(started)


def _verify_all(answer: Connection, broker: str, topic: str, count: int, public: bytes) -> None:
    key = Ed25519PublicKey.from_public_bytes(public)
    with _consumer(broker, topic) as consumer:
        answer.send("listening")
        for number in range(count):
            value = next(consumer).value
            key.verify(value[:_SIGNATURE_BYTES], value[_SIGNATURE_BYTES:])
            assert int.from_bytes(value[_SIGNATURE_BYTES:][:_STAMP_BYTES]) == number
    answer.send(time.monotonic())


def _send_steadily(answer: Connection, broker: str, topic: str, count: int, pause: float) -> None:
    payload = secrets.token_bytes(MESSAGE_BYTES - _STAMP_BYTES)
    with closing(KafkaProducer(bootstrap_servers=broker)) as producer:
        producer.partitions_for(topic)
        begin = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, begin + number * pause - time.monotonic()))
            producer.send(topic, time.monotonic_ns().to_bytes(_STAMP_BYTES) + payload)
        producer.flush()
    answer.send("sent")


def _note_arrivals(answer: Connection, broker: str, topic: str, count: int, _: None) -> None:
    taken = []
    with _consumer(broker, topic) as consumer:
        answer.send("listening")
        for _number in range(count):
            value = next(consumer).value
            taken.append((time.monotonic_ns() - int.from_bytes(value[:_STAMP_BYTES])) / 1e9)
    answer.send(taken)


@contextmanager
def _consumer(broker: str, topic: str) -> Iterator[Any]:
    with closing(KafkaConsumer(bootstrap_servers=broker, group_id=None, fetch_max_wait_ms=100)) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek_to_beginning()
        consumer.position(TopicPartition(topic, 0))
        yield consumer
