"""The tables: made from nothing, once, as the code believes them to be; those of a newer version are left alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text

from infra.read_model import tables as read_model_tables
from infra.store.errors import StoreVersionError
from infra.store.migrations.run import VERSION_TABLE, is_current, make_tables, migrate
from infra.store.sql_store import open_store
from infra.store.tables import METADATA
from tests.infra.store.samples import commit, entry, relationship

READ_MODEL = {read_model_tables.ITEM_VERSION, read_model_tables.CLOCK_VERSION}
"""Named here so that the metadata holds the read model's tables too."""


@pytest.fixture
def engine(new_store_url: str) -> Iterator[Engine]:
    url = make_url(new_store_url)
    made = create_engine(url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url)
    yield made
    made.dispose()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
    return list(compare_metadata(context, METADATA))


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite cannot tell of it; PostgreSQL's is compared
def test_an_empty_database_gets_exactly_the_tables_that_the_code_names(engine: Engine) -> None:
    with engine.begin() as connection:
        assert not is_current(connection)
        migrate(connection)

    with engine.connect() as connection:
        assert is_current(connection)
        assert differences(connection) == []
        assert set(inspect(connection).get_table_names()) == {*METADATA.tables, VERSION_TABLE}
        assert set(METADATA.tables.values()) >= READ_MODEL


def test_columns_that_must_be_filled_are_the_same_in_tables_and_migrations(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate(connection)
        inspector = inspect(connection)
        found = {
            (table, column["name"]): column["nullable"]
            for table in METADATA.tables
            for column in inspector.get_columns(table)
        }

    wanted = {(table.name, column.name): column.nullable for table in METADATA.tables.values() for column in table.c}
    assert found == wanted


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate(connection)
    with engine.begin() as connection:
        migrate(connection)
        assert is_current(connection)


def test_numbers_of_batches_that_were_kept_as_written_are_kept_as_read(engine: Engine) -> None:
    kept = {"b-1 ", "B-1", "Ｂ-2", "B-3"}
    with engine.begin() as connection:
        make_tables(connection, "0010")
        insert = text("INSERT INTO batch_subject VALUES (1, 1, :number, 'deviation/x')")
        connection.execute(insert, [{"number": number} for number in kept])
    with engine.begin() as connection:
        migrate(connection)
        found = connection.execute(text("SELECT number FROM batch_subject ORDER BY number")).scalars().all()

    assert found == ["B-1", "B-2", "B-3"]


def test_migrations_that_fail_half_way_leave_an_empty_database(engine: Engine, new_store_url: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE token (id INTEGER)")  # the last table of the first step is taken

    with pytest.raises(Exception, match="already exists"):
        open_store(new_store_url)

    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["token"]


@pytest.mark.parametrize("lock", [True, False], ids=["to write", "to look in"])
def test_tables_of_a_newer_version_are_refused_and_left_alone(
    engine: Engine,
    new_store_url: str,
    lock: bool,  # noqa: FBT001 - a case
) -> None:
    store = open_store(new_store_url)
    with store.writing() as writing:
        writing.save_relationship(relationship())
    commit(store, [entry(0)])
    store.close()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version_num = '9999'")

    with pytest.raises(StoreVersionError) as refused:
        open_store(new_store_url, lock=lock)

    assert refused.value.code == "store.newer_version"
    assert "9999" in refused.value.detail
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entry").scalar() == 1
        assert connection.exec_driver_sql("SELECT epoch FROM gateway_lock").scalar() == 1
