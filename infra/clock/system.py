"""The machine's own time and randomness; fits `services.gateway.ports.clock`."""

import os
import time
from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time."""

    def now(self) -> datetime:
        """Return the wall clock's time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()


def system_chance(count: int) -> bytes:
    """Return so many bytes of the system's randomness."""
    return os.urandom(count)
