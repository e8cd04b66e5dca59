"""Idempotency of the few calls that write no entry (tokens, invitations): remembered in this process for a while.

Commands that write entries keep their keys in the transaction of what they did; see `services.gateway.exchange`.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from services.gateway.api.problems import Problem
from services.gateway.exchange.jobs import Answer

MAX_REMEMBERED = 1000


class Once:
    """Remembers answers by caller and key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[tuple[str, str], tuple[bytes, Answer | None]] = OrderedDict()

    def do(self, caller: str, key: str, digest: bytes, work: Callable[[], Answer]) -> Answer:
        """Do the work, unless it was done under this key: then answer as before.

        Raises:
            Problem: `idempotency-key-mismatch` or `idempotency-key-in-progress`.
        """
        place = (caller, key)
        with self._lock:
            known = self._answers.get(place)
            if known is not None:
                return _again(known, digest)
            self._answers[place] = (digest, None)
        try:
            answer = work()
        except BaseException:
            with self._lock:
                del self._answers[place]
            raise
        with self._lock:
            self._answers[place] = (digest, answer)
            while len(self._answers) > MAX_REMEMBERED:
                self._answers.popitem(last=False)
        return answer


def _again(known: tuple[bytes, Answer | None], digest: bytes) -> Answer:
    before, answer = known
    if before != digest:
        raise Problem("idempotency-key-mismatch", "this key was used for a request with other content")
    if answer is None:
        raise Problem("idempotency-key-in-progress", "the same request is under way")
    return replace(answer, replayed=True)
