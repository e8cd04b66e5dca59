"""Each test of the contract runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.read_model.sql_read_model import SqlReadModel
from infra.store.sql_store import SqlStore
from services.gateway.ports.read_model import ReadModel
from tests.stores import open_new_store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("fresh_postgres"))
    opened = open_new_store(url)
    yield opened
    opened.close()


@pytest.fixture
def read_model(store: SqlStore) -> ReadModel:
    return SqlReadModel(store)


@pytest.fixture(scope="module")
def sqlite_read_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadModel]:
    """One for many examples, cleared by each."""
    opened = open_new_store(f"sqlite:///{tmp_path_factory.mktemp('rows') / 'store.sqlite'}")
    yield SqlReadModel(opened)
    opened.close()
