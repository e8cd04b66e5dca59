"""Questions about the journals, after every kind of append (services/gateway/ports/store.py)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.encoding.identifiers import Role
from events.journal.tree import TILE_WIDTH, frontier_at, root_at
from events.stored.journal import JournalClaims, StoredPage
from infra.store.sql_store import open_store
from services.gateway.ports.store import Reading, Store
from tests.infra.store.samples import (
    DEVIATION,
    REFUSED_CODE,
    Grown,
    commit,
    entry,
    malformed,
    page,
    relationship,
)

REVIEW = "deviation_review/0f6d1c1e-0000-4000-8000-000000000001"
AGREEMENT = "agreement/0f6d1c1e-0000-4000-8000-000000000002"
JOURNAL = "journal/0f6d1c1e-0000-4000-8000-000000000003"


class Tiles:
    """The store's tiles as the tree asks for them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def tile(self, level: int, index: int) -> list[bytes]:
        return list(self._reading.tile(1, Role.CMO, level, index))


def test_an_empty_journal_answers_every_question_with_nothing(store: Store) -> None:
    with store.reading() as reading:
        assert reading.last_page(1, Role.CMO) is None
        assert reading.page_at(1, Role.CMO, 0) is None
        assert reading.page_ending(1, Role.CMO, 1) is None
        assert reading.pages_from(1, Role.CMO, 0, 10) == []
        assert reading.entries(1, Role.CMO, 0, 10) == []
        assert reading.entries_at(1, Role.CMO, [0]) == []
        assert reading.entry_by_id("none") == []
        assert reading.histories(1, Role.CMO, [DEVIATION]) == {DEVIATION: []}
        assert reading.last_revision(1, Role.CMO, DEVIATION) == 0
        assert reading.known_ids(1, Role.CMO, ["none"]) == {}
        assert reading.standing(1, Role.CMO) == []
        assert reading.claims(1, Role.CMO) == JournalClaims(0, 0, "")
        assert reading.tile(1, Role.CMO, 0, 0) == []
        assert reading.tile(1, Role.CMO, 1, 0) == []
        assert reading.since(0, 10) == []
        assert reading.last_sequence() == 0
        assert reading.count(1, Role.CMO, "deviation.opened.v1") == 0


def test_entries_come_back_byte_for_byte_with_their_verdicts(store: Store) -> None:
    kept = [
        entry(0),
        entry(1, code=REFUSED_CODE, revision=None),
        entry(2, violates=True, order_major=7, seen=7, body=None),
        malformed(3),
        entry(4, head=bytes(range(256)), body=b"\x00" * 1_000, subject="x" * 8_000, type="y" * 300),
    ]

    commit(store, kept)

    with store.reading() as reading:
        assert reading.entries(1, Role.CMO, 0, 10) == kept
        assert reading.entries(1, Role.CMO, 1, 2) == kept[1:3]
        assert reading.entries_at(1, Role.CMO, [4, 0, 99]) == [kept[0], kept[4]]
        assert reading.entries_at(1, Role.CMO, []) == []


def test_pages_are_found_by_their_start_their_end_and_what_they_hold(store: Store) -> None:
    first, second, third = [entry(0), entry(1)], [entry(2)], [entry(3), entry(4), entry(5)]
    for entries in (first, second, third):
        commit(store, entries)

    with store.reading() as reading:
        assert reading.last_page(1, Role.CMO) == page(third)
        assert reading.page_at(1, Role.CMO, 2) == page(second)
        assert reading.page_at(1, Role.CMO, 1) is None
        assert reading.page_ending(1, Role.CMO, 2) == page(first)
        assert reading.page_ending(1, Role.CMO, 4) is None
        assert reading.pages_from(1, Role.CMO, 1, 10) == [page(first), page(second), page(third)]
        assert reading.pages_from(1, Role.CMO, 2, 1) == [page(second)]
        assert reading.pages_from(1, Role.CMO, 6, 10) == []


def test_several_pages_may_be_committed_at_once(store: Store) -> None:
    entries = [entry(position) for position in range(5)]
    pages = [page(entries[:2]), page(entries[2:3]), page(entries[3:])]

    with store.writing() as writing:
        writing.append(1, entries, pages, [], JournalClaims())

    with store.reading() as reading:
        assert reading.pages_from(1, Role.CMO, 0, 10) == pages


def test_two_journals_and_two_relationships_are_kept_apart(store: Store) -> None:
    cmo, mah, other = entry(0), entry(0, role=Role.MAH, sequence=2, head=b"mah"), entry(0, sequence=3, head=b"other")

    commit(store, [cmo])
    commit(store, [mah])
    commit(store, [other], number=2)

    with store.reading() as reading:
        assert reading.entries(1, Role.CMO, 0, 10) == [cmo]
        assert reading.entries(1, Role.MAH, 0, 10) == [mah]
        assert reading.entries(2, Role.CMO, 0, 10) == [other]
        assert reading.entries(2, Role.MAH, 0, 10) == []
        assert reading.entry_by_id(cmo.id or "") == [(1, cmo), (1, mah), (2, other)]
        assert reading.since(1, 10) == [(1, mah), (2, other)]
        assert reading.since(0, 1) == [(1, cmo)]
        assert reading.last_sequence() == 3
        assert reading.known_ids(2, Role.CMO, [cmo.id or ""]) == {cmo.id: 0}
        assert reading.count(2, Role.CMO, "deviation.opened.v1") == 1


def test_accepted_entries_that_name_files_are_found_in_the_order_of_the_store(store: Store) -> None:
    naming = b'{"attachments":[{"name":"\xe5","sha256":"00","size":1}]}'
    bodies = [naming, b"{}", naming, None, naming]
    kept = [entry(place, body=body) for place, body in enumerate(bodies)]
    kept[2] = entry(2, body=naming, code=REFUSED_CODE, revision=None)
    commit(store, kept)

    with store.reading() as reading:
        assert [found.position for _, found in reading.naming_files(0, 10)] == [0, 4]
        assert [found.position for _, found in reading.naming_files(1, 10)] == [4]
        assert [found.position for _, found in reading.naming_files(0, 1)] == [0]


def test_a_subjects_history_holds_its_refused_entries_too_and_nothing_of_another_subject(store: Store) -> None:
    long = "deviation/" + "0" * 200
    kept = [
        entry(0),
        entry(1, subject=REVIEW),
        entry(2, code=REFUSED_CODE),
        entry(3, subject=long + "a"),
        entry(4, subject=long + "b"),
        malformed(5),
    ]
    commit(store, kept)

    with store.reading() as reading:
        found = reading.histories(1, Role.CMO, [DEVIATION, long + "b", "deviation/none"])

        assert found == {DEVIATION: [kept[0], kept[2]], long + "b": [kept[4]], "deviation/none": []}
        assert reading.histories(1, Role.CMO, []) == {}
        assert reading.histories(1, Role.CMO, [DEVIATION], range(1)) == {DEVIATION: [kept[2]]}
        assert reading.histories(1, Role.CMO, [DEVIATION], range(1, 3)) == {DEVIATION: [kept[0]]}


def test_the_last_revision_of_a_subject_is_the_largest_that_was_used_up(store: Store) -> None:
    commit(
        store, [entry(0, revision=1), entry(1, revision=2, code=REFUSED_CODE), entry(2, revision=None, code="entry.x")]
    )

    with store.reading() as reading:
        assert reading.last_revision(1, Role.CMO, DEVIATION) == 2
        assert reading.last_revision(1, Role.MAH, DEVIATION) == 0


def test_only_accepted_entries_make_an_id_known(store: Store) -> None:
    twice = "01930000-0000-7000-8000-00000000aaaa"
    kept = [entry(0), entry(1, id=twice, code=REFUSED_CODE), entry(2, id=twice), entry(3, code=REFUSED_CODE)]
    commit(store, kept)

    with store.reading() as reading:
        known = reading.known_ids(1, Role.CMO, [one.id or "" for one in kept] + ["none"])

        assert known == {kept[0].id: 0, twice: 2}
        assert reading.known_ids(1, Role.MAH, [twice]) == {}
        assert reading.known_ids(1, Role.CMO, []) == {}
        assert [one.position for _number, one in reading.entry_by_id(twice)] == [1, 2]


def test_what_every_judgement_needs_is_at_hand_and_what_only_says_how_much_was_taken_in_is_not(store: Store) -> None:
    kept = [
        entry(0, subject="relationship/x", type="relationship.opened.v1"),
        entry(1),
        entry(2, subject=JOURNAL, type="person.authorised.v1"),
        entry(3, subject=JOURNAL, type="journal.taken.v1"),
        entry(4, subject=AGREEMENT, type="agreement.drafted.v1", code=REFUSED_CODE),
        entry(5, subject="communication_list_review/x", type="communication_list_review.signed.v1"),
        entry(6, subject=None, code="entry.malformed"),
    ]
    commit(store, kept)

    with store.reading() as reading:
        assert reading.standing(1, Role.CMO) == [kept[0], kept[2], kept[4], kept[5]]


def test_the_claims_of_a_journal_are_those_of_its_last_append(store: Store) -> None:
    with store.writing() as writing:
        writing.append(1, [entry(0)], [page([entry(0)])], [], JournalClaims(4, 3, "earlier"))
        writing.append(1, [entry(1)], [page([entry(1)])], [], JournalClaims(9, 5, "later"))

    with store.reading() as reading:
        assert reading.claims(1, Role.CMO) == JournalClaims(9, 5, "later")
        assert reading.claims(1, Role.MAH) == JournalClaims()


def test_accepted_entries_are_counted_by_type_over_all_appends(store: Store) -> None:
    commit(store, [entry(0), entry(1, code=REFUSED_CODE), entry(2, type="deviation.closed.v1")])
    commit(store, [entry(3), entry(4), malformed(5)])

    with store.reading() as reading:
        assert reading.count(1, Role.CMO, "deviation.opened.v1") == 3
        assert reading.count(1, Role.CMO, "deviation.closed.v1") == 1
        assert reading.count(1, Role.CMO, "deviation.corrected.v1") == 0


def test_a_larger_tree_is_read_back_through_its_tiles(store: Store) -> None:
    journal = Grown()
    with store.writing() as writing:
        for count in (1, 255, 300, 1, 443):
            journal.grow(writing, count)

    with store.reading() as reading:
        leaves = [one.leaf for one in journal.entries]
        assert reading.tile(1, Role.CMO, 0, 0) == leaves[:TILE_WIDTH]
        assert reading.tile(1, Role.CMO, 0, 3) == leaves[3 * TILE_WIDTH :]
        assert len(reading.tile(1, Role.CMO, 1, 0)) == 3
        assert reading.tile(1, Role.CMO, 1, 1) == []
        assert root_at(1_000, Tiles(reading)) == journal.frontier.root()
        assert frontier_at(1_000, Tiles(reading)).nodes == journal.frontier.nodes


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_whatever_the_pages_the_tree_in_the_store_has_the_journals_root(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int]
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite'}")
    journal = Grown()
    sizes: dict[int, bytes] = {}
    with store.writing() as writing:
        writing.save_relationship(relationship())
        for count in counts:
            journal.grow(writing, count)
            sizes[len(journal.entries)] = journal.frontier.root()

    with store.reading() as reading:
        assert {size: root_at(size, Tiles(reading)) for size in sizes} == sizes
        assert [one.size for one in _pages(reading)] == list(sizes)
    store.close()


def _pages(reading: Reading) -> list[StoredPage]:
    return list(reading.pages_from(1, Role.CMO, 0, 100))
