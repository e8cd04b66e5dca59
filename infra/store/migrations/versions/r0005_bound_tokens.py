"""Tokens may be bound to one relationship; those that are there see all, as before. Their sums take it in."""

from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0005"
down_revision: str | None = "0004"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column, empty, and sum up each row anew."""
    op.add_column("token", sa.Column("bound_to", _WORDS, nullable=True))
    connection = op.get_bind()
    table = sa.Table("token", sa.MetaData(), autoload_with=connection)
    kept = [column for column in table.c if column.name != "row_sum"]
    for row in connection.execute(sa.select(*kept)).mappings().all():
        connection.execute(table.update().where(table.c.id == row["id"]).values(row_sum=_sum_of(dict(row))))


def _sum_of(row: dict[str, Any]) -> int:
    total = 0
    for name in sorted(row):
        total = crc32(_bytes_of(row[name]), total)
    return total


def _bytes_of(value: Any) -> bytes:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return b"-"
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode("utf-8", "surrogateescape")
    return b"%d:%b" % (len(raw), raw)
