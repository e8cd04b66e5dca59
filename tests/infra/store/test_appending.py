"""An append fits the journal's end exactly, or nothing of it is written."""

from dataclasses import replace

import pytest

from events.encoding.identifiers import Role
from events.stored.journal import JournalClaims, StoredEntry, StoredPage, TreeNode
from infra.store.errors import AppendConflictError, StoreIntegrityError
from services.gateway.ports.store import Store
from tests.infra.store.samples import append, commit, entry, page

THREE = [entry(position) for position in (2, 3, 4)]


@pytest.fixture
def store(store: Store) -> Store:
    """A store whose CMO journal has two entries."""
    commit(store, [entry(0), entry(1)])
    return store


@pytest.mark.parametrize(
    ("entries", "pages", "nodes"),
    [
        pytest.param([entry(1, sequence=9)], [page([entry(1)])], [], id="a place that is taken"),
        pytest.param([entry(3)], [page([entry(3)])], [], id="a place left out before"),
        pytest.param([entry(2), entry(4)], [page([entry(2), entry(4)])], [], id="a place left out between"),
        pytest.param([entry(2), entry(3, role=Role.MAH)], [page([entry(2), entry(3)])], [], id="two journals"),
        pytest.param(THREE, [], [], id="no page"),
        pytest.param(THREE, [page(THREE[:2])], [], id="a page too short"),
        pytest.param(THREE, [page([*THREE, entry(5)])], [], id="a page too long"),
        pytest.param(THREE, [page(THREE[:2]), page(THREE[1:])], [], id="pages that overlap"),
        pytest.param(THREE, [page(THREE[:1]), page(THREE[2:])], [], id="pages with a gap"),
        pytest.param(THREE, [replace(page(THREE), role=Role.MAH)], [], id="the other journal's page"),
        pytest.param(THREE, [page(THREE)], [TreeNode(Role.MAH, 1, 0, b"")], id="the other journal's node"),
        pytest.param([entry(2, sequence=1)], [page([entry(2)])], [], id="a local sequence that is taken"),
    ],
)
def test_what_does_not_join_the_journals_end_is_refused_whole(
    store: Store, entries: list[StoredEntry], pages: list[StoredPage], nodes: list[TreeNode]
) -> None:
    with pytest.raises(AppendConflictError) as refused, store.writing() as writing:
        writing.append(1, entries, pages, nodes, JournalClaims(5, 5, "5"))

    assert refused.value.code == "store.append_conflict"
    with store.reading() as reading:
        assert [one.position for one in reading.entries(1, Role.CMO, 0, 10)] == [0, 1]
        assert reading.claims(1, Role.CMO).claimed == 0
        assert reading.count(1, Role.CMO, "deviation.opened.v1") == 2


def test_a_journal_of_a_relationship_that_the_store_does_not_know_is_refused(store: Store) -> None:
    with pytest.raises(StoreIntegrityError), store.writing() as writing:
        append(writing, [entry(0, sequence=3)], number=99)

    with store.reading() as reading:
        assert reading.last_page(99, Role.CMO) is None


def test_a_transaction_sees_what_it_has_appended_and_may_append_more(store: Store) -> None:
    with store.writing() as writing:
        append(writing, [entry(2)])
        assert writing.last_page(1, Role.CMO) == page([entry(2)])
        append(writing, [entry(3), entry(4)])
        append(writing, [entry(0, role=Role.MAH, sequence=6)])

        assert writing.last_sequence() == 6
        assert writing.entries(1, Role.CMO, 2, 10) == [entry(2), entry(3), entry(4)]

    with store.reading() as reading:
        assert reading.last_page(1, Role.CMO) == page([entry(3), entry(4)])


def test_an_append_of_nothing_changes_nothing(store: Store) -> None:
    with store.writing() as writing:
        writing.append(1, [], [], [], JournalClaims(8, 8, "8"))

    with store.reading() as reading:
        assert reading.claims(1, Role.CMO).claimed == 0


def test_the_largest_transaction_of_pages_fits(store: Store) -> None:
    body = b"x" * 120_000
    entries = [entry(position, body=body) for position in range(2, 102)]

    commit(store, entries)

    with store.reading() as reading:
        assert [one.body for one in reading.entries(1, Role.CMO, 2, 1_000)] == [body] * 100
