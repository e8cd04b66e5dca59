"""Servers that a test may kill: what they hold outlives them, and another port's owner is named."""

import socket
from pathlib import Path

import psycopg
import pytest

from infra.servers import native_postgres
from infra.servers.errors import PortTakenError, ServerFailedError
from infra.servers.kept import LOOPBACK, answers
from infra.servers.native_kafka import NativeKafka
from infra.servers.native_postgres import NativePostgres


def query(server: NativePostgres, text: str) -> object:
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        cursor = connection.execute(text)
        return cursor.fetchone() if cursor.description else None


def test_a_killed_postgresql_comes_back_with_its_address_and_its_rows() -> None:
    with NativePostgres() as server:
        address = server.url
        query(server, "CREATE TABLE kept AS SELECT 7 AS number")

        server.kill()
        server.start()

        assert server.url == address
        assert query(server, "SELECT number FROM kept") == (7,)
        with pytest.raises(ServerFailedError, match="running already"):
            server.start()


def test_the_wheels_postgresql_serves_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(native_postgres, "_SYSTEM", tmp_path / "none")
    monkeypatch.setattr("shutil.which", lambda _name: None)

    with NativePostgres() as server:
        assert query(server, "SELECT 1") == (1,)
        folder = server.log.parent

    assert not folder.exists()


def test_a_taken_port_is_said_by_its_number() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PortTakenError, match=str(port)), NativePostgres(port=port):
            pass
        with pytest.raises(PortTakenError, match=str(port)), NativeKafka(port=port):
            pass


def test_a_broker_listens_where_it_says_until_its_block_ends() -> None:
    with NativeKafka() as broker:
        address, folder = broker.address, broker.log.parent
        assert answers(address)
        with pytest.raises(ServerFailedError, match="stop it first"):
            broker.wipe()

    assert not answers(address)
    assert not folder.exists()
