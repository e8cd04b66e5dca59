"""The wire without a broker: one SQLite file that the two gateways of a machine share.

What is lost if a process dies, however it dies: at most what it had not yet been told is written. What is lost with
the machine's power: perhaps the latest records (WAL, synchronous=NORMAL), never the file; the wire promises no more.
A file that is taken away is made anew by whoever uses it next, with topics of other ids. No record is ever removed,
but of topics of files, of which the latest alone are kept.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from events.journal.wire import Delivered, WirePosition, WireRecord
from infra.wire.embedded_file import EmbeddedFile, Topic
from infra.wire.errors import WireUnavailableError
from infra.wire.records import refuse_unpublishable

SHORTEST_PAUSE_SECONDS = 0.001  # between two looks of a read that waits; doubled while nothing comes
LONGEST_PAUSE_SECONDS = 0.02
MAX_COMMITTED_BYTES = 8_388_608  # 8 MiB: a long publication lets the other gateway write in between


class EmbeddedWire:
    """Topics in a file; fits `services.gateway.ports.wire.Wire`."""

    def __init__(self, path: Path) -> None:
        """Take the file's path; nothing is opened before it is needed."""
        self._closed = threading.Event()
        self._written = _Shared(path)
        self._read = _Shared(path)
        self._unknown: dict[str, WirePosition] = {}  # by topic, the position that was last asked for in vain

    def ensure_topic(self, topic: str) -> None:
        """Make the topic unless it exists."""
        with self._lend(self._written) as file, file.transaction(self._closed):
            file.make_topic(topic)

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        """Write records in order; once the call returns they outlive this process."""
        refuse_unpublishable(records)
        with self._lend(self._written) as file:
            for portion in _portions(records):
                with file.transaction(self._closed):
                    file.add(topic, portion)

    def read(self, topic: str, after: WirePosition | None, *, limit: int, wait_seconds: float) -> Sequence[Delivered]:
        """Return records after a position, looking again and again for the first; an absent topic is silent."""
        deadline = time.monotonic() + wait_seconds
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            with self._lend(self._read) as file:
                delivered = self._look(file, topic, after, limit)
            left = deadline - time.monotonic()
            if delivered or left <= 0:
                return delivered
            self._closed.wait(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def close(self) -> None:
        """Close the file; a read under way ends within a pause."""
        self._closed.set()
        for shared in (self._read, self._written):
            with shared.lock:
                shared.give_up()

    def _look(self, file: EmbeddedFile, topic: str, after: WirePosition | None, limit: int) -> list[Delivered]:
        """Read once."""
        found = file.topic(topic)
        if found is None:
            return []
        start = self._start(topic, found, after)
        records = file.records(found.number, start, limit) if start < found.end else []
        if records:
            self._unknown.pop(topic, None)
        return [Delivered(record, WirePosition(found.id, offset + 1)) for offset, record in records]

    def _start(self, name: str, topic: Topic, after: WirePosition | None) -> int:
        """Return where to read on: at the beginning unless the topic has the position.

        A caller who repeats a position that could not be found is not sent there: it may exist by now, and everything
        before it would be skipped.
        """
        if after is None or after == self._unknown.get(name):
            return 0
        if after.topic_id == topic.id and 0 <= after.offset <= topic.end:
            return after.offset
        self._unknown[name] = after
        return 0

    @contextmanager
    def _lend(self, shared: "_Shared") -> Iterator[EmbeddedFile]:
        """Lend the open file to one caller at a time; after an error it is opened anew."""
        with shared.lock:
            if self._closed.is_set():
                raise WireUnavailableError("this wire was closed")
            try:
                yield shared.file()
            except (sqlite3.Error, OSError) as failure:
                shared.give_up()
                raise WireUnavailableError(f"{shared.path}: {failure}") from failure


class _Shared:
    """One connection to the file, made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self._open: EmbeddedFile | None = None

    def file(self) -> EmbeddedFile:
        """Return the open file, another one if somebody took the one we had away."""
        if self._open is not None and not self._open.is_in_place():
            self.give_up()
        if self._open is None:
            self._open = EmbeddedFile(self.path)
        return self._open

    def give_up(self) -> None:
        """Close the file."""
        file, self._open = self._open, None
        if file is not None:
            file.close()


def _portions(records: Sequence[WireRecord]) -> Iterator[list[WireRecord]]:
    """Cut records into runs of bounded size."""
    portion: list[WireRecord] = []
    size = 0
    for record in records:
        portion.append(record)
        size += len(record.value)
        if size >= MAX_COMMITTED_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
