"""Sums beside rows that nothing signed stands for, filled in for the rows that are there."""

from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision: str | None = "0003"

_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = (
    "relationship",
    "journal",
    "receipt",
    "wire_cursor",
    "sent_size",
    "quarantine",
    "quarantine_total",
    "held_page",
    "answer",
    "external_number",
    "token",
)
_MALFORMED = ("entry.malformed", "refusal.malformed")
_AT_ONCE = 1000


def upgrade() -> None:
    """Add the column to each table and fill it in; of entries the sum is of their verdict, and of a malformed body."""
    for name in (*_TABLES, "entry"):
        op.add_column(name, sa.Column("row_sum", _NUMBER, nullable=True, autoincrement=False))
    connection = op.get_bind()
    for name in _TABLES:
        _fill(connection, sa.Table(name, sa.MetaData(), autoload_with=connection))
    _fill_entries(connection)


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    key = list(table.primary_key.columns)
    kept = [column for column in table.c if column.name != "row_sum"]
    for row in connection.execute(sa.select(*kept)).mappings().all():
        here = [column == row[column.name] for column in key]
        connection.execute(table.update().where(*here).values(row_sum=_sum_of(dict(row))))


def _fill_entries(connection: sa.Connection) -> None:
    names = ("sequence", "revision", "order_major", "code", "violates", "body", "row_sum")
    entry = sa.table("entry", *map(sa.column, names))
    asked = sa.select(*(entry.c[name] for name in names[:-1])).order_by(entry.c.sequence).limit(_AT_ONCE)
    change = entry.update().where(entry.c.sequence == sa.bindparam("at")).values(row_sum=sa.bindparam("made"))
    last = 0
    while found := connection.execute(asked.where(entry.c.sequence > last)).all():
        connection.execute(change, [{"at": row[0], "made": _sum_of_entry(*row[1:])} for row in found])
        last = found[-1][0]


def _sum_of_entry(revision: int | None, order_major: int, code: str | None, violates: int, body: bytes | None) -> int:
    total = crc32(b"%s %d %s %d" % (str(revision).encode(), order_major, str(code).encode(), violates))
    return total if body is None or code not in _MALFORMED else crc32(body, total)


def _sum_of(row: dict[str, Any]) -> int:
    total = 0
    for name in sorted(row):
        if row[name] is not None:
            total = crc32(_named(name, row[name]), total)
    return total


def _named(name: str, value: Any) -> bytes:  # noqa: ANN401 - whatever a column holds
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode("utf-8", "surrogateescape")
    return b"%b %d:%b" % (name.encode(), len(raw), raw)
