"""The clock and chance: handed in, so that a simulator can take them over."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; it decides nothing."""

    def now(self) -> datetime:
        """Return the wall clock's time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards, from any origin."""


class Chance(Protocol):
    """Where random bytes come from."""

    def __call__(self, count: int) -> bytes:
        """Return so many fresh, unpredictable bytes."""
