"""What only a broker can do to a wire: lose topics, die, hang, forget everything, and carry what no parser reads."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaProducer  # type: ignore[import-untyped]  # kafka-python ships no types
from kafka.admin import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]  # as above

from events.journal.wire import MAX_RECORD_BYTES, Delivered, WireRecord
from infra.servers.native_kafka import NativeKafka
from infra.wire.errors import WireUnavailableError
from infra.wire.kafka.directory import FILES_SETTINGS
from infra.wire.kafka.wire import KafkaWire
from services.gateway.ports.wire import Wire
from tests.infra.wire.carriers import with_admin
from tests.infra.wire.reading import pages, read_all, records


class _NoText(str):
    """A header's name that is not UTF-8 once it is on the wire."""

    __slots__ = ()

    def encode(self, *_arguments: object) -> bytes:
        return b"\xff\xfe"


@pytest.fixture
def topic() -> str:
    return f"counterfoil.test.{uuid.uuid4().hex}"


@pytest.fixture
def wire(kafka_address: str, topic: str) -> Iterator[KafkaWire]:
    opened = KafkaWire(kafka_address)
    opened.ensure_topic(topic)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def own_broker() -> Iterator[NativeKafka]:
    """A broker that a test may kill; the other tests' broker is shared."""
    with NativeKafka() as broker:
        yield broker


@pytest.fixture
def own_wire(own_broker: NativeKafka, topic: str) -> Iterator[KafkaWire]:
    opened = KafkaWire(own_broker.address)
    opened.ensure_topic(topic)
    yield opened
    opened.close()


def test_a_topic_has_one_partition_and_keeps_every_record(wire: Wire, kafka_address: str, topic: str) -> None:
    wire.ensure_topic(topic)

    (described,) = with_admin(kafka_address, "describe_topics", [topic])
    found = with_admin(kafka_address, "describe_configs", [ConfigResource(ConfigResourceType.TOPIC, topic)])
    settings = {name: str(_value(found, name)) for name in ("cleanup.policy", "retention.ms", "max.message.bytes")}

    assert len(described["partitions"]) == 1
    assert settings == {"cleanup.policy": "delete", "retention.ms": "-1", "max.message.bytes": str(MAX_RECORD_BYTES)}


def test_a_topic_of_files_keeps_its_latest_records(wire: Wire, kafka_address: str, topic: str) -> None:
    wire.ensure_topic(f"{topic}.files")

    resource = ConfigResource(ConfigResourceType.TOPIC, f"{topic}.files")
    found = with_admin(kafka_address, "describe_configs", [resource])

    assert {name: str(_value(found, name)) for name in FILES_SETTINGS} == FILES_SETTINGS


def test_a_topic_that_was_deleted_and_made_again_is_read_from_its_beginning(
    wire: Wire, kafka_address: str, topic: str
) -> None:
    wire.publish(topic, pages(5))
    after = read_all(wire, topic, 5)[-1].after

    with_admin(kafka_address, "delete_topics", [topic])
    _insist(wire, topic, pages(7, first=100))

    found = read_all(wire, topic, 1, after)  # until the new id is looked up, what lies beyond the old offset may come
    while records(found)[-7:] != pages(7, first=100):
        found += read_all(wire, topic, 1, found[-1].after)
    assert found[-1].after.topic_id != after.topic_id


def test_a_record_that_no_parser_reads_is_passed_over(wire: Wire, kafka_address: str, topic: str) -> None:
    wire.publish(topic, pages(1))
    producer: Any = KafkaProducer(bootstrap_servers=kafka_address)
    producer.send(topic, b"odd", headers=[(_NoText("name"), b"page")], partition=0).get(timeout=10)
    producer.close()
    wire.publish(topic, pages(1, first=1))

    assert records(read_all(wire, topic, 3)) == [*pages(1), WireRecord("", b""), *pages(1, first=1)]


def test_a_wire_goes_on_when_its_broker_was_killed_and_is_back(
    own_broker: NativeKafka, own_wire: Wire, topic: str
) -> None:
    own_wire.publish(topic, pages(2))
    found = read_all(own_wire, topic, 2)

    own_broker.kill()
    with pytest.raises(WireUnavailableError):
        own_wire.publish(topic, pages(1, first=2))
    own_broker.start()
    _insist(own_wire, topic, pages(1, first=2))

    assert records(_insistently_read(own_wire, topic, found[-1]))[:1] == pages(1, first=2)


def test_a_broker_that_hangs_is_an_error_and_then_goes_on(own_broker: NativeKafka, own_wire: Wire, topic: str) -> None:
    own_wire.publish(topic, pages(1))

    own_broker.pause()
    try:
        with pytest.raises(WireUnavailableError):
            own_wire.publish(topic, pages(1, first=1))
    finally:
        own_broker.resume()
    _insist(own_wire, topic, pages(1, first=2))

    assert pages(1, first=2)[0] in records(read_all(own_wire, topic, 2))


def test_a_broker_that_lost_everything_is_read_from_the_beginning(
    own_broker: NativeKafka, own_wire: Wire, topic: str
) -> None:
    own_wire.publish(topic, pages(3))
    found = read_all(own_wire, topic, 3)

    own_broker.kill()
    own_broker.wipe()
    own_broker.start()
    _insist(own_wire, topic, pages(5, first=50))

    assert records(_insistently_read(own_wire, topic, found[-1]))[:1] == pages(1, first=50)


def test_a_broker_that_is_not_there_is_an_error_of_the_wire() -> None:
    wire = KafkaWire("127.0.0.1:1")

    with pytest.raises(WireUnavailableError):
        wire.publish("counterfoil.test", pages(1))
    with pytest.raises(WireUnavailableError):
        wire.read("counterfoil.test", None, limit=1, wait_seconds=0.1)
    wire.close()


def _insist(wire: Wire, topic: str, sent: list[WireRecord]) -> None:
    """Make the topic and publish until it works, as an outbox does."""
    for _attempt in range(20):
        try:
            wire.ensure_topic(topic)
            wire.publish(topic, sent)
        except WireUnavailableError:
            continue
        return
    raise AssertionError("the wire does not recover")


def _insistently_read(wire: Wire, topic: str, last: Delivered) -> list[Delivered]:
    """Read until there is something, as an inbox does."""
    for _attempt in range(20):
        try:
            if found := wire.read(topic, last.after, limit=10, wait_seconds=5):
                return list(found)
        except WireUnavailableError:
            continue
    raise AssertionError("the wire does not recover")


def _value(found: Any, name: str) -> object:
    """Return one setting of the one topic that was asked for, however deep the library puts it."""
    if isinstance(found, dict):
        if name in found:
            return found[name].get("value") if isinstance(found[name], dict) else found[name]
        found = list(found.values())
    if isinstance(found, list):
        return next((value for part in found if (value := _value(part, name)) is not None), None)
    return None
