"""A broker and the network to it: everything that a wire may do to records, on purpose and repeatably.

The broker keeps whatever anybody ever said, beside its topics, so that a check can look at what was signed and lost.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from events.journal.wire import Delivered, WirePosition, WireRecord
from infra.wire.errors import WireUnavailableError
from tests.simulation.outside.clock import TrueTime

_SEAL = re.compile(rb"(\xe2\x80\x94 [^ \n]+ )[A-Za-z0-9+/]{3000,}={0,2}(?=\n)")


@dataclass(slots=True)
class Topic:
    """Records from an offset on; `id` tells it from one of the same name that was there before."""

    id: str
    start: int = 0
    records: list[WireRecord] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + len(self.records)


@dataclass(slots=True)
class Trouble:
    """What happens to the next records of a topic: so many of each kind."""

    lose: int = 0
    repeat: int = 0
    delay: int = 0
    delay_seconds: float = 0.0
    damage: int = 0


@dataclass(slots=True)
class Broker:
    """All topics; no topic makes itself."""

    time: TrueTime
    hits: Counter[str]  # faults that met a record
    topics: dict[str, Topic] = field(default_factory=dict)
    said: list[tuple[str, WireRecord]] = field(default_factory=list)  # everything that was ever published
    troubles: dict[str, Trouble] = field(default_factory=dict)
    delayed: list[tuple[float, str, WireRecord]] = field(default_factory=list)
    made: int = 0
    heard: Callable[[str, WireRecord], None] = lambda _topic, _record: None  # by whoever watches what is said

    def make(self, name: str) -> None:
        if name not in self.topics:
            self.made += 1
            self.topics[name] = Topic(f"topic-{self.made}")

    def add(self, name: str, record: WireRecord) -> None:
        """Take a record, and do to it what is due."""
        self.said.append((name, record))
        self.heard(name, record)
        trouble = self.troubles.get(name)
        for each in [record] if trouble is None else self._troubled(name, record, trouble):
            self.topics[name].records.append(each)

    def deliver(self, *, everything: bool = False) -> None:
        """Let delayed records appear whose time has come."""
        waiting, self.delayed = self.delayed, []
        for due, name, record in waiting:
            if not everything and due > self.time.seconds:
                self.delayed.append((due, name, record))
            elif name in self.topics:
                self.topics[name].records.append(record)

    def trouble(self, name: str) -> Trouble:
        return self.troubles.setdefault(name, Trouble())

    def forget_all(self) -> None:
        self.hits["broker forgets everything"] += 1
        self.topics.clear()
        self.delayed.clear()

    def forget_last(self, name: str, count: int) -> None:
        topic = self.topics.get(name)
        if topic is not None and topic.records:
            self.hits["broker forgets the last records"] += 1
            del topic.records[-count:]

    def expire(self, name: str, count: int) -> None:
        """Let the oldest records go, as retention does."""
        topic = self.topics.get(name)
        if topic is not None and topic.records:
            self.hits["broker expires the first records"] += 1
            gone = min(count, len(topic.records))
            del topic.records[:gone]
            topic.start += gone

    def shuffle(self, name: str, window: int, seed: int) -> None:
        """Reorder the last records."""
        topic = self.topics.get(name)
        if topic is not None and len(topic.records) > 1:
            self.hits["records reordered"] += 1
            tail = topic.records[-window:]
            Random(seed).shuffle(tail)  # noqa: S311 - chance that is repeated
            topic.records[-window:] = tail

    def append_raw(self, name: str, record: WireRecord) -> None:
        """Write as a foreign producer: what it says is nobody's word."""
        if name in self.topics:
            self.hits["foreign records"] += 1
            self.topics[name].records.append(record)

    def heal(self) -> None:
        self.troubles.clear()
        self.deliver(everything=True)

    def _troubled(self, name: str, record: WireRecord, trouble: Trouble) -> list[WireRecord]:
        if trouble.lose > 0:
            trouble.lose -= 1
            self.hits["records lost"] += 1
            return []
        if trouble.delay > 0:
            trouble.delay -= 1
            self.hits["records delayed"] += 1
            self.delayed.append((self.time.seconds + trouble.delay_seconds, name, record))
            return []
        if trouble.damage > 0:
            trouble.damage -= 1
            self.hits["records damaged"] += 1
            return [WireRecord(record.kind, damaged(record.value, len(self.said)))]
        if trouble.repeat > 0:
            trouble.repeat -= 1
            self.hits["records repeated"] += 1
            return [record, record]
        return [record]


@dataclass(slots=True)
class Link:
    """One side's way to the broker; fits the port `Wire`."""

    broker: Broker
    reach: Callable[[str], None]
    cut_out: bool = False
    cut_in: bool = False
    silent: bool = False  # a cut way in reads as silence, not as an error
    unanswered: int = 0  # so many publications lose their acknowledgement
    written_before: int = 0  # how many of their records are written all the same

    def ensure_topic(self, topic: str) -> None:
        self._go_out()
        self.broker.make(topic)

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        self._go_out()
        if topic not in self.broker.topics:
            raise WireUnavailableError(f"no topic {topic}")
        unanswered = self.unanswered > 0
        written = records[: self.written_before] if unanswered else records
        for place, record in enumerate(written):
            self.broker.add(topic, record)
            if place == 0 and len(written) > 1:
                self.reach("wire.partly_published")
        if unanswered:
            self.unanswered -= 1
            self.broker.hits["acknowledgements lost"] += 1
            raise WireUnavailableError("no acknowledgement")

    def read(self, topic: str, after: WirePosition | None, *, limit: int, wait_seconds: float) -> Sequence[Delivered]:
        del wait_seconds
        if self.cut_in:
            self.broker.hits["reads cut"] += 1
            if self.silent:
                return []
            raise WireUnavailableError("unreachable")
        found = self.broker.topics.get(topic)
        if found is None:
            return []
        start = found.start
        if after is not None and after.topic_id == found.id and found.start <= after.offset <= found.end:
            start = after.offset
        records = found.records[start - found.start :][:limit]
        return [Delivered(record, WirePosition(found.id, start + place)) for place, record in enumerate(records, 1)]

    def close(self) -> None:
        """A side that ends takes nothing with it."""

    def mend(self) -> None:
        self.cut_out = self.cut_in = self.silent = False
        self.unanswered = 0

    def _go_out(self) -> None:
        if self.cut_out:
            self.broker.hits["publications cut"] += 1
            raise WireUnavailableError("unreachable")


def damaged(value: bytes, seed: int) -> bytes:
    """Return bytes cut short, or with one bit of them turned.

    Not in a body, whose hash stands in its head; and not in a seal, whose bytes are others each time it is made, so
    that what a turned bit makes of them would not repeat.
    """
    chance = Random(seed)  # noqa: S311 - chance that is repeated
    places = _places_outside_bodies_and_seals(value)
    if not places or chance.random() < 0.3:
        return value[: len(value) // 2]
    place = chance.choice(places)
    return value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]


def without_seals(value: bytes) -> bytes:
    """Return a record without the signatures of its seals: two of the same checkpoint differ."""
    return _SEAL.sub(rb"\1", value)


def _places_outside_bodies_and_seals(value: bytes) -> list[int]:
    places: list[int] = []
    start = 0
    for line in value.splitlines(keepends=True):
        head = without_seals(line.partition(b"\t")[0])
        places += range(start, start + len(head))
        start += len(line)
    return places
