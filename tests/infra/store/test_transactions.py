"""All of a transaction or nothing; a view that stays as it began; a commit whose outcome is said truly."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from events.encoding.identifiers import Role
from events.stored.journal import JournalClaims
from events.stored.relationship import HeldPage, WireCursor
from infra.errors import InfraError
from infra.store.errors import AppendConflictError, StoreUnavailableError
from infra.store.sql_store import SqlStore, open_store
from services.gateway.ports.store import Store, Writing
from tests.infra.store.samples import answer, append, commit, entry, external, page, quarantined, receipt, token

PATIENCE_SECONDS = 30

EVERY_WRITE: list[Callable[[Writing], object]] = [
    lambda writing: append(writing, [entry(0)]),
    lambda writing: writing.save_receipt(1, receipt(1)),
    lambda writing: writing.save_wire_cursor(1, WireCursor("topic", 1)),
    lambda writing: writing.save_sent_size(1, 1),
    lambda writing: writing.quarantine_bytes(1, quarantined(b"x")),
    lambda writing: writing.save_held_pages(1, [HeldPage(1, b"x")]),
    lambda writing: writing.remember([answer()]),
    lambda writing: writing.save_external_numbers(1, [external("D-1")]),
    lambda writing: writing.save_token(token()),
]


class Stop(Exception):  # noqa: N818 - no error, an interruption
    """Raised in the middle of a transaction."""


def stop() -> None:
    raise Stop


def write_everything(writing: Writing, then: Callable[[], None] = lambda: None) -> None:
    for write in EVERY_WRITE:
        write(writing)
    then()


def append_carelessly(writing: Writing) -> None:
    append(writing, [entry(0)])
    with suppress(InfraError):
        append(writing, [entry(1, sequence=1)])


def contents(store: Store) -> list[object]:
    """Return the answer to a question about each kind of row."""
    with store.reading() as reading:
        return [
            reading.last_sequence(),
            reading.count(1, Role.CMO, "deviation.opened.v1"),
            reading.claims(1, Role.CMO),
            reading.last_receipt(1, Role.MAH),
            reading.wire_cursor(1),
            reading.sent_size(1),
            reading.quarantine(1),
            reading.held_pages(1),
            reading.remembered([("token-1", "key-1"), ("token-2", "key-1")]),
            reading.external_numbers(1, "qms", ["D-1"]),
            reading.tokens(),
        ]


def test_a_block_that_raises_leaves_no_trace_of_anything_it_wrote(store: Store) -> None:
    before = contents(store)

    with pytest.raises(Stop), store.writing() as writing:
        write_everything(writing, then=stop)

    assert contents(store) == before
    with store.writing() as writing:
        write_everything(writing)
    assert all(after != empty for after, empty in zip(contents(store), before, strict=True))


def test_a_transaction_whose_error_somebody_swallowed_is_not_committed(store: Store) -> None:
    with pytest.raises(StoreUnavailableError), store.writing() as writing:
        append_carelessly(writing)

    with store.reading() as reading:
        assert reading.last_sequence() == 0


def test_a_refused_append_may_be_followed_by_one_that_fits(store: Store) -> None:
    with store.writing() as writing:
        with pytest.raises(AppendConflictError):
            writing.append(1, [entry(7)], [page([entry(7)])], [], JournalClaims())
        append(writing, [entry(0)])

    with store.reading() as reading:
        assert reading.last_sequence() == 1


def test_a_view_stays_as_it_began_while_others_write(store: Store) -> None:
    commit(store, [entry(0)])

    with store.reading() as reading:
        assert reading.last_sequence() == 1
        commit(store, [entry(1)])

        assert reading.last_sequence() == 1
        assert reading.entries(1, Role.CMO, 0, 10) == [entry(0)]

    with store.reading() as reading:
        assert reading.last_sequence() == 2


def test_what_is_not_committed_is_seen_by_nobody_else(store: Store) -> None:
    with store.writing() as writing:
        append(writing, [entry(0)])
        with ThreadPoolExecutor(1) as beside:
            assert beside.submit(contents, store).result(PATIENCE_SECONDS)[0] == 0


def test_threads_that_append_to_one_journal_take_turns(store: Store) -> None:
    def append_one(_number: int) -> int:
        try:
            with store.writing() as writing:
                last = writing.last_page(1, Role.CMO)
                append(writing, [entry(0 if last is None else last.size)])
        except AppendConflictError:
            return 0
        return 1

    with ThreadPoolExecutor(4) as beside:
        written = sum(beside.map(append_one, range(24)))

    with store.reading() as reading:
        found = reading.entries(1, Role.CMO, 0, 100)
    assert [one.position for one in found] == list(range(written))
    assert written >= 6


def test_many_readers_read_beside_a_writer(store: Store) -> None:
    stopped = threading.Event()

    def read_on() -> int:
        times = 0
        while not stopped.is_set() or times == 0:
            with store.reading() as reading:
                found = reading.entries(1, Role.CMO, 0, 1_000)
                assert len(found) == reading.last_sequence()
            times += 1
        return times

    with ThreadPoolExecutor(6) as beside:
        readers = [beside.submit(read_on) for _ in range(6)]
        for position in range(30):
            commit(store, [entry(position)])
        stopped.set()

        assert all(reader.result(PATIENCE_SECONDS) for reader in readers)


def test_a_closed_and_reopened_store_holds_what_was_committed(store: SqlStore, store_url: str) -> None:
    commit(store, [entry(0), entry(1)])
    store.close()

    again = open_store(store_url)

    with again.reading() as reading:
        assert reading.entries(1, Role.CMO, 0, 10) == [entry(0), entry(1)]
    again.close()


def test_a_closed_store_answers_nothing_and_takes_nothing(store: SqlStore) -> None:
    store.close()

    with pytest.raises(StoreUnavailableError), store.reading():
        pass
    with pytest.raises(StoreUnavailableError), store.writing():
        pass
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://somebody@nowhere/store",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////no/such/folder/store.sqlite",
        "postgresql://nobody@127.0.0.1:1/nothing",
    ],
)
def test_an_address_that_leads_to_no_store_is_an_error_and_not_a_crash(url: str) -> None:
    with pytest.raises(StoreUnavailableError):
        open_store(url)
