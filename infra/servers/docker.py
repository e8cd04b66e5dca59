"""Kafka and PostgreSQL in containers, where Docker's engine answers; testcontainers removes them if we die.

testcontainers is a dependency of development only, so it is looked up when asked for.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager

from infra.servers.errors import ServerFailedError
from infra.servers.java import KAFKA_VERSION
from infra.servers.kept import LOOPBACK, READY_SECONDS, free_ports
from infra.servers.native_kafka import broker_settings

KAFKA_IMAGE = f"apache/kafka:{KAFKA_VERSION}"
POSTGRES_IMAGE = "postgres:17.6"

_PING_SECONDS = 3
_CONTROLLER_PORT = 9093
_KAFKA_DATA = "/var/lib/kafka/data"
_POSTGRES_DATA = "/var/lib/postgresql/data"


def engine_answers() -> bool:
    """Return whether Docker can be used: its client alone, without an engine that answers, is no Docker."""
    if importlib.util.find_spec("docker") is None or importlib.util.find_spec("testcontainers") is None:
        return False
    docker = importlib.import_module("docker")
    try:
        client = docker.from_env(timeout=_PING_SECONDS)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except Exception:  # noqa: BLE001 - docker raises its own errors, those of requests, and OSError; all mean "no"
        return False


@contextmanager
def docker_kafka(volume: str | None = None) -> Iterator[str]:
    """Run a broker in a container; its address is host and port. A named volume keeps its records.

    Raises:
        ServerFailedError: the image could not be had, or the broker did not come up.
    """
    (port,) = free_ports(1)  # the broker must advertise the port that clients see, so it is chosen beforehand
    containers = importlib.import_module("testcontainers.core.container")
    waiting = importlib.import_module("testcontainers.core.wait_strategies")
    ready = waiting.LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(int(READY_SECONDS))
    container = containers.DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port).waiting_for(ready)
    settings = broker_settings(
        listen=f"PLAINTEXT://:{port},CONTROLLER://:{_CONTROLLER_PORT}",
        advertise=f"PLAINTEXT://{LOOPBACK}:{port}",
        controller=f"localhost:{_CONTROLLER_PORT}",
        folder=_KAFKA_DATA,
    )
    if volume is not None:
        container.with_volume_mapping(volume, _KAFKA_DATA, "rw")
    for key, value in settings.items():
        container.with_env("KAFKA_" + key.upper().replace(".", "_"), value)
    with _running(container):
        yield f"{LOOPBACK}:{port}"


@contextmanager
def docker_postgres(volume: str | None = None) -> Iterator[str]:
    """Run PostgreSQL in a container; its address is a SQLAlchemy URL of a user who may create databases.

    A named volume keeps its databases.

    Raises:
        ServerFailedError: the image could not be had, or the server did not come up.
    """
    postgres = importlib.import_module("testcontainers.community.postgres")
    container = postgres.PostgresContainer(POSTGRES_IMAGE, driver="psycopg")
    if volume is not None:
        container.with_volume_mapping(volume, _POSTGRES_DATA, "rw")
    with _running(container):
        yield str(container.get_connection_url())


@contextmanager
def _running(container: "object") -> Iterator[None]:
    """Start a container, and remove it in the end; `start` and `stop` are testcontainers' own."""
    start, stop = getattr(container, "start"), getattr(container, "stop")  # noqa: B009 - its type is not known here
    try:
        start()
    except Exception as failure:
        stop()
        raise ServerFailedError(f"the container did not come up: {failure}") from failure
    try:
        yield
    finally:
        stop()
