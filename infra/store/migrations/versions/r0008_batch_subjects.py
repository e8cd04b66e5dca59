"""Which subjects concern a drug batch, so that its release finds every deviation, result and change that touches it.

Filled from what was accepted so far: the types of the first release that label their entries with batch numbers.
"""

from collections.abc import Iterator
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0008"
down_revision: str | None = "0007"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_AT_ONCE = 1000


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the table and fill it."""
    table = op.create_table(
        "batch_subject",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("number", _WORDS),
        _must("subject", _WORDS),
        sa.PrimaryKeyConstraint("relationship", "role", "number", "subject"),
    )
    connection = op.get_bind()
    found: dict[tuple[int, int, str, str], None] = {}
    for relationship, role, subject, body in _labelled(connection):
        found.update(dict.fromkeys((relationship, role, number, subject) for number in _numbers(body)))
    keys = list(found)
    for start in range(0, len(keys), _AT_ONCE):
        names = ("relationship", "role", "number", "subject")
        op.bulk_insert(table, [dict(zip(names, key, strict=True)) for key in keys[start : start + _AT_ONCE]])


def _labelled(connection: sa.Connection) -> Iterator[tuple[int, int, str, bytes]]:
    asked = sa.text(
        "SELECT relationship, role, subject, body FROM entry WHERE code IS NULL AND body IS NOT NULL AND type IN"
        " ('deviation.opened.v1', 'deviation.batch_linked.v1', 'deviation.corrected.v1')"
    )
    for row in connection.execute(asked):
        yield row[0], row[1], row[2], bytes(row[3])


def _numbers(body: bytes) -> Iterator[str]:
    values = orjson.loads(body)
    for batch in (*values.get("batches", ()), *([values["batch"]] if "batch" in values else ())):
        yield batch["number"]
    for change in values.get("changes", ()):
        first, _, rest = str(change["field"]).partition(".")
        is_number = first == "batches" and rest.partition(".")[2] == "number"
        if change.get("after") is not None and is_number:
            yield change["after"]
