"""Lists of items: filters, orders, pages that follow each other without a gap."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.ports.read_model import ItemQuery, ReadModel
from tests.infra.read_model.samples import A, B, C, found, show, version


@pytest.fixture
def three(read_model: ReadModel) -> ReadModel:
    """a: open and due; b: classified, with batch and product; c: closed history."""
    show(
        read_model,
        version(A, 1, number="DEV-9", due_at="2026-11-24T01:00:00.000000Z", changed_at="2026-11-26"),
        version(
            B,
            2,
            number="DEV-10",
            state="classified",
            **{"class": "major"},
            source="FDA",
            external_number="D-0100%",
            product={"code": "P1", "name": "Heparin Injection"},
            batches=[{"number": 'B"1'}, {"number": "b2"}],
            due_at="2026-11-23T01:00:00.000000Z",
            changed_at="2026-11-25",
        ),
        version(C, 3, number="DEV-11", state="closed", historical=True, changed_at="2026-11-24"),
    )
    return read_model


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ({}, ["c", "b", "a"]),
        ({"relationship": 1}, ["c", "b", "a"]),
        ({"relationship": 2}, []),
        ({"category": "deviations"}, ["c", "b", "a"]),
        ({"category": "changes"}, []),
        ({"state": "open"}, ["b", "a"]),
        ({"state": "closed"}, ["c"]),
        ({"item_class": "major"}, ["b"]),
        ({"batch": "b2"}, ["b"]),
        ({"batch": 'B"1'}, ["b"]),
        ({"holding": 'B"1'}, ["b"]),
        ({"holding": "P1"}, ["b"]),
        ({"holding": "P"}, []),
        ({"batch": "B2"}, []),
        ({"batch": "b"}, []),
        ({"product_code": "P1"}, ["b"]),
        ({"source": "FDA"}, ["b"]),
        ({"external_number": "D-0100%"}, ["b"]),
        ({"external_number": "D-0100"}, []),
        ({"historical": True}, ["c"]),
        ({"historical": False}, ["b", "a"]),
        ({"due_before": "2026-11-24T00:00:00.000000Z"}, ["b"]),
        ({"text": "heparin"}, ["b"]),
        ({"text": "dev-1"}, ["c", "b"]),
        ({"text": "00%"}, ["b"]),
        ({"text": "转速"}, ["c", "b", "a"]),
        ({"text": "_"}, []),
        ({"state": "open", "source": "eQMS"}, ["a"]),
        ({"as_of": 2}, ["b", "a"]),
        ({"as_of": 0}, []),
    ],
)
def test_a_filter_leaves_what_fits(three: ReadModel, query: dict[str, Any], items: list[str]) -> None:
    assert found(three, **query) == items
    with three.reading() as reading:
        assert reading.count_items(ItemQuery(**query, limit=1)) == len(items)


@pytest.mark.parametrize(
    ("sort", "items"),
    [
        ("opened_at", ["a", "b", "c"]),
        ("-opened_at", ["c", "b", "a"]),
        ("number", ["b", "c", "a"]),
        ("-number", ["a", "c", "b"]),
        ("changed_at", ["c", "b", "a"]),
        ("-changed_at", ["a", "b", "c"]),
        ("due_at", ["b", "a", "c"]),
        ("-due_at", ["a", "b", "c"]),
    ],
)
def test_an_order_is_kept_and_what_is_never_due_comes_last(three: ReadModel, sort: str, items: list[str]) -> None:
    assert found(three, sort=sort) == items
    assert paged(three, sort, limit=1) == items


def test_an_order_that_does_not_exist_is_an_error(read_model: ReadModel) -> None:
    with pytest.raises(ValueError, match="opened_at, due_at, number, changed_at"):
        found(read_model, sort="title; DROP TABLE item_version")


def paged(read_model: ReadModel, sort: str, limit: int) -> list[str]:
    """Follow the pages of a list to its end."""
    items: list[str] = []
    after: tuple[str, str] | None = None
    with read_model.reading() as reading:
        while page := reading.items(ItemQuery(sort=sort, limit=limit, after=after)):
            items += [each.item[-1] for _, each in page]
            last = page[-1][1]
            after = (last.row[sort.removeprefix("-")] or "", last.item)
    return items


MOMENTS = st.sampled_from([None, "2026-11-23T01:00:00.000000Z", "2026-11-24T01:00:00.000000Z"])


@given(st.lists(MOMENTS, max_size=12), st.integers(1, 5), st.sampled_from(["due_at", "-due_at", "number", "-number"]))
@settings(max_examples=15)
def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    sqlite_read_model: ReadModel, dues: list[str | None], limit: int, sort: str
) -> None:
    sqlite_read_model.clear()
    items = [f"0193572e-0000-7000-8000-00000000000{number:x}" for number in range(len(dues))]
    same = "DEV-1"
    show(sqlite_read_model, *(version(i, 1, due_at=due, number=same) for i, due in zip(items, dues, strict=True)))

    assert paged(sqlite_read_model, sort, limit) == found(sqlite_read_model, sort=sort)
    assert len(paged(sqlite_read_model, sort, limit)) == len(dues)


def test_items_are_counted_open_due_and_overdue_by_two_moments(three: ReadModel) -> None:
    now, soon = "2026-11-23T12:00:00.000000Z", "2026-11-24T12:00:00.000000Z"
    with three.reading() as reading:
        counted = reading.counts(ItemQuery(), now, soon)
        before = reading.counts(ItemQuery(as_of=1), now, soon)
        none = reading.counts(ItemQuery(relationship=2), now, soon)

    assert [(each.category, each.total, each.open, each.due, each.overdue) for each in counted] == [
        ("deviations", 3, 2, 1, 1)
    ]
    assert [(each.total, each.due, each.overdue) for each in before] == [(1, 1, 0)]
    assert none == []
