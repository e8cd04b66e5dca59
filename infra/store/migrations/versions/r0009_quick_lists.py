"""Lists and timelines that are as quick behind a million rows: an index for each order, and what items are found by.

Filled from the rows of all generations as the software of the first release wrote them.
"""

from collections.abc import Iterator
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0009"
down_revision: str | None = "0008"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_AT_ONCE = 1000
_INDEXES = {
    "latest": "opened_at, item",
    "opened": "relationship, opened_at, item",
    "category": "category, opened_at, item",
    "due_first": "coalesce(due_at, '~'), item",
    "due_last": "coalesce(due_at, ''), item",
    "number": "number, item",
    "changed": "changed_at, item",
}


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the indexes and the table, and fill it."""
    for name, columns in _INDEXES.items():
        op.execute(f"DROP INDEX IF EXISTS item_version_{name}")
        op.execute(f"CREATE INDEX item_version_{name} ON item_version (generation, {columns}) WHERE valid_to IS NULL")
    table = op.create_table(
        "item_mark",
        _must("generation", sa.Integer),
        _must("mark", _WORDS),
        _must("relationship", sa.Integer),
        _must("item", _WORDS),
        sa.PrimaryKeyConstraint("generation", "mark", "relationship", "item"),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text('SELECT generation, relationship, item, "row" FROM item_version'))
    found: dict[tuple[int, str, int, str], None] = {}
    for generation, relationship, item, row in rows:
        found.update(dict.fromkeys((generation, mark, relationship, item) for mark in _marks_of(orjson.loads(row))))
    keys = list(found)
    for start in range(0, len(keys), _AT_ONCE):
        names = ("generation", "mark", "relationship", "item")
        op.bulk_insert(table, [dict(zip(names, key, strict=True)) for key in keys[start : start + _AT_ONCE]])


def _marks_of(row: dict[str, Any]) -> Iterator[str]:
    scope = row.get("scope") or {}
    yield from (batch["number"] for batch in row.get("batches") or ())
    yield from (code for each in (row.get("product") or {}, *scope.get("products", ())) if (code := each.get("code")))
    yield from (line for line in (row.get("line"), *scope.get("lines", ())) if line)
