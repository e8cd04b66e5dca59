"""The alarms that stand, and telling people of each once; fits `services.gateway.ports.alarms.Alarms`.

Telling goes through a thread of its own and a bounded queue, so that no slow command or webhook holds up the gateway.
What cannot be told is in the log, and stands as `alarm.undelivered` until something is told again.
"""

import queue
import threading
from collections.abc import Sequence
from dataclasses import Field, replace
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

import orjson
import structlog

from infra.alarms.channels import Channel
from infra.alarms.errors import AlarmUndeliveredError

QUEUE_LENGTH = 100
PAUSES = (1.0, 5.0)
"""Seconds between the attempts to tell an alarm: three in all."""

UNDELIVERED = AlarmUndeliveredError.code
_CLOSE_SECONDS = 5.0
_END: Final = None


class AlarmFields(Protocol):
    """What the board looks at in an alarm; a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def code(self) -> str:
        """What it is about, stable."""

    @property
    def relationship(self) -> str:
        """`<MAH>/<CMO>`, or empty."""

    @property
    def detail(self) -> str:
        """What happened."""

    @property
    def at(self) -> str:
        """When it was raised."""


_Alarm = TypeVar("_Alarm", bound=AlarmFields)


class AlarmBoard(Generic[_Alarm]):
    """Keeps what stands. Any thread may report and settle."""

    def __init__(self, channels: Sequence[Channel] = (), pauses: Sequence[float] = PAUSES) -> None:
        self._channels = tuple(channels)
        self._pauses = tuple(pauses)
        self._log = structlog.get_logger("alarms")
        self._standing: dict[tuple[str, str], _Alarm] = {}
        self._turn = threading.Lock()
        self._queue: queue.Queue[_Alarm | None] = queue.Queue(QUEUE_LENGTH)
        self._closing = threading.Event()
        self._teller = threading.Thread(target=self._tell_all, name="alarms", daemon=True)
        if self._channels:
            self._teller.start()

    def report(self, alarm: _Alarm) -> None:
        """Raise an alarm; one of the same code and relationship that stands already is replaced and not told again."""
        if not self._put_up(alarm):
            return
        self._log.error("alarm", code=alarm.code, relationship=alarm.relationship, detail=alarm.detail, at=alarm.at)
        if not self._channels:
            return
        try:
            self._queue.put_nowait(alarm)
        except queue.Full:
            self._say_undelivered(alarm, "queue", f"more than {QUEUE_LENGTH} alarms wait to be told")

    def settle(self, code: str, relationship: str) -> None:
        """Say that the cause of an alarm is gone."""
        with self._turn:
            settled = self._standing.pop((code, relationship), None)
        if settled is not None:
            self._log.info("alarm.settled", code=code, relationship=relationship)

    def standing(self) -> Sequence[_Alarm]:
        """Return the alarms that stand, oldest first."""
        with self._turn:
            return tuple(self._standing.values())

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Tell what waits, within a time, and end the thread."""
        self._closing.set()
        if self._teller.is_alive():
            try:
                self._queue.put(_END, timeout=seconds)
            except queue.Full:
                self._log.error(UNDELIVERED, channel="queue", detail="the gateway ended before all alarms were told")
            self._teller.join(seconds)

    def _put_up(self, alarm: _Alarm) -> bool:
        """Let an alarm stand; return whether none of its kind stood before."""
        place = (alarm.code, alarm.relationship)
        with self._turn:
            is_new = place not in self._standing
            self._standing[place] = alarm
        return is_new

    def _tell_all(self) -> None:
        while (alarm := self._queue.get()) is not _END:
            told = [self._tell(channel, alarm) for channel in self._channels]
            if all(told):
                self.settle(UNDELIVERED, "")

    def _tell(self, channel: Channel, alarm: _Alarm) -> bool:
        payload = orjson.dumps(
            {"code": alarm.code, "relationship": alarm.relationship, "detail": alarm.detail, "at": alarm.at}
        )
        failure = "never tried"
        for pause in (*self._pauses, None):
            try:
                channel.deliver(payload)
            except AlarmUndeliveredError as reason:
                failure = reason.detail
            except Exception as reason:  # noqa: BLE001 - the thread that tells may not end; what happened is said
                failure = f"{type(reason).__name__} while telling"
            else:
                return True
            if pause is None or self._closing.wait(pause):
                break
        self._say_undelivered(alarm, channel.name, failure)
        return False

    def _say_undelivered(self, alarm: _Alarm, channel: str, why: str) -> None:
        """Log it and let it stand; it is not told, for that is what failed."""
        self._log.error(UNDELIVERED, code=alarm.code, relationship=alarm.relationship, channel=channel, detail=why)
        self._put_up(replace(alarm, code=UNDELIVERED, relationship="", detail=f"{alarm.code} by {channel}: {why}"))
