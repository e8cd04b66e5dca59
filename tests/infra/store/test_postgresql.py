"""What only a server can do to a store: end a session in the middle, refuse a commit, or never answer one."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from infra.store.errors import CommitUnknownError, StoreUnavailableError
from infra.store.sql_store import SqlStore, open_store
from infra.store.writing import SqlWriting
from services.gateway.ports.store import Writing
from tests.infra.store.samples import append, commit, entry, relationship

AT_COMMIT = """
CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {}; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION at_commit();
"""

END_WRITERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND state LIKE 'idle in%'
"""


def append_around(writing: Writing, between: Callable[[], object]) -> None:
    append(writing, [entry(0)])
    between()
    append(writing, [entry(1)])


def append_impatiently(writing: SqlWriting) -> None:
    writing._connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
    append(writing, [entry(0)])


@pytest.fixture
def store(fresh_postgres: str) -> Iterator[SqlStore]:
    opened = open_store(fresh_postgres)
    with opened.writing() as writing:
        writing.save_relationship(relationship())
    yield opened
    opened.close()


@pytest.fixture
def server(store: SqlStore, fresh_postgres: str) -> Iterator[psycopg.Connection[Any]]:
    """A session beside the store's, which may do what an administrator may; the store stands before it."""
    assert store.may_write
    address = make_url(fresh_postgres).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as session:
        yield session


def test_a_session_that_ends_in_the_middle_undoes_everything(store: SqlStore, server: psycopg.Connection[Any]) -> None:
    with pytest.raises(StoreUnavailableError), store.writing() as writing:
        append_around(writing, lambda: server.execute(END_WRITERS))

    commit(store, [entry(0)])
    with store.reading() as reading:
        assert reading.last_sequence() == 1


def test_a_commit_that_the_server_refuses_has_written_nothing(store: SqlStore, server: psycopg.Connection[Any]) -> None:
    server.execute(AT_COMMIT.format("RAISE EXCEPTION 'not today'"))

    with pytest.raises(StoreUnavailableError, match="not today"):
        commit(store, [entry(0)])

    server.execute("DROP TRIGGER at_commit ON entry")
    commit(store, [entry(0)])


def test_the_outcome_of_a_commit_without_an_answer_is_said_to_be_unknown(
    store: SqlStore, server: psycopg.Connection[Any]
) -> None:
    server.execute(AT_COMMIT.format("PERFORM pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(CommitUnknownError) as unknown:
        commit(store, [entry(0)])

    assert unknown.value.code == "store.commit_unknown"
    server.execute("DROP TRIGGER at_commit ON entry")
    with store.reading() as reading:
        assert reading.last_sequence() == 0
    commit(store, [entry(0)])


def test_a_writer_that_waits_for_another_program_gives_up(store: SqlStore, server: psycopg.Connection[Any]) -> None:
    server.execute("BEGIN")
    server.execute("LOCK TABLE page IN EXCLUSIVE MODE")

    with pytest.raises(StoreUnavailableError), store.writing() as writing:
        append_impatiently(writing)

    server.execute("ROLLBACK")
    commit(store, [entry(0)])
