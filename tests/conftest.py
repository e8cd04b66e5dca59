"""Real servers for the tests that need them: one of each for the whole run, started by the first test that asks.

A missing server is a failure that names the one command to run, never a skip.
"""

import gc
from collections.abc import Iterator

import pytest

from infra.servers.choose import fresh_database, kafka_server, postgres_server

_COLLECTOR = (20_000, 20, 25)  # objects made between two looks at the youngest; how many of those to one at the older


def pytest_collection_finish() -> None:
    """Have the garbage collector look less often, and not at thousands of tests that stay until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTOR)


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
