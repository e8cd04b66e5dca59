"""Who waits for rows to move: screens that follow, and callers who want to read what they wrote."""

import threading


class Moved:
    """Up to which local sequence rows are folded, and everybody who waits for more."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._sequence = 0
        self._closed = False

    def move(self, sequence: int) -> None:
        """Say that rows stand at a local sequence."""
        with self._condition:
            if sequence > self._sequence:
                self._sequence = sequence
                self._condition.notify_all()

    def wait(self, sequence: int, timeout: float) -> bool:
        """Wait until rows stand at a local sequence; tell whether they do."""
        with self._condition:
            return self._condition.wait_for(lambda: self._sequence >= sequence or self._closed, timeout) and (
                self._sequence >= sequence
            )

    def follow(self) -> "Follower":
        """Return somebody who hears of every move from now on."""
        with self._condition:
            return Follower(self, self._sequence)

    def after(self, sequence: int, timeout: float) -> int | None:
        """Wait until rows stand beyond a local sequence; return where they stand, None in vain."""
        with self._condition:
            self._condition.wait_for(lambda: self._sequence > sequence or self._closed, timeout)
            return self._sequence if self._sequence > sequence else None

    def close(self) -> None:
        """Let everybody go."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()


class Follower:
    """Hears of moves one after the other; several in between are heard as one."""

    def __init__(self, moved: Moved, sequence: int) -> None:
        self._moved = moved
        self._sequence = sequence

    def next(self, timeout: float) -> int | None:
        """Wait so many seconds at most for rows to move; return the local sequence they now stand at."""
        found = self._moved.after(self._sequence, timeout)
        if found is not None:
            self._sequence = found
        return found

    def close(self) -> None:
        """Stop listening: there is nothing to let go of."""
