"""What every transaction asks of a long journal is found by an index: it costs as much behind a million entries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from events.encoding.identifiers import Role
from infra.store.reading import SqlReading
from infra.store.sql_store import open_store

Asked = tuple[str, Any]
QUESTIONS: dict[str, tuple[Callable[[SqlReading], object], str]] = {
    "histories of subjects": (
        lambda reading: reading.histories(1, Role.CMO, ["deviation/1"]),
        "entry_subject (relationship=? AND role=? AND <expr>=?)",
    ),
    "histories but for known entries": (
        lambda reading: reading.histories(1, Role.CMO, ["deviation/1"], range(5)),
        "entry_subject (relationship=? AND role=? AND <expr>=?)",
    ),
    "the last revision": (
        lambda reading: reading.last_revision(1, Role.CMO, "deviation/1"),
        "entry_subject (relationship=? AND role=? AND <expr>=?)",
    ),
    "known ids": (lambda reading: reading.known_ids(1, Role.CMO, ["1"]), "entry_id (id=?)"),
    "entries by position": (
        lambda reading: reading.entries_at(1, Role.CMO, [1]),
        "entry_place (relationship=? AND role=? AND position=?)",
    ),
    "a page of entries": (
        lambda reading: reading.entries(1, Role.CMO, 1, 10),
        "entry_place (relationship=? AND role=? AND position>?)",
    ),
}


@contextmanager
def listening(connection: Connection) -> Iterator[list[Asked]]:
    asked: list[Asked] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", hear)
    yield asked
    event.remove(connection, "before_cursor_execute", hear)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_it_is_found_by_its_index(name: str, tmp_path: Path) -> None:
    ask, index = QUESTIONS[name]
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with store.reading_connection() as connection:
        with listening(connection) as asked:
            ask(SqlReading(connection))
        (statement, parameters), *_ = asked
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    store.close()

    assert [step for step in plan if "entry" in step] == [f"SEARCH entry USING INDEX {index}"]
