"""The wire: carries records between the two gateways and promises nothing (design.md, idea 5).

Trust: whoever can write to a topic can be a nuisance and nothing more, for every record is verified by signature where
it arrives. The wire may lose, repeat, delay or reorder; what it lost is sent again from the store.
"""

from collections.abc import Sequence
from typing import Protocol

from events.journal.wire import Delivered, WirePosition, WireRecord


class Wire(Protocol):
    """Topics of one partition each.

    One object may be used by one reading thread and one publishing thread at the same time; `close` may be called by a
    third. Every method raises `WireUnavailableError` (an `InfraError`) when the carrier cannot be reached or the object
    was closed, and may be called again.
    """

    def ensure_topic(self, topic: str) -> None:
        """Make the topic unless it exists: one partition, `cleanup.policy=delete`, 1 MiB a record.

        It is kept for ever; of a topic of files (`FILES_SUFFIX`) only the latest 128 MiB or more are.
        """

    def publish(self, topic: str, records: Sequence[WireRecord]) -> None:
        """Write records in order; return once all are acknowledged.

        After an error some of them may have been written; repeats are harmless. A topic that does not exist (any more)
        is an error too: make it again with `ensure_topic`.

        Raises:
            ValueError: a record is larger than the topic takes; nothing was written.
        """

    def read(self, topic: str, after: WirePosition | None, *, limit: int, wait_seconds: float) -> Sequence[Delivered]:
        """Return up to `limit` records from a position on, waiting up to `wait_seconds` until there is one.

        No position, one of another topic of the same name, or one that the topic does not have (any more, or yet) means
        the topic's beginning. A topic that does not exist reads as silence. What a foreign producer made odd is
        delivered (see `WireRecord`), never raised.
        """

    def close(self) -> None:
        """Let go of the carrier; a `read` under way returns soon."""
