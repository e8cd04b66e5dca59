"""The two carriers as the contract suite needs them: wires on one place, and strangers who write odd things there."""

import sqlite3
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from kafka import KafkaAdminClient, KafkaProducer  # type: ignore[import-untyped]  # kafka-python ships no types

from infra.wire.kafka.publisher import KIND_HEADER
from infra.wire.opening import open_wire
from services.gateway.ports.wire import Wire

Odd = tuple[Sequence[bytes], bytes | None]
"""What a stranger writes: any number of kinds, and a value or none."""


class Carrier(Protocol):
    """A place where wires meet."""

    topic: str

    def open(self) -> Wire:
        """Return another wire on the same place, as another gateway has it."""

    def write_as_stranger(self, records: Sequence[Odd]) -> None:
        """Make the topic with the widest limits that a carrier has, and write records that no gateway would."""

    def topic_id(self) -> str:
        """Return the id that the topic has now."""

    def close(self) -> None:
        """Close every wire."""


class _Wires:
    def __init__(self, address: str) -> None:
        self._address = address
        self._wires: list[Wire] = []
        self.topic = f"counterfoil.test.{uuid.uuid4().hex}"

    def open(self) -> Wire:
        self._wires.append(open_wire(self._address))
        return self._wires[-1]

    def close(self) -> None:
        for wire in self._wires:
            wire.close()


class EmbeddedCarrier(_Wires):
    def __init__(self, file: Path) -> None:
        super().__init__(f"embedded:{file}")
        self._file = file

    def topic_id(self) -> str:
        connection = sqlite3.connect(self._file)
        (found,) = connection.execute("SELECT id FROM topic WHERE name = ?", (self.topic,)).fetchone()
        connection.close()
        return str(found)

    def write_as_stranger(self, records: Sequence[Odd]) -> None:
        self.open().ensure_topic(self.topic)
        connection = sqlite3.connect(self._file)
        with connection:
            (number,) = connection.execute("SELECT number FROM topic WHERE name = ?", (self.topic,)).fetchone()
            for offset, (kinds, value) in enumerate(records):
                kind = kinds[0] if len(kinds) == 1 else None
                row = (number, offset, kind, value)
                connection.execute("INSERT INTO record VALUES (?, ?, CAST(? AS TEXT), ?)", row)
            connection.execute('UPDATE topic SET "end" = ? WHERE number = ?', (len(records), number))
        connection.close()


class KafkaCarrier(_Wires):
    def __init__(self, servers: str) -> None:
        super().__init__(f"kafka:{servers}")
        self._servers = servers

    def topic_id(self) -> str:
        (described,) = with_admin(self._servers, "describe_topics", [self.topic])
        return str(described["topic_id"])

    def write_as_stranger(self, records: Sequence[Odd]) -> None:
        make_topic(self._servers, self.topic, {"max.message.bytes": "5242880"})
        producer: Any = KafkaProducer(bootstrap_servers=self._servers, max_request_size=5_242_880)
        for kinds, value in records:
            headers = [(KIND_HEADER, kind) for kind in kinds]
            producer.send(self.topic, value, key=b"stranger", headers=headers, partition=0).get(timeout=10)
        producer.close()


def make_topic(servers: str, topic: str, settings: dict[str, str]) -> None:
    with_admin(servers, "create_topics", {topic: {"num_partitions": 1, "replication_factor": 1, "configs": settings}})


def with_admin(servers: str, task: str, *arguments: Any) -> Any:
    admin: Any = KafkaAdminClient(bootstrap_servers=servers)
    try:
        return getattr(admin, task)(*arguments)
    finally:
        admin.close()
