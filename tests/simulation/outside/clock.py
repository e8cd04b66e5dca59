"""Time: one true time for the whole world, and each side's clock, which may be wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 30, 44, tzinfo=UTC)


@dataclass(slots=True)
class TrueTime:
    """Seconds since the beginning of the world; they pass only when a schedule says so."""

    seconds: float = 0.0

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class SideClock:
    """A side's clock: its monotonic half runs with the true time, its wall half may be moved."""

    def __init__(self, true: TrueTime) -> None:
        self._true = true
        self.wrong_by = 0.0  # seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self._true.seconds + self.wrong_by)

    def monotonic(self) -> float:
        return self._true.seconds

    def jump(self, seconds: float) -> None:
        self.wrong_by += seconds
