"""One process writes; whoever lost the store never writes again; only tokens may be kept beside the one that writes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from infra.errors import InfraError
from infra.store.errors import StoreFencedError, StoreLockedError
from infra.store.sql_store import SqlStore, open_store
from services.gateway.ports.store import Store
from tests.infra.store.samples import commit, entry, token
from tests.infra.store.second_process import HELD
from tests.infra.store.test_transactions import EVERY_WRITE


def second_process(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.infra.store.second_process", url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: "subprocess.Popen[str]", *, by_force: bool = False) -> None:
    if by_force:
        process.kill()
    process.communicate(timeout=30)


@pytest.fixture
def lose_lock(store_url: str) -> Callable[[], None]:
    """Take the lock away from whoever holds it, as an operator or a network can."""
    if store_url.startswith("sqlite"):
        path = Path(str(make_url(store_url).database))
        return path.with_name(path.name + ".lock").unlink
    address = make_url(store_url).set(drivername="postgresql").render_as_string(hide_password=False)

    def end_the_session() -> None:
        with psycopg.connect(address, autocommit=True) as beside:
            beside.execute(
                "SELECT pg_terminate_backend(l.pid, 10000) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
            )

    return end_the_session


def test_a_second_process_is_refused_while_the_first_runs(store: Store, store_url: str) -> None:
    process = second_process(store_url)

    assert said(process) == StoreLockedError.code

    end(process)
    commit(store, [entry(0)])


def test_a_second_opener_within_the_same_process_is_refused_too(store: Store, store_url: str) -> None:
    with pytest.raises(StoreLockedError):
        open_store(store_url)
    commit(store, [entry(0)])


@pytest.mark.parametrize("by_force", [False, True], ids=["ended", "killed"])
def test_the_store_is_free_once_its_process_is_gone(store_url: str, by_force: bool) -> None:  # noqa: FBT001 - a case
    process = second_process(store_url)
    assert said(process) == HELD
    with pytest.raises(StoreLockedError):
        open_store(store_url)

    end(process, by_force=by_force)

    _opened_soon(store_url).close()


def test_a_lock_that_was_lost_is_taken_again_when_nobody_else_came(store: Store, lose_lock: Callable[[], None]) -> None:
    lose_lock()

    commit(store, [entry(0)])

    with store.reading() as reading:
        assert reading.last_sequence() == 1


def test_whoever_lost_the_lock_may_not_write_while_another_has_it(
    store: Store, store_url: str, lose_lock: Callable[[], None]
) -> None:
    lose_lock()
    other = open_store(store_url)

    with pytest.raises(StoreLockedError):
        commit(store, [entry(0)])

    commit(other, [entry(0)])
    other.close()


def test_whoever_was_taken_over_never_writes_again_even_when_the_other_is_gone(
    store: Store, store_url: str, lose_lock: Callable[[], None]
) -> None:
    lose_lock()
    open_store(store_url).close()

    for _times in range(2):
        with pytest.raises(StoreFencedError) as fenced:
            commit(store, [entry(0)])

    assert fenced.value.code == "store.fenced"
    with store.reading() as reading:
        assert reading.last_sequence() == 0


def test_tokens_are_kept_beside_the_process_that_holds_the_lock(store: Store, store_url: str) -> None:
    beside = open_store(store_url, lock=False)

    with beside.writing() as writing:
        writing.save_token(token())

    with store.reading() as reading:
        assert reading.tokens() == [token()]
    commit(store, [entry(0)])
    beside.close()


@pytest.mark.parametrize("number", range(len(EVERY_WRITE) - 1))
def test_nothing_but_tokens_is_written_without_the_lock(store: Store, store_url: str, number: int) -> None:
    beside = open_store(store_url, lock=False)

    with pytest.raises(StoreLockedError), beside.writing() as writing:
        EVERY_WRITE[number](writing)

    with store.reading() as reading:
        assert reading.last_sequence() == 0
    beside.close()


def test_a_store_without_the_lock_reads_what_the_other_commits(store: Store, store_url: str) -> None:
    beside = open_store(store_url, lock=False)
    commit(store, [entry(0)])

    with beside.reading() as reading:
        assert reading.last_sequence() == 1
    beside.close()


def test_a_new_store_opened_without_the_lock_gets_its_tables_and_stays_free(new_store_url: str) -> None:
    beside = open_store(new_store_url, lock=False)
    with beside.writing() as writing:
        writing.save_token(token())

    owner = open_store(new_store_url)

    assert owner.may_write
    owner.close()
    beside.close()


def _opened_soon(url: str) -> SqlStore:
    """Open a store whose last process has only just been killed: its server may need a moment to notice."""
    for _attempt in range(200):
        try:
            return open_store(url)
        except InfraError as refused:
            last = refused
    raise AssertionError(f"still not free: {last}")
