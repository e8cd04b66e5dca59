"""Makes topics and knows their ids."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from events.journal.wire import FILES_SUFFIX, MAX_RECORD_BYTES
from infra.wire.errors import WireUnavailableError
from infra.wire.kafka.clients import DELIVERY_MS, REQUEST_MS, TOPIC_EXISTS, UNKNOWN_TOPIC, open_admin, unavailable

TOPIC_SETTINGS: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(MAX_RECORD_BYTES),
    # The broker unpacks what strangers compressed and checks its true size: no bomb reaches a reader.
    "compression.type": "uncompressed",
}

FILES_SETTINGS: Final = {"retention.bytes": "1073741824", "segment.bytes": "134217728"}  # 1 GiB, 128 MiB


class Directory:
    """The cluster's topics, asked through one client that is discarded after any error."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._admin: Any = None
        self._lock = threading.Lock()

    def topic_id(self, topic: str) -> str | None:
        """Return the id of a topic, None while there is none of that name."""
        (described,) = self._ask(lambda admin: admin.describe_topics([topic]))
        if described["error_code"] == UNKNOWN_TOPIC:
            return None
        if described["error_code"] != 0:
            raise WireUnavailableError(f"the broker answers {described['error_code']} about {topic}")
        return str(described["topic_id"])

    def ensure(self, topic: str) -> None:
        """Make a topic with our settings, and wait until its partition has a leader."""
        wanted = {topic: {"num_partitions": 1, "replication_factor": -1, "configs": _settings_of(topic)}}

        def create(admin: Any) -> None:  # noqa: ANN401 - the library has no types
            with suppress(TOPIC_EXISTS):
                admin.create_topics(wanted, timeout_ms=REQUEST_MS)
            admin.wait_for_topics([topic], timeout_ms=DELIVERY_MS)

        self._ask(create)

    def close(self) -> None:
        """Give the client up."""
        with self._lock:
            self._give_up()

    def _ask(self, question: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as above
        with self._lock:
            try:
                if self._admin is None:
                    self._admin = open_admin(self._servers)
                return question(self._admin)
            except Exception as failure:
                self._give_up()
                raise unavailable(failure) from failure

    def _give_up(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            with suppress(Exception):
                admin.close()


def _settings_of(topic: str) -> dict[str, str]:
    return TOPIC_SETTINGS | (FILES_SETTINGS if topic.endswith(FILES_SUFFIX) else {})
