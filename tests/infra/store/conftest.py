"""Each test of the contract runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from infra.servers.choose import fresh_database
from infra.store.sql_store import SqlStore, open_store
from infra.store.tables import GATEWAY_LOCK, METADATA
from tests.infra.store.samples import relationship
from tests.stores import open_new_store

BOTH = ["sqlite", "postgresql"]


@pytest.fixture(params=BOTH)
def new_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("fresh_postgres"))
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(params=BOTH)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without rows; on PostgreSQL its tables are made once, for that takes the longest."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("emptied_postgres"))
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[str]:
    with fresh_database(postgres_url) as url:
        open_store(url).close()
        yield url


@pytest.fixture
def emptied_postgres(shared_postgres: str) -> Iterator[str]:
    yield shared_postgres
    engine = create_engine(shared_postgres)
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table not in (GATEWAY_LOCK, METADATA.tables.get("projection_position")):
                connection.execute(table.delete())
    engine.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """A store that knows two relationships, 1 and 2, and nothing else."""
    opened = open_new_store(store_url)
    with opened.writing() as writing:
        writing.save_relationship(relationship(1))
        writing.save_relationship(relationship(2))
    yield opened
    opened.close()
