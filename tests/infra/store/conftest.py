"""Each test of the contract runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.store.sql_store import SqlStore, open_store
from tests.infra.store.samples import relationship


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("fresh_postgres"))
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """A store that knows two relationships, 1 and 2, and nothing else."""
    opened = open_store(store_url)
    with opened.writing() as writing:
        writing.save_relationship(relationship(1))
        writing.save_relationship(relationship(2))
    yield opened
    opened.close()
