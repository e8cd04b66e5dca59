"""A rebuild beside the rows that stand, and the sums over shared rows, on both databases."""

from typing import Any

import pytest

from events.conclusions.shared_rows import shared_clock, shared_item, shared_step
from events.conclusions.total import MODULUS, Concluded, Sizes, weight
from events.encoding.identifiers import Role
from infra.read_model.rows import encode_row
from infra.store.errors import PositionMovedError
from services.gateway.ports.read_model import ProjectedBatch, ReadModel, Rows, Taken
from tests.infra.read_model.samples import A, B, clock, found, show, step, version


def write(rows: Rows, expected: int, *, first: bool = False, **batch: Any) -> Concluded:
    """Write one step of relationship 1, whose journals then have the sizes of its position."""
    position = expected + 1
    named = {name: [(1, each) for each in versions] for name, versions in batch.items()}
    taken = {1: Taken({Role.MAH: position, Role.CMO: 2 * position}, is_first=first)}
    return rows.apply(ProjectedBatch(position, taken=taken, **named), expected=expected)[1]


def shared_rows(rows: Rows) -> int:
    """Sum up what stands, anew."""
    with rows.reading() as reading:
        items = reading.current_items(1, reading.all_items(1))
        shared = [shared_item(item, encode_row(each.row).encode()) for item, each in items.items()]
        clocks = reading.clocks(list(items), relationship=1)
        shared += [shared_clock(each.item, each.name, encode_row(each.row).encode()) for each in clocks]
        shared += [shared_step(each.role, each.seen, each.time) for role in Role for each in reading.steps(1, role)]
    return sum(map(weight, shared)) % MODULUS


def test_the_sum_follows_every_version_that_begins_and_ends(read_model: ReadModel) -> None:
    batches: list[dict[str, Any]] = [
        {"items": [version(A, 1), version(B, 1)], "clocks": [clock("notify", 1), clock("handle", 1)]},
        {"items": [version(A, 2, state="classified"), version(A, 3, state="closed")], "steps": [step(4, "t", 2)]},
        {"items": [version(A, 3, state="opened")], "clocks": [clock("notify", 3, state="met")]},
        {"steps": [step(5, "u", 3), step(2, "t", 3, Role.MAH)]},
        {},
    ]

    for position, batch in enumerate(batches):
        concluded = write(read_model, position, first=position == 0, **batch)

        assert concluded == Concluded(Sizes(position + 1, 2 * position + 2), shared_rows(read_model))
        with read_model.reading() as rows:
            assert rows.conclusions() == {1: concluded}


def test_a_clock_that_is_there_no_more_weighs_nothing(read_model: ReadModel) -> None:
    before = write(read_model, 0, first=True, items=[version(A, 1)])
    write(read_model, 1, clocks=[clock("notify", 2)])

    ended = clock("notify", 3)
    after = write(read_model, 2, clocks=[type(ended)(ended.item, ended.name, 3, {})])

    assert after.total == before.total


def test_rows_that_nobody_summed_up_come_to_nothing_known(read_model: ReadModel) -> None:
    show(read_model, version(A, 1))

    taken = {1: Taken({Role.MAH: 9}, is_first=False)}
    assert read_model.apply(ProjectedBatch(2, items=[(1, version(B, 2))], taken=taken), expected=1) == {}


def test_a_rebuild_is_seen_by_nobody_until_it_takes_over(read_model: ReadModel) -> None:
    write(read_model, 0, first=True, items=[version(A, 1)])
    read_model.begin_rebuild("1.0")
    rebuilt = read_model.rebuilt
    write(rebuilt, 0, first=True, items=[version(B, 1)], clocks=[clock("notify", 1, B)])
    seen = found(read_model)

    read_model.take_over(1)

    assert (seen, found(read_model)) == (["a"], ["b"])
    with read_model.reading() as rows:
        assert rows.rebuilding() is None
        assert rows.conclusions()[1].total == shared_rows(read_model)
        assert [each.name for each in rows.clocks([A, B])] == ["notify"]


def test_a_view_that_was_open_when_new_rows_took_over_goes_on_seeing_the_old_ones(read_model: ReadModel) -> None:
    write(read_model, 0, first=True, items=[version(A, 1)])
    read_model.begin_rebuild("1.0")
    write(read_model.rebuilt, 0, first=True, items=[version(B, 1)])
    with read_model.reading() as rows:
        assert rows.position() == 1

        read_model.take_over(1)
        while read_model.discard(1):
            pass

        assert rows.all_items(1) == [A]
    with read_model.reading() as rows:
        assert rows.all_items(1) == [B]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_rows_take_over_only_where_both_stand(read_model: ReadModel, position: int) -> None:
    show(read_model, version(A, 1))
    show(read_model, version(A, 2))
    read_model.begin_rebuild("1.0")
    show(read_model.rebuilt, version(B, 1))  # type: ignore[arg-type]  # one generation is enough to write to

    with pytest.raises(PositionMovedError):
        read_model.take_over(position)

    assert found(read_model) == ["a"]


def test_what_nobody_reads_any_more_is_deleted_some_rows_at_a_time(read_model: ReadModel) -> None:
    write(read_model, 0, first=True, items=[version(A, 1), version(B, 1)], clocks=[clock()], steps=[step(1, "t", 1)])
    read_model.begin_rebuild("1.0")
    write(read_model.rebuilt, 0, first=True, items=[version(A, 1)])
    assert read_model.discard(100) == 0
    read_model.begin_rebuild("1.1")
    write(read_model.rebuilt, 0, first=True, items=[version(B, 1)])
    read_model.take_over(1)

    deleted: list[int] = []
    while deleted[-1:] != [0]:
        deleted.append(read_model.discard(1))

    assert deleted == [1] * 7 + [0]  # 2 items, a clock, a step and a sum; an item and a sum of the rebuild given up
    assert found(read_model) == ["b"]


def test_how_far_a_rebuild_came_is_kept(read_model: ReadModel) -> None:
    write(read_model, 0, first=True)
    read_model.begin_rebuild("1.0")
    write(read_model.rebuilt, 0, first=True)

    with read_model.reading() as rows:
        assert rows.rebuilding() == (1, "1.0")


def test_everything_can_be_forgotten_in_the_middle_of_a_rebuild(read_model: ReadModel) -> None:
    write(read_model, 0, first=True, items=[version(A, 1)])
    read_model.begin_rebuild("1.0")

    read_model.clear()

    with read_model.reading() as rows:
        assert (rows.position(), rows.rebuilding(), rows.conclusions()) == (0, None, {})
    assert write(read_model, 0, first=True, items=[version(A, 1)]).total == shared_rows(read_model)
