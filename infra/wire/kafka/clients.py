"""Makes the library's clients with our settings, and tells its errors apart; the only module that imports it."""

import threading
from contextlib import suppress
from typing import Any, Final

from kafka import (  # type: ignore[import-untyped]  # kafka-python ships no types
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    TopicPartition,
)
from kafka.errors import (  # type: ignore[import-untyped]  # as above
    KafkaTimeoutError,
    LogTruncationError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RetriableError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)

from events.journal.wire import MAX_RECORD_BYTES
from infra.wire.errors import WireUnavailableError

PARTITION = 0
REQUEST_MS = 4_000
DELIVERY_MS = 5_000
CLOSE_SECONDS = 1.0
MAX_FETCH_BYTES = 8_388_608  # 8 MiB: the most that one read returns, and about what the library buffers

LOST_PLACE = (OffsetOutOfRangeError, LogTruncationError, NoOffsetForPartitionError)
"""The topic does not have the position that a consumer asked for."""

TRANSIENT = (RetriableError, KafkaTimeoutError)
"""The broker's fault, not that of the bytes that were read."""

TOPIC_EXISTS = TopicAlreadyExistsError
UNKNOWN_TOPIC: Final[int] = UnknownTopicOrPartitionError.errno

_CONNECTION: Final = {
    "bootstrap_timeout_ms": 2_000,
    "request_timeout_ms": REQUEST_MS,
    "reconnect_backoff_max_ms": 500,
    "retry_backoff_ms": 50,
}


def partition_of(topic: str) -> Any:  # noqa: ANN401 - the library has no types
    """Return the one partition of a topic, as the library names it."""
    return TopicPartition(topic, PARTITION)


def open_admin(servers: str) -> Any:  # noqa: ANN401 - as above
    """Return a client that makes topics and describes them."""
    return _open(KafkaAdminClient, servers)


def open_producer(servers: str) -> Any:  # noqa: ANN401 - as above
    """Return an idempotent producer that waits for all in-sync replicas."""
    return _open(
        KafkaProducer,
        servers,
        enable_idempotence=True,
        acks="all",
        delivery_timeout_ms=DELIVERY_MS,
        max_block_ms=2_000,
        max_request_size=MAX_RECORD_BYTES,
        batch_size=262_144,
        metrics_enabled=False,
    )


def open_consumer(servers: str) -> Any:  # noqa: ANN401 - as above
    """Return a consumer of no group, which keeps no positions and never guesses one."""
    return _open(
        KafkaConsumer,
        servers,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=MAX_FETCH_BYTES,
        fetch_max_bytes=MAX_FETCH_BYTES,
        metrics_enabled=False,
    )


def discard_producer(producer: Any) -> None:  # noqa: ANN401 - as above
    """Give a producer up without waiting for what it cannot deliver."""
    producer._sender.force_close()  # noqa: SLF001 - `close` alone first waits for what cannot be delivered
    threading.Thread(target=_bury, args=(producer,), name="wire-burial", daemon=True).start()


def unavailable(failure: Exception) -> WireUnavailableError:
    """Return our error for whatever a client raised."""
    if isinstance(failure, WireUnavailableError):
        return failure
    return WireUnavailableError(f"{type(failure).__name__}: {failure}")


def _open(client: Any, servers: str, **settings: Any) -> Any:  # noqa: ANN401 - as above
    """Make one of the clients; if it cannot connect, stop the thread that its constructor started."""
    made = []

    def make(**configs: Any) -> Any:  # noqa: ANN401 - as above
        network = client.DEFAULT_CONFIG["kafka_client"](**configs)
        network.cluster.config["allow_auto_create_topics"] = False
        made.append(network)
        return network

    try:
        return client(bootstrap_servers=servers.split(","), kafka_client=make, **_CONNECTION, **settings)
    except BaseException:
        for network in made:
            network.close()
        raise


def _bury(producer: Any) -> None:  # noqa: ANN401 - as above
    """Close a discarded producer once its sender has noticed; that may take as long as a request."""
    producer._sender.join((REQUEST_MS + DELIVERY_MS) / 1000)  # noqa: SLF001 - there is no other way to wait for it
    with suppress(Exception):
        producer.close(timeout=CLOSE_SECONDS)
