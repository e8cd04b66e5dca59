"""A wall clock that jumps against the monotonic clock signs nothing (formats.md 2, `time`)."""

from datetime import UTC, datetime

from services.gateway.exchange.errors import ClockJumpedError
from services.gateway.ports.clock import Clock

MAX_JUMP_SECONDS = 30


class ClockGuard:
    """Tells the recorded time, as long as the wall clock runs with the monotonic clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = self._difference()

    def now(self) -> datetime:
        """Return the time for what is about to be recorded.

        Raises:
            ClockJumpedError: the wall clock is more than 30 s away from where it would be.
        """
        if self.has_jumped:
            raise ClockJumpedError(
                f"the wall clock jumped by {self.jump():+.0f} s; try: correct it, or confirm it by a person"
            )
        return self.wall()

    @property
    def has_jumped(self) -> bool:
        """Whether the wall clock is more than 30 s away from where it would be: nothing is signed then."""
        return abs(self.jump()) > MAX_JUMP_SECONDS

    def wall(self) -> datetime:
        """Return the wall clock's time, whatever it did."""
        return self._clock.now().astimezone(UTC)

    def jump(self) -> float:
        """Return by how many seconds the wall clock is away from where the monotonic clock puts it."""
        return self._difference() - self._offset

    def confirm(self) -> None:
        """Take the wall clock as it is now: a named person looked at it."""
        self._offset = self._difference()

    def _difference(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
