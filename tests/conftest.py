"""Real servers for the tests that need them: one of each for the whole run, started by the first test that asks.

A missing server is a failure that names the one command to run, never a skip.
"""

from collections.abc import Iterator

import pytest

from infra.servers.choose import fresh_database, kafka_server, postgres_server


@pytest.fixture(scope="session")
def kafka_address() -> Iterator[str]:
    with kafka_server() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def fresh_postgres(postgres_url: str) -> Iterator[str]:
    with fresh_database(postgres_url) as url:
        yield url
