"""The wire, read from outside: a file that two gateways share, or a broker. Nothing is consumed by looking."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checker.stores.database import UnreadableError, sqlite_view

POLL_MS = 1000
MOST_POLLS = 30  # in succession without a record: what is there is not given
KIND_HEADER = "counterfoil-kind"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic."""

    offset: int
    kind: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is now; `end` is the offset of its next record, `id` None where it cannot be known from outside."""

    id: str | None
    start: int
    end: int
    records: list[Record]


def read_topic(wire: str, name: str) -> Topic | None:
    """Return a topic of `embedded:FILE` or `kafka:HOST:PORT`, None when there is none of this name.

    Raises:
        UnreadableError: it is not there, or does not give its records. ValueError: another kind of wire.
    """
    kind, _, place = wire.partition(":")
    if kind == "embedded":
        return _from_file(Path(place), name)
    if kind == "kafka":
        return _from_broker(place, name)
    raise ValueError(f"{kind}: neither embedded nor kafka")


def _from_file(path: Path, name: str) -> Topic | None:
    try:
        return _in_file(path, name)
    except sqlite3.Error as error:
        raise UnreadableError(f"{path}: {error}") from error


def _in_file(path: Path, name: str) -> Topic | None:
    with sqlite_view(path) as connection:
        row = connection.execute('SELECT number, id, "end" FROM topic WHERE name = ?', (name,)).fetchone()
        if row is None:
            return None
        asked = 'SELECT "offset", kind, value FROM record WHERE topic = ? ORDER BY "offset"'
        records = [
            Record(offset, kind or "", value or b"") for offset, kind, value in connection.execute(asked, row[:1])
        ]
    return Topic(row[1], 0, row[2], records)


def _from_broker(servers: str, name: str) -> Topic | None:
    from kafka import KafkaConsumer  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; only where asked for
    from kafka.errors import KafkaError  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    try:
        consumer = KafkaConsumer(bootstrap_servers=servers.split(","), enable_auto_commit=False)
        try:
            return _consumed(consumer, name) if name in consumer.topics() else None
        finally:
            consumer.close()
    except KafkaError as error:
        raise UnreadableError(f"{servers}: {type(error).__name__}: {error}") from error


def _consumed(consumer: Any, name: str) -> Topic:
    from kafka import TopicPartition  # noqa: PLC0415 - as above

    place = TopicPartition(name, 0)
    consumer.assign([place])
    start, end = consumer.beginning_offsets([place])[place], consumer.end_offsets([place])[place]
    consumer.seek(place, start)
    records = [record for record in _polled(consumer, place, end) if record.offset < end]  # heartbeats go on meanwhile
    return Topic(None, start, end, records)


def _polled(consumer: Any, place: Any, end: int) -> Iterator[Record]:
    idle = 0
    while consumer.position(place) < end:
        found = consumer.poll(timeout_ms=POLL_MS).get(place, [])
        idle = 0 if found else idle + 1
        if idle > MOST_POLLS:
            raise UnreadableError(f"{place.topic}: no record comes at {consumer.position(place)} of {end}")
        for record in found:
            kinds = [value for key, value in record.headers if key == KIND_HEADER]
            kind = kinds[0].decode("utf-8", "replace") if len(kinds) == 1 and kinds[0] else ""
            yield Record(record.offset, kind, record.value or b"")
