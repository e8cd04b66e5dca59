"""Each test of the contract runs on both carriers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.gateway.ports.wire import Wire
from tests.infra.wire.carriers import Carrier, EmbeddedCarrier, KafkaCarrier


@pytest.fixture(params=["embedded", "kafka"])
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    made: Carrier
    if request.param == "kafka":
        made = KafkaCarrier(request.getfixturevalue("kafka_address"))
    else:
        made = EmbeddedCarrier(tmp_path / "wire.sqlite")
    yield made
    made.close()


@pytest.fixture
def topic(carrier: Carrier) -> str:
    return carrier.topic


@pytest.fixture
def sender(carrier: Carrier) -> Wire:
    """The gateway that writes the topic, which exists."""
    wire = carrier.open()
    wire.ensure_topic(carrier.topic)
    return wire


@pytest.fixture
def reader(carrier: Carrier) -> Wire:
    """The other gateway."""
    return carrier.open()
