"""The projector: steps, restarts, items that cannot be folded, and what history costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.deviation import names as n
from domain.items.item import item_of
from events.conclusions.total import Concluded
from events.encoding.identifiers import Role
from events.stored.journal import JournalClaims, StoredEntry, StoredPage
from infra.read_model.sql_read_model import SqlReadModel
from infra.store.errors import StoreUnavailableError
from services.gateway.ports.read_model import ProjectedBatch
from services.gateway.projections.projector import Projector
from tests.domain.items.shown import detected, under_a_list
from tests.domain.language import Story, cmo, mah
from tests.domain.steps import DEVIATION, DEVIATION_ID, acknowledged, asked, classified
from tests.infra.store.samples import relationship
from tests.services.projections.sides import Side, arrivals, recorded
from tests.stores import open_new_store

OTHER_ID = "0193572e-0000-7000-8000-0000000000d2"


def side_of(story: Story) -> Side:
    """Return a gateway that took in everything of a story, each entry as soon as it could."""
    return Side(arrivals(recorded(story), [Role.MAH] * 100))


def test_every_entry_gives_a_version_from_its_own_place_on() -> None:
    side = side_of(under_a_list().and_then(detected(), cmo(classified("minor")), mah(acknowledged())))

    side.projector.catch_up()

    begins = [version.valid_from for version in side.rows.item_versions]
    places = [entry.sequence for entry in side.held if (entry.subject or "").startswith("deviation")]
    assert begins == places


def test_what_was_committed_together_gives_one_version_from_the_end_of_its_page_on() -> None:
    side = side_of(under_a_list().and_then(detected(), cmo(classified("minor")), mah(acknowledged())))
    side.page_length = 100

    side.projector.catch_up()

    begins = [version.valid_from for version in side.rows.item_versions]
    places = [entry.sequence for entry in side.held if (entry.subject or "").startswith("deviation")]
    assert begins == places[1:]
    assert side.rows.item_versions[0].row["class"] == "minor"


def test_a_step_takes_pages_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    side = side_of(under_a_list().and_then(detected(), cmo(classified("minor")), mah(acknowledged())))
    side.page_length = 4
    ends = set()

    def applied(batch: ProjectedBatch, *, expected: int, write: Any = side.rows.apply) -> dict[int, Concluded]:
        ends.add(batch.position)
        return dict(write(batch, expected=expected))

    monkeypatch.setattr(side.rows, "apply", applied)

    while side.projector.step(1):
        pass

    with side.store.reading() as reading:
        assert ends == {page.sequence for role in Role for page in reading.pages_from(1, role, 0, 100)}


def test_a_step_says_how_many_entries_it_took_and_none_when_it_is_done() -> None:
    side = side_of(under_a_list())
    taken = [side.projector.step(7)]

    while taken[-1]:
        taken.append(side.projector.step(7))

    assert taken[0] == 7
    assert sum(taken) == len(side.held) == side.rows.position()


def test_what_the_partner_takes_in_touches_no_history() -> None:
    side = side_of(under_a_list().and_then(detected("2015-03-02"), mah(asked())))
    side.visible = len(side.held) - 1
    side.projector.catch_up()
    side.visible += 1

    side.projector.catch_up()

    assert side.clocks(DEVIATION_ID) == {}
    assert len(side.rows.item_versions) == 2  # opened, asked


def test_what_the_partner_takes_in_moves_the_clocks_of_an_item_that_it_does_not_speak_of() -> None:
    side = side_of(under_a_list().and_then(detected(), mah(asked())))
    asking = side.held[-1]
    side.held[-1] = replace(asking, subject=asking.subject and asking.subject.replace(DEVIATION_ID, OTHER_ID))

    side.projector.catch_up()

    assert side.clocks(DEVIATION_ID)["notify"]["state"] == "met"
    assert side.clocks(DEVIATION_ID, asking.sequence - 1)["notify"]["state"] == "running"


def test_an_item_that_cannot_be_folded_is_parked_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    side = side_of(under_a_list().and_then(detected(), cmo(classified("minor"))))
    other = next(entry for entry in side.held if entry.subject == DEVIATION)
    last = side.held[-1].sequence
    side.held.append(replace(other, position=10_000, sequence=last + 1, subject=f"deviation/{OTHER_ID}"))

    def fails_for_one(events: object, *rest: object) -> object:
        listed = list(events)  # type: ignore[call-overload]  # whatever the fold is given
        if any(past.position == other.position for past in listed):
            raise ArithmeticError("no such day")
        return item_of(listed, *rest)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr("services.gateway.projections.folding.item_of", fails_for_one)

    side.projector.catch_up()

    assert side.item(DEVIATION_ID) is None
    assert side.item(OTHER_ID) is not None
    assert side.rows.position() == last + 1
    assert side.failed == [f"relationship 1, item {DEVIATION_ID}: ArithmeticError: no such day"]


def test_a_step_that_could_not_be_written_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    side = side_of(under_a_list().and_then(detected(), mah(acknowledged())))
    side.projector.step(5)
    write = side.rows.apply

    def fails(batch: ProjectedBatch, *, expected: int) -> dict[int, Concluded]:
        raise StoreUnavailableError(f"{expected} to {batch.position}")

    monkeypatch.setattr(side.rows, "apply", fails)
    with pytest.raises(StoreUnavailableError):
        side.projector.catch_up()
    monkeypatch.setattr(side.rows, "apply", write)

    side.projector.catch_up()

    by_itself = side.rows.digest()
    side.rows.clear()
    side.restarted().catch_up()
    assert side.rows.digest() == by_itself


@contextmanager
def stored(entries: list[StoredEntry], path: Path) -> Iterator[tuple[Projector, SqlReadModel]]:
    """Keep entries in a real store, page by page, and fold them step by step."""
    store = open_new_store(f"sqlite:///{path}")
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
        for entry in entries:
            page = StoredPage(entry.role, entry.position, entry.position + 1, b"note", entry.sequence)
            writing.append(1, [entry], [page], [], JournalClaims())
    read_model = SqlReadModel(store)
    yield Projector(store, read_model, _fail), read_model
    store.close()


def test_a_rebuild_from_the_store_gives_the_very_rows_that_stood(tmp_path: Path) -> None:
    story = under_a_list().and_then(detected(), cmo(classified("major")), mah(acknowledged()), mah(asked()))
    with stored(side_of(story).held, tmp_path / "store.sqlite") as (projector, read_model):
        while projector.step(3):
            pass
        with read_model.reading() as rows:
            stood = rows.digest(1)

        read_model.clear()
        projector.forget()
        projector.catch_up()

        with read_model.reading() as rows:
            assert rows.digest(1) == stood
            assert stood["items"] == 1
            assert stood["clock_versions"]["count"] > 0
            found = rows.item(DEVIATION_ID)
        assert found is not None
        assert found[1].row["acknowledged"]["position"] == story.past(n.ACKNOWLEDGED).position


def _fail(detail: str) -> None:
    raise AssertionError(detail)
