"""A full disk: nothing is written, what stands is intact, and work goes on by itself once there is space."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from events.encoding.identifiers import Role
from infra.store.errors import StoreFullError
from infra.store.sql_store import SqlStore, open_store
from tests.infra.store.samples import commit, entry, relationship


class Disk:
    """Limits how many pages the file may have, for every connection, as a quota does."""

    def __init__(self) -> None:
        self.pages = 1 << 30

    def limit(self, connection: object, *_rest: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")  # type: ignore[attr-defined]  # sqlite3's own


def fill(store: SqlStore) -> None:
    for position in range(100):
        commit(store, [entry(position, body=b"x" * 100_000)])


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def store(tmp_path: Path, disk: Disk) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    event.listen(opened.database.engine, "checkout", disk.limit)
    with opened.writing() as writing:
        writing.save_relationship(relationship())
    yield opened
    opened.close()


def test_a_full_disk_refuses_the_transaction_and_keeps_what_stands(store: SqlStore, disk: Disk) -> None:
    commit(store, [entry(0)])

    disk.pages = 1
    with pytest.raises(StoreFullError) as refused:
        commit(store, [entry(1, body=b"x" * 5_000_000)])

    assert refused.value.code == "store.full"
    with store.reading() as reading:
        assert reading.last_sequence() == 1

    disk.pages = 1 << 30
    commit(store, [entry(1, body=b"x" * 5_000_000)])
    with store.reading() as reading:
        assert reading.last_sequence() == 2


def test_a_disk_that_fills_up_stops_at_a_whole_transaction(store: SqlStore, disk: Disk) -> None:
    disk.pages = 1

    with pytest.raises(StoreFullError):
        fill(store)

    with store.reading() as reading:
        written = reading.last_sequence()
    disk.pages = 1 << 30
    commit(store, [entry(written)])
    with store.reading() as reading:
        assert [one.position for one in reading.entries(1, Role.CMO, 0, 1_000)] == list(range(written + 1))


def test_a_new_store_on_a_full_disk_is_an_error_and_can_be_made_later(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("infra.store.sqlite._PRAGMAS", ("journal_mode=WAL", "max_page_count=3"))
        with pytest.raises(StoreFullError):
            open_store(url)

    open_store(url).close()
