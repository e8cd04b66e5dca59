"""Row versions: each holds from its entry to the next one's, "as of" is a filter, and rows move with the position."""

from pathlib import Path
from typing import Any

import pytest

from events.encoding.identifiers import Role
from events.stored.read_model import ClockVersion
from infra.read_model.sql_read_model import SqlReadModel
from infra.store.errors import PositionMovedError, StoreIntegrityError, StoreLockedError
from infra.store.sql_store import SqlStore, open_store
from services.gateway.ports.read_model import ItemQuery, ProjectedBatch, ReadModel
from tests.infra.read_model.samples import A, B, clock, found, show, step, version


def states(read_model: ReadModel, item: str = A) -> list[str | None]:
    """Return the state of an item as of the sequences 0 to 6."""
    with read_model.reading() as reading:
        versions = [reading.item(item, as_of) for as_of in range(7)]
    return [None if each is None else str(each[1].row["state"]) for each in versions]


def test_a_version_holds_until_the_next_one_begins(read_model: ReadModel) -> None:
    show(read_model, version(valid_from=2))
    show(read_model, version(valid_from=5, state="classified"))

    assert states(read_model) == [None, None, "opened", "opened", "opened", "classified", "classified"]
    with read_model.reading() as reading:
        current = reading.item(A)
    assert current is not None
    assert current[0] == 1
    assert (current[1].valid_from, current[1].row["state"]) == (5, "classified")


def test_an_item_may_have_several_versions_in_one_batch(read_model: ReadModel) -> None:
    show(read_model, version(valid_from=1))

    show(read_model, version(valid_from=4, state="closed"), version(valid_from=3, state="classified"))

    assert states(read_model) == [None, "opened", "opened", "classified", "closed", "closed", "closed"]


def test_a_version_with_the_same_beginning_takes_the_place_of_the_one_that_stands(read_model: ReadModel) -> None:
    show(read_model, version(valid_from=2))

    show(read_model, version(valid_from=2, state="classified"))

    assert states(read_model) == [None, None, *["classified"] * 5]


def test_rows_come_back_as_they_were_written(read_model: ReadModel) -> None:
    row: dict[str, Any] = {
        "title": '=cmd|"\\\t\n😀',
        "last": {"cmo": 7},
        "batches": [{"number": "B'1"}],
        "text": "存根" * 20_000,
    }

    show(read_model, version(**row))

    with read_model.reading() as reading:
        shown = reading.item(A)
    assert shown is not None
    assert shown[1] == version(**row)


def test_relationships_do_not_see_each_others_items(read_model: ReadModel) -> None:
    show(read_model, version())
    show(read_model, version(valid_from=3, state="closed"), clock(valid_from=3), relationship=2)

    with read_model.reading() as reading:
        assert reading.current_items(1, [A, B])[A].row["state"] == "opened"
        assert reading.current_items(2, [A])[A].row["state"] == "closed"
        assert reading.clocks([A], relationship=1) == []
        assert (reading.all_items(1), reading.all_items(3)) == ([A], [])
    assert found(read_model, relationship=2, state="closed") == ["a"]


def test_clocks_have_versions_of_their_own(read_model: ReadModel) -> None:
    show(read_model, clock("notify", 1), clock("handle", 1), clock("notify", 1, B))
    show(read_model, clock("notify", 4, state="met"))

    with read_model.reading() as reading:
        now, before = reading.clocks([A]), reading.clocks([A], as_of=3)
        assert reading.clocks([A, B]) == [*now, clock("notify", 1, B)]
    assert now == [clock("handle", 1), clock("notify", 4, state="met")]
    assert before == [clock("handle", 1), clock("notify", 1)]


def test_an_empty_row_ends_a_clock(read_model: ReadModel) -> None:
    show(read_model, clock("notify", 1), clock("handle", 1))

    show(read_model, ClockVersion(A, "notify", 4, {}))

    with read_model.reading() as reading:
        assert reading.clocks([A]) == [clock("handle", 1)]
        assert reading.clocks([A], as_of=3) == [clock("handle", 1), clock("notify", 1)]


def test_a_position_was_received_when_the_first_step_covers_it(read_model: ReadModel) -> None:
    show(read_model, step(3, "08:00", 10), step(7, "09:00", 20), step(1, "07:00", 5, Role.MAH))

    with read_model.reading() as reading:
        times = [reading.received_at(1, Role.CMO, position) for position in (0, 2, 3, 6, 7)]
        assert reading.received_at(1, Role.CMO, 3, as_of=19) is None
        assert reading.received_at(1, Role.CMO, 3, as_of=20) == "09:00"
        assert reading.received_at(2, Role.CMO, 0) is None
        assert reading.steps(1, Role.CMO) == [step(3, "08:00", 10), step(7, "09:00", 20)]
    assert times == ["08:00", "08:00", "09:00", "09:00", None]


def test_a_batch_that_was_folded_from_elsewhere_is_refused_whole(read_model: ReadModel) -> None:
    show(read_model, version(), position=5)

    with pytest.raises(PositionMovedError):
        read_model.apply(ProjectedBatch(9, [(1, version(valid_from=6, state="closed"))]), expected=4)

    with read_model.reading() as reading:
        assert reading.position() == 5
    assert states(read_model)[6] == "opened"


def test_rows_and_position_move_together_or_not_at_all(read_model: ReadModel) -> None:
    batch = ProjectedBatch(9, [(1, version())], (), [(1, step(1, "08:00", 1)), (1, step(1, "08:00", 1))])

    with pytest.raises(StoreIntegrityError):  # a step that is there twice: the database says no
        read_model.apply(batch, expected=0)

    with read_model.reading() as reading:
        assert (reading.position(), reading.all_items(1)) == (0, [])


def test_what_was_cleared_is_as_if_it_had_never_been(read_model: ReadModel) -> None:
    with read_model.reading() as reading:
        nothing = reading.digest(1)
    show(read_model, version(), clock(), step(1, "08:00", 1), position=3)

    read_model.clear()

    with read_model.reading() as reading:
        assert (reading.position(), reading.digest(1)) == (0, nothing)


def test_the_digest_tells_any_difference(read_model: ReadModel) -> None:
    digests = []
    for state, running in (("opened", "running"), ("closed", "running"), ("closed", "met")):
        read_model.clear()
        show(read_model, version(valid_from=2), version(valid_from=3, state=state), clock(state=running))
        with read_model.reading() as reading:
            digests.append(reading.digest(1))

    assert digests[0] != digests[1] != digests[2] != digests[0]
    assert digests[0]["items"] == 1
    assert digests[0]["item_versions"]["count"] == 2


def test_the_digest_does_not_depend_on_how_the_batches_were_cut(read_model: ReadModel) -> None:
    versions = [version(valid_from=1), version(B, 2), version(valid_from=3, state="closed")]
    show(read_model, *versions)
    with read_model.reading() as reading:
        at_once = reading.digest(1)
    read_model.clear()

    for each in versions:
        show(read_model, each)

    with read_model.reading() as reading:
        assert reading.digest(1) == at_once


def test_a_view_does_not_move_while_it_is_looked_at(read_model: ReadModel) -> None:
    show(read_model, version())

    with read_model.reading() as reading:
        before = reading.items(ItemQuery())
        show(read_model, version(valid_from=2, state="closed"))
        assert reading.items(ItemQuery()) == before


def test_only_the_gateway_that_holds_the_store_moves_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    open_store(url).close()
    store: SqlStore = open_store(url, lock=False)

    with pytest.raises(StoreLockedError):
        SqlReadModel(store).clear()

    store.close()
