"""Which server it is: the one whose address is given, a container, or one run natively; in this order.

With a folder, what a server holds is there again the next time: in the folder itself when it runs natively, in a
volume named after it when it runs in a container. COUNTERFOIL_KAFKA (`host:port`) and COUNTERFOIL_POSTGRES (a
SQLAlchemy URL of a user who may create databases) name servers that run already. COUNTERFOIL_SERVERS=docker or
=native leaves out the other way.
"""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from infra.servers.docker import docker_kafka, docker_postgres, engine_answers
from infra.servers.errors import ServerFailedError, ServersMissingError
from infra.servers.kept import answers
from infra.servers.native_kafka import NativeKafka
from infra.servers.native_postgres import NativePostgres

_DOCKER, _NATIVE = "docker", "native"
_CONNECT_SECONDS = 3
_Way = Callable[[Path | None], AbstractContextManager[str]]


@contextmanager
def kafka_server(folder: Path | None = None) -> Iterator[str]:
    """Give the address (`host:port`) of a Kafka broker that may be used freely until the end of the block.

    With `folder` its records are kept for the next time.

    Raises:
        ServersMissingError: there is none and nothing to run one with.
        ServerFailedError: it did not come up.
    """
    if given := os.environ.get("COUNTERFOIL_KAFKA"):
        if not answers(given):
            raise ServersMissingError(f"nothing listens at COUNTERFOIL_KAFKA={given}; try: unset COUNTERFOIL_KAFKA")
        yield given
        return
    with ExitStack() as servers:
        yield _enter_first(servers, "Kafka", folder, _docker_kafka, _native_kafka)


@contextmanager
def postgres_server(folder: Path | None = None) -> Iterator[str]:
    """Give the SQLAlchemy URL (`postgresql+psycopg://...`) of a user who may create databases.

    With `folder` its databases are kept for the next time.

    Raises:
        ServersMissingError: there is none and nothing to run one with.
        ServerFailedError: it did not come up.
    """
    if given := os.environ.get("COUNTERFOIL_POSTGRES"):
        try:
            psycopg.connect(_for_psycopg(given), connect_timeout=_CONNECT_SECONDS).close()
        except (psycopg.Error, ArgumentError) as failure:
            raise ServersMissingError(f"COUNTERFOIL_POSTGRES: {failure}; try: unset COUNTERFOIL_POSTGRES") from failure
        yield _with_driver(given)
        return
    with ExitStack() as servers:
        yield _enter_first(servers, "PostgreSQL", folder, _docker_postgres, _native_postgres)


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Make an empty database on a server and give its URL; drop it in the end, whoever is connected."""
    name = f"fresh_{secrets.token_hex(6)}"
    with psycopg.connect(_for_psycopg(server_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield _with_driver(server_url, database=name)
    finally:
        with psycopg.connect(_for_psycopg(server_url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _native_kafka(folder: Path | None) -> Iterator[str]:
    with NativeKafka(folder=_made(folder)) as kafka:
        yield kafka.address


@contextmanager
def _native_postgres(folder: Path | None) -> Iterator[str]:
    with NativePostgres(folder=_made(folder)) as postgres:
        yield postgres.url


def _made(folder: Path | None) -> Path | None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _docker_kafka(folder: Path | None) -> AbstractContextManager[str]:
    return docker_kafka(_volume(folder))


def _docker_postgres(folder: Path | None) -> AbstractContextManager[str]:
    return docker_postgres(_volume(folder))


def _volume(folder: Path | None) -> str | None:
    """Return the name of the container volume that stands for a folder."""
    return None if folder is None else f"counterfoil-{sha256(str(folder.absolute()).encode()).hexdigest()[:16]}"


def _enter_first(servers: ExitStack, what: str, folder: Path | None, docker: _Way, native: _Way) -> str:
    """Enter the first way that works; Docker's failure is said aloud, for the other way is another version."""
    wanted = os.environ.get("COUNTERFOIL_SERVERS", "")
    if wanted not in ("", _DOCKER, _NATIVE):
        raise ServersMissingError(f"COUNTERFOIL_SERVERS={wanted} is unknown; try: COUNTERFOIL_SERVERS={_NATIVE}")
    if wanted != _NATIVE and engine_answers():
        try:
            return servers.enter_context(docker(folder))
        except ServerFailedError as failure:
            if wanted == _DOCKER:
                raise
            sys.stderr.write(f"{what} by Docker: {failure.detail}; running it natively\n")
    elif wanted == _DOCKER:
        raise ServersMissingError(f"Docker's engine does not answer; try: COUNTERFOIL_SERVERS={_NATIVE}")
    return servers.enter_context(native(folder))


def _with_driver(url: str, database: str | None = None) -> str:
    """Return a URL that names the driver that is installed, for a program that takes it as it is."""
    return make_url(url).set(drivername="postgresql+psycopg", database=database).render_as_string(hide_password=False)


def _for_psycopg(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
