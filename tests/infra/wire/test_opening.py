from pathlib import Path

import pytest

from infra.wire.embedded import EmbeddedWire
from infra.wire.errors import WireAddressError
from infra.wire.kafka.wire import KafkaWire
from infra.wire.opening import open_wire


def test_a_file_is_an_embedded_wire(tmp_path: Path) -> None:
    wire = open_wire(f"embedded:{tmp_path / 'wire:1.sqlite'}")

    assert isinstance(wire, EmbeddedWire)
    wire.ensure_topic("counterfoil.test")
    assert (tmp_path / "wire:1.sqlite").exists()
    wire.close()


@pytest.mark.parametrize("brokers", ["localhost:9092", "kafka-1.example:9092,kafka-2.example:19092", "[::1]:9092"])
def test_brokers_are_a_wire_on_kafka_and_nothing_is_connected_yet(brokers: str) -> None:
    wire = open_wire(f"kafka:{brokers}")

    assert isinstance(wire, KafkaWire)
    wire.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "embedded:<file>"),
        ("wire.sqlite", "embedded:<file>"),
        ("rabbit:localhost:5672", "'rabbit' is not known"),
        ("embedded:", "names no place"),
        ("kafka:", "names no place"),
        ("kafka:localhost", "host and port"),
        ("kafka:localhost:0", "host and port"),
        ("kafka:localhost:65536", "host and port"),
        ("kafka:localhost:9092,", "host and port"),
        ("kafka://localhost:9092", "host and port"),
        ("embedded:/", "names no file"),
        ("embedded:no/such/folder/wire.sqlite", "mkdir -p no/such/folder"),
    ],
)
def test_an_address_that_names_no_wire_is_refused_with_what_would_be_right(address: str, said: str) -> None:
    with pytest.raises(WireAddressError, match="try: ") as refused:
        open_wire(address)

    assert said in refused.value.detail
    assert refused.value.code == "wire.address"
