"""Files between the two gateways of one relationship, both ways: a thread and a wire of its own, behind pages.

Where neither journal names a file nothing is read or written. What is lost if the process dies here: what came of a
file since its last unit of 8 MiB; it is asked for again. Whatever the wire loses is asked for again as well.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from events.encoding.moments import format_moment
from events.errors import FileRecordError
from events.journal.files import parse_blob, parse_want
from events.journal.wire import FILES_SUFFIX, Delivered, WirePosition, WireRecord
from events.stored.relationship import WireCursor
from services.gateway.attachments.answering import Answering
from services.gateway.attachments.asking import Asking
from services.gateway.attachments.files import Files
from services.gateway.exchange.channel import Channel
from services.gateway.ports.alarms import Alarm, Alarms
from services.gateway.ports.clock import Clock
from services.gateway.ports.wire import Wire

BLOB_REFUSED = "blob.refused"  # the alarm of what came and is no file that was asked for
MAX_RECORDS = 16  # read at once
COLLECT_SECONDS = 0.2  # between two looks for what came or went and is held by cycles alone
REST_SECONDS, LOOK_SECONDS = 0.2, 1.0  # between two steps where files are named, and where none is yet


@dataclass(slots=True)
class Transfer:
    """Takes in and answers one relationship's file records; one thread calls `step`."""

    channel_of: Callable[[], Channel]
    files: Files
    make_wire: Callable[[], Wire]
    clock: Clock
    alarms: Alarms
    patience_seconds: float
    wire: Wire | None = None
    asking: Asking | None = None
    answering: Answering | None = None
    position: WirePosition | None = None
    is_behind: bool = False  # the topic is read from its beginning: what is wanted now is at its end
    topic_ensured: bool = False
    was_lost: bool = False
    looked_at: int = -1  # the version of the names that `is_active` is of
    is_active: bool = field(default=False)
    collect_at: float = 0.0

    def step(self, wait_seconds: float) -> bool:
        """Take in what came, answer and ask; tell whether there is more to do.

        Raises:
            WireUnavailableError: call again later. BlobsUnavailableError: the disk refuses; call again later.
        """
        channel = self.channel_of()
        if not channel.confirmed or channel.partner is None or not self._has_files(channel):
            return False
        wire = self._opened(channel)
        asking, answering = self._parts(channel, wire)
        now = self.clock.monotonic()
        busy = (not self.is_behind and answering.step()) or asking.step(now)
        busy = self._read(channel, wire, 0.0 if busy else wait_seconds) or busy
        if busy:
            self._collect()
        return busy

    @property
    def rest(self) -> float:
        """Seconds to wait when there was nothing to do; without files they are only looked for."""
        return REST_SECONDS if self.is_active else LOOK_SECONDS

    def lost_wire(self) -> None:
        """Look after the topic again before the next record, and let go of what was coming."""
        self.topic_ensured, self.was_lost = False, True
        if self.asking is not None:
            self.asking.let_go()

    def close(self) -> None:
        """End a read under way."""
        if self.wire is not None:
            self.wire.close()

    def end(self) -> None:
        """Let go of the file that was coming, once the thread has ended."""
        if self.asking is not None:
            self.asking.let_go()

    def _has_files(self, channel: Channel) -> bool:
        self.files.catch_up()
        if self.looked_at != self.files.version:
            self.looked_at = self.files.version
            roles = (channel.own.role, channel.held.role)
            self.is_active = any(self.files.names.names_any(channel.number, role) for role in roles)
        return self.is_active

    def _opened(self, channel: Channel) -> Wire:
        if self.wire is None:
            self.wire = self.make_wire()
            cursor = self.files.names.cursor(channel.number)
            self.position = None if cursor is None else WirePosition(cursor.topic_id, cursor.offset)
            self.is_behind = cursor is None
        if not self.topic_ensured:
            self.wire.ensure_topic(files_topic(channel.own_topic))
            self.topic_ensured = True
        if self.was_lost and self.asking is not None:
            self.asking.hurry()
        self.was_lost = False
        return self.wire

    def _parts(self, channel: Channel, wire: Wire) -> tuple[Asking, Answering]:
        if self.asking is None or self.answering is None:
            topic = files_topic(channel.own_topic)
            relationship = str(channel.relationship)
            self.asking = Asking(
                channel.number,
                channel.held.role,
                self.files,
                publish=lambda want: wire.publish(topic, [WireRecord("want", want.encode())]),
                refuse=lambda detail: self.alarms.report(self._alarm(relationship, detail)),
                settle=lambda: self.alarms.settle(BLOB_REFUSED, relationship),
                patience=self.patience_seconds,
            )
            self.answering = Answering(channel.number, channel.own.role, topic, self.files, wire)
        return self.asking, self.answering

    def _read(self, channel: Channel, wire: Wire, wait_seconds: float) -> bool:
        topic = files_topic(channel.partner_topic)
        delivered = wire.read(topic, self.position, limit=MAX_RECORDS, wait_seconds=wait_seconds)
        self.is_behind = self.is_behind and len(delivered) == MAX_RECORDS
        if not delivered:
            return False
        self._take(delivered)
        self.position = delivered[-1].after
        self.files.names.save_cursor(channel.number, WireCursor(self.position.topic_id, self.position.offset))
        return True

    def _take(self, delivered: Sequence[Delivered]) -> None:
        for each in delivered:
            try:
                self._take_record(each.record)
            except FileRecordError as error:
                self.alarms.report(self._alarm(str(self.channel_of().relationship), f"{error.code}: {error.detail}"))

    def _take_record(self, record: WireRecord) -> None:
        now = self.clock.monotonic()
        if record.kind == "blob" and self.asking is not None:
            self.asking.take(parse_blob(record.value), now)
        elif record.kind == "want" and self.answering is not None:
            self.answering.hear(parse_want(record.value))

    def _collect(self) -> None:
        """Let go of the whole records that cycles of the broker's client hold: by itself the collector rests for long.

        A look takes at most a tenth of the time.
        """
        now = self.clock.monotonic()
        if now >= self.collect_at:
            gc.collect()
            self.collect_at = now + max(COLLECT_SECONDS, 10 * (self.clock.monotonic() - now))

    def _alarm(self, relationship: str, detail: str) -> Alarm:
        return Alarm(BLOB_REFUSED, relationship, detail, format_moment(self.clock.now()))


class Transfers:
    """The transfers of all relationships of a gateway."""

    def __init__(
        self, files: Files, make_wire: Callable[[], Wire], clock: Clock, alarms: Alarms, patience_seconds: float
    ) -> None:
        self._files, self._make_wire, self._clock = files, make_wire, clock
        self._alarms, self._patience_seconds = alarms, patience_seconds
        self._made: list[Transfer] = []

    def open(self, channel_of: Callable[[], Channel]) -> Transfer:
        """Return the transfer of one more relationship."""
        made = Transfer(channel_of, self._files, self._make_wire, self._clock, self._alarms, self._patience_seconds)
        self._made.append(made)
        return made

    def close(self) -> None:
        """End reads under way."""
        for each in self._made:
            each.close()

    def end(self) -> None:
        """Let go of everything, once all threads have ended."""
        for each in self._made:
            each.end()
        self._files.names.close()


def files_topic(topic: str) -> str:
    """Return the topic of a journal's files."""
    return topic + FILES_SUFFIX
