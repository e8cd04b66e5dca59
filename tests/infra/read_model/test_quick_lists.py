"""Lists that are as quick behind a million rows: every order has its index, and what an item names finds it."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Engine, create_engine, event

from infra.read_model.sql_read_model import SqlReadModel
from infra.store.migrations.run import make_tables, migrate
from infra.store.sql_store import SqlStore
from services.gateway.api.listing import Sort
from services.gateway.ports.read_model import ItemQuery, ReadModel
from tests.infra.read_model.samples import A, B, found, show, version
from tests.stores import open_new_store

SCOPE = {"products": [{"code": "P7", "name": "x"}, {"code": None, "name": "y"}], "lines": ["L-02"], "batches": []}


Asked = tuple[SqlStore, list[tuple[str, tuple[object, ...]]]]


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """A store on SQLite, and what the read model asks of it."""
    store = open_new_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    asked: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(store.database.reading_engine, "before_cursor_execute")
    def note(_c: object, _u: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        asked.append((statement, parameters))

    yield store, asked
    store.close()


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ({"holding": "P7"}, ["b"]),
        ({"holding": "L-02"}, ["b"]),
        ({"holding": "L-0"}, []),
        ({"batch": "B1"}, ["a"]),
        ({"batch": "L-02"}, []),
        ({"batch": "B0"}, []),
        ({"batch": "B0", "as_of": 1}, ["a"]),
    ],
)
def test_an_item_is_found_by_what_it_names_now_or_named_then(
    read_model: ReadModel, query: dict[str, object], items: list[str]
) -> None:
    show(read_model, version(A, 1, batches=[{"number": "B0"}]), version(B, 1, scope=SCOPE))
    show(read_model, version(A, 2, batches=[{"number": "B1"}]))
    show(read_model, version(A, 3, batches=[{"number": "B1"}]))

    assert found(read_model, **query) == items


@pytest.mark.parametrize("sort", get_args(Sort))
def test_every_order_is_read_from_its_index_from_either_end_and_from_the_middle(asked: Asked, sort: str) -> None:
    store, statements = asked
    for after in (None, ("2026", B)):
        with SqlReadModel(store).reading() as reading:
            reading.items(ItemQuery(sort=sort, after=after))

        assert not any("TEMP B-TREE" in step for step in plan_of(store, *statements[-1]))


def test_a_batch_is_found_without_a_look_at_every_item(asked: Asked) -> None:
    store, statements = asked
    with SqlReadModel(store).reading() as reading:
        reading.items(ItemQuery(batch="B1"))

    steps = plan_of(store, *statements[-1])
    assert any("item_mark" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


def test_rows_of_an_older_version_are_found_by_what_they_name(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with engine.begin() as connection:
        make_tables(connection, "0008")
        row = '{"batches":[{"number":"B1"}],"line":null,"product":{"code":"P1"},"scope":{"lines":["L"],"products":[]}}'
        for place in (1, 2):
            names = "item, relationship, valid_from, category, search, row, generation"
            values = ("i", 3, place, "risks", "", row, 0)
            connection.exec_driver_sql(f"INSERT INTO item_version ({names}) VALUES (?,?,?,?,?,?,?)", values)  # noqa: S608 - our own names
        migrate(connection)

    assert marks_in(engine) == [(0, "B1", 3, "i"), (0, "L", 3, "i"), (0, "P1", 3, "i")]


def plan_of(store: SqlStore, statement: str, parameters: tuple[object, ...]) -> list[str]:
    with store.database.reading_engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[-1] for row in plan]


def marks_in(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        asked = "SELECT generation, mark, relationship, item FROM item_mark ORDER BY mark"
        return [tuple(row) for row in connection.exec_driver_sql(asked)]
