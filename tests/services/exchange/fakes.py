"""Fakes at the edges of the engine: a clock moved by hand, seeded chance, a wire of lists, alarms that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from events.journal.wire import Delivered, WirePosition, WireRecord
from infra.wire.errors import WireUnavailableError
from services.gateway.ports.alarms import Alarm

START = datetime(2026, 11, 22, 9, 30, 44, tzinfo=UTC)


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = START
        self.run = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.run

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.run += seconds

    def jump(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class SeededChance:
    """Bytes that are the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def __call__(self, count: int) -> bytes:
        self._count += 1
        return sha256(f"{self._seed} {self._count}".encode()).digest()[:count]


class ListWire:
    """A wire of lists: what is published is there, until a test takes it away."""

    def __init__(self) -> None:
        self.topics: dict[str, list[WireRecord]] = {}
        self.is_down = False

    def ensure_topic(self, topic: str) -> None:
        self._refuse()
        self.topics.setdefault(topic, [])

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        self._refuse()
        self.topics.setdefault(topic, []).extend(records)

    def read(self, topic: str, after: WirePosition | None, *, limit: int, wait_seconds: float) -> Sequence[Delivered]:
        del wait_seconds
        self._refuse()
        start = 0 if after is None else after.offset
        records = self.topics.get(topic, [])[start : start + limit]
        return [Delivered(record, WirePosition("list", start + place)) for place, record in enumerate(records, 1)]

    def close(self) -> None:
        self.is_down = True

    def _refuse(self) -> None:
        if self.is_down:
            raise WireUnavailableError("down")


@dataclass
class HeardAlarms:
    """Keeps alarms for a test to look at."""

    heard: list[Alarm] = field(default_factory=list)

    def report(self, alarm: Alarm) -> None:
        self.heard.append(alarm)

    def settle(self, code: str, relationship: str) -> None:
        self.heard = [alarm for alarm in self.heard if (alarm.code, alarm.relationship) != (code, relationship)]

    def standing(self) -> Sequence[Alarm]:
        return self.heard

    @property
    def codes(self) -> set[str]:
        return {alarm.code for alarm in self.heard}


@dataclass
class KeptMark:
    """A mark that outlives every restart and every restored store."""

    own_size: int = 0
    judged: int = 0

    @property
    def marked(self) -> "KeptMark":
        return self

    def advance(self, own_size: int, judged: int) -> None:
        self.own_size, self.judged = max(self.own_size, own_size), max(self.judged, judged)
