"""All rows are built anew while entries come in: nobody sees half of it, and a death in the middle harms nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.conclusions.total import Concluded
from events.encoding.identifiers import Role
from events.stored.journal import JournalClaims, StoredEntry, StoredPage
from infra.read_model.sql_read_model import SqlReadModel
from infra.store.errors import StoreUnavailableError
from infra.store.sql_store import SqlStore
from services.gateway.projections import rebuilding
from services.gateway.projections.rebuilding import Projections
from tests.domain.items.shown import detected, under_a_list
from tests.domain.language import cmo, mah
from tests.domain.steps import DEVIATION_ID, acknowledged, approved, asked, batch_linked, classified, investigated
from tests.infra.store.samples import relationship
from tests.services.projections.sides import arrivals, recorded
from tests.stores import open_new_store


def entries_of_a_story() -> list[StoredEntry]:
    story = under_a_list().and_then(detected(), cmo(classified("major")), mah(acknowledged()), mah(asked()))
    story.and_then(cmo(investigated()), mah(approved()), cmo(batch_linked()))
    return arrivals(recorded(story), [Role.MAH] * 100)


ENTRIES = entries_of_a_story()
HALF = len(ENTRIES) - 5


@dataclass
class Desk:
    """A store that entries come into, its rows, and what they come to."""

    store: SqlStore
    waiting: list[StoredEntry] = field(default_factory=lambda: list(ENTRIES))
    heard: list[Concluded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.read_model = SqlReadModel(self.store)
        self.restart()

    def restart(self) -> None:
        """Begin as a process does: nothing but the store is left."""
        self.read_model = SqlReadModel(self.store)
        self.projections = Projections(
            self.store, self.read_model, _fail, on_concluded=lambda _number, each: self.heard.append(each)
        )

    def take(self, count: int) -> None:
        """Let entries come in, a page each."""
        with self.store.writing() as writing:
            for entry in self.waiting[:count]:
                page = StoredPage(entry.role, entry.position, entry.position + 1, b"note", entry.sequence)
                writing.append(1, [entry], [page], [], JournalClaims())
        del self.waiting[:count]

    def shown(self) -> tuple[int, dict[str, Any]]:
        """What a reader sees: up to where rows are folded, and a hash over all of them."""
        with self.read_model.reading() as rows:
            return rows.position(), dict(rows.digest(1))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_new_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
    yield Desk(store)
    store.close()


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few entries at a time, so that a story of thirty is built in many steps."""
    monkeypatch.setattr(rebuilding, "REBUILT_AT_ONCE", 3)
    monkeypatch.setattr(rebuilding, "DISCARDED_AT_ONCE", 4)


@pytest.fixture(scope="module")
def by_position(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """What is shown after each entry, folded without any rebuild."""
    store = open_new_store(f"sqlite:///{tmp_path_factory.mktemp('rows') / 'store.sqlite'}")
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
    desk = Desk(store)
    found = dict([desk.shown()])
    while desk.waiting:
        desk.take(1)
        desk.projections.catch_up()
        found.update([desk.shown()])
    store.close()
    return found


def test_a_rebuild_gives_the_very_rows_and_the_very_sum(desk: Desk) -> None:
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    before, concluded = desk.shown(), desk.heard[-1]

    desk.projections.rebuild()
    desk.projections.catch_up()

    assert desk.shown() == before
    assert desk.heard[-1] == concluded


def test_rows_that_were_spoilt_are_right_again(desk: Desk) -> None:
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    before, concluded = desk.shown(), desk.heard[-1]
    with desk.store.writing_connection() as connection:
        connection.exec_driver_sql("UPDATE item_version SET row = '{}' WHERE valid_to IS NULL")

    desk.projections.rebuild()
    desk.projections.catch_up()

    assert desk.shown() == before
    assert desk.heard[-1] == concluded


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(["take", "step", "rebuild", "restart"]), min_size=10, max_size=60))
def test_whoever_reads_meanwhile_sees_whole_rows_of_one_place(
    tmp_path_factory: pytest.TempPathFactory, by_position: dict[int, dict[str, Any]], doings: list[str]
) -> None:
    store = open_new_store(f"sqlite:///{tmp_path_factory.mktemp('rows') / 'store.sqlite'}")
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
    desk, reached = Desk(store), 0

    for doing in ["take", "rebuild", *doings]:
        if doing == "take":
            desk.take(2)
        elif doing == "step":
            desk.projections.step(4)
        elif doing == "rebuild":
            desk.projections.rebuild()
        else:
            desk.restart()
        position, shown = desk.shown()
        assert shown == by_position[position]
        assert position >= reached
        reached = position

    desk.projections.catch_up()
    assert desk.shown() == (len(ENTRIES) - len(desk.waiting), by_position[len(ENTRIES) - len(desk.waiting)])
    store.close()


def test_live_rows_wait_for_no_more_than_one_step_of_a_rebuild(desk: Desk) -> None:
    desk.take(HALF)
    desk.projections.catch_up()
    desk.projections.rebuild()

    while desk.waiting:
        desk.take(1)
        desk.projections.step()

        assert desk.shown()[0] == len(ENTRIES) - len(desk.waiting)


def test_a_rebuild_goes_on_where_the_process_before_was(desk: Desk) -> None:
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    desk.projections.rebuild()
    for _ in range(4):
        desk.projections.step()

    desk.restart()

    with desk.read_model.reading() as rows:
        left = rows.rebuilding()
    assert left is not None
    steps = 0
    while desk.projections.step():
        steps += 1
        with desk.read_model.reading() as rows:
            if rows.rebuilding() is None:
                break
    assert steps < len(ENTRIES) / rebuilding.REBUILT_AT_ONCE


def test_a_rebuild_of_another_version_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    desk.projections.rebuild()
    for _ in range(4):
        desk.projections.step()
    monkeypatch.setattr(rebuilding, "SOFTWARE", "0.0.0+another")
    desk.restart()

    desk.projections.step()

    with desk.read_model.reading() as rows:
        assert rows.rebuilding() == (rebuilding.REBUILT_AT_ONCE, "0.0.0+another")


def test_a_store_that_fails_at_any_write_costs_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.take(HALF)
    desk.projections.catch_up()
    before = desk.shown()
    desk.projections.rebuild()
    real, failures = SqlStore.writing_connection, 0

    for failing in range(1, 40):
        calls = iter(range(1, 1000))

        def fails(store: SqlStore, calls: Iterator[int] = calls, failing: int = failing) -> Any:
            if next(calls) == failing:
                raise StoreUnavailableError("no space left")
            return real(store)

        monkeypatch.setattr(SqlStore, "writing_connection", fails)
        try:
            desk.projections.catch_up()
        except StoreUnavailableError:
            failures += 1
            assert desk.shown() == before
            desk.projections.rebuild()
        monkeypatch.setattr(SqlStore, "writing_connection", real)

    assert failures > HALF / rebuilding.REBUILT_AT_ONCE
    desk.projections.catch_up()
    assert desk.shown() == before


def test_old_rows_are_gone_in_the_end(desk: Desk) -> None:
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    for _ in range(3):
        desk.projections.rebuild()
        desk.projections.catch_up()

    with desk.store.reading_connection() as connection:
        asked = "SELECT count(DISTINCT generation) FROM item_version WHERE item = ?"
        assert connection.exec_driver_sql(asked, (DEVIATION_ID,)).scalar_one() == 1


def _fail(detail: str) -> None:
    raise AssertionError(detail)
