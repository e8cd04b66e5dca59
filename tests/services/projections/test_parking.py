"""An item that cannot be folded is parked, tried again, and has all its versions once it can be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from domain.items.item import item_of
from events.encoding.identifiers import Role
from infra.read_model.sql_read_model import SqlReadModel
from services.gateway.projections import folding, parking
from services.gateway.projections.parking import PAUSES
from services.gateway.projections.rebuilding import Projections
from tests.services.exchange.world import NUMBER, World, new_world

POISON = "D-1"


@dataclass
class Clock:
    """Seconds that are moved by hand."""

    run: float = 0.0

    def __call__(self) -> float:
        return self.run


@dataclass
class Fold:
    """The fold of the product, with an item on which it fails for as long as it is told to."""

    poison: str = ""
    failures: int = 0

    def __call__(self, events: Any, *rest: Any) -> Any:
        listed = list(events)
        if any(past.head is not None and past.head.subject_id == self.poison for past in listed):
            self.failures += 1
            raise ArithmeticError("no such day")
        return item_of(listed, *rest)


@dataclass
class Shown:
    """The rows of a holder, moved on as its gateway does."""

    world: World
    clock: Clock = field(default_factory=Clock)
    told: list[Sequence[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        store = self.world.mah.store
        self.rows = SqlReadModel(store)
        self.projections = Projections(
            store, self.rows, lambda _: None, monotonic=self.clock, on_parked=self.told.append
        )

    def restart(self) -> None:
        self.world.mah.restart()
        self.start()

    def item(self, subject: str) -> Any:
        with self.rows.reading() as reading:
            return reading.item(subject.partition("/")[2])

    def versions(self) -> Any:
        with self.rows.reading() as reading:
            return reading.digest(NUMBER)

    def subject(self, number: str) -> str:
        title = f'"number":"{number}"'.encode()
        return next(each.subject or "" for each in self.world.mah.entries(Role.CMO) if title in (each.body or b""))


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    world = new_world(tmp_path).pair()
    for number in ("D-0", POISON):
        world.cmo.open_deviation(number)
    world.settle()
    yield Shown(world)
    for side in world.sides:
        side.store.close()


@pytest.fixture
def fold(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> Fold:
    made = Fold(shown.subject(POISON).partition("/")[2])
    for room in (folding, parking):
        monkeypatch.setattr(room, "item_of", made)
    return made


def go_on(shown: Shown, number: str) -> None:
    shown.world.cmo.open_deviation(number)
    shown.world.settle()
    shown.projections.catch_up()


def test_it_stands_still_and_the_others_go_on(shown: Shown, fold: Fold) -> None:
    shown.projections.catch_up()
    go_on(shown, "D-2")

    assert shown.item(shown.subject(POISON)) is None
    assert shown.item(shown.subject("D-0")) is not None
    assert shown.item(shown.subject("D-2")) is not None
    assert fold.failures == 1
    assert [len(each) for each in shown.told] == [1]
    assert "ArithmeticError: no such day" in shown.told[0][0]


def test_it_is_tried_five_times_each_after_a_longer_pause_and_then_left_alone(shown: Shown, fold: Fold) -> None:
    shown.projections.catch_up()
    tried = []
    for _ in range(100):
        before = fold.failures
        shown.clock.run += 1
        shown.projections.catch_up()
        if fold.failures > before:
            tried.append(shown.clock.run)

    assert tried == [sum(PAUSES[: count + 1]) for count in range(5)]


def test_once_it_can_be_folded_it_has_every_version_it_would_have_had(shown: Shown, fold: Fold) -> None:
    shown.projections.catch_up()
    go_on(shown, "D-2")
    fold.poison = ""
    shown.clock.run += PAUSES[0]
    shown.projections.catch_up()
    resumed = shown.versions()
    shown.projections.rebuild()
    shown.projections.catch_up()

    assert shown.item(shown.subject(POISON)) is not None
    assert shown.told[-1] == []
    assert shown.versions() == resumed


def test_another_version_of_the_software_resumes_it_after_it_was_given_up(shown: Shown, fold: Fold) -> None:
    shown.projections.catch_up()
    shown.clock.run += 1000
    for _ in PAUSES:
        shown.projections.catch_up()
        shown.clock.run += 1000
    shown.restart()
    shown.projections.catch_up()
    assert [len(each) for each in shown.told] == [1, 1]

    fold.poison = ""
    shown.clock.run += PAUSES[0]
    shown.projections.catch_up()

    assert shown.item(shown.subject(POISON)) is not None
    assert shown.told[-1] == []


def test_an_item_whose_entry_was_damaged_is_parked_alone(shown: Shown) -> None:
    subject = shown.subject(POISON)
    with shown.world.mah.store.writing_connection() as connection:
        changed = connection.exec_driver_sql("UPDATE entry SET body = x'7b7d' WHERE subject = ?", (subject,))
        assert changed.rowcount == 1

    shown.projections.catch_up()

    assert shown.item(subject) is None
    assert shown.item(shown.subject("D-0")) is not None
    assert "StoreDamagedError" in shown.told[-1][0]
