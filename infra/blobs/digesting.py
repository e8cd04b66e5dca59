"""SHA-256 beside the writing: in a thread of its own once a file is large, with a bound on what waits for it."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256

MAX_WAITING_BYTES = 4 * 1024**2

_INLINE_BYTES = 1024**2  # a smaller file is not worth a thread


class Digesting:
    """The SHA-256 of what was added, in order."""

    def __init__(self) -> None:
        self._digest = sha256()
        self._added = 0
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[tuple[Future[None], int]] = deque()
        self._waiting_bytes = 0

    def add(self, piece: bytes) -> None:
        """Add the next bytes; wait where too many are not digested yet."""
        self._added += len(piece)
        if self._added <= _INLINE_BYTES:
            self._digest.update(piece)
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "blob-digest")
        self._waiting.append((self._thread.submit(self._digest.update, piece), len(piece)))
        self._waiting_bytes += len(piece)
        while self._waiting_bytes > MAX_WAITING_BYTES:
            self._await_oldest()

    def hexdigest(self) -> str:
        """Return the SHA-256 of everything added."""
        while self._waiting:
            self._await_oldest()
        return self._digest.hexdigest()

    def close(self) -> None:
        """Let the thread go."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def _await_oldest(self) -> None:
        done, size = self._waiting.popleft()
        done.result()
        self._waiting_bytes -= size
