"""The latest seal of the own journal of each relationship."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0012"
down_revision: str | None = "0011"

_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "seal",
        _must("relationship", sa.Integer),
        _must("size", _NUMBER),
        _must("note", sa.LargeBinary),
        sa.Column("row_sum", _NUMBER, nullable=True, autoincrement=False),
        sa.PrimaryKeyConstraint("relationship"),
    )
