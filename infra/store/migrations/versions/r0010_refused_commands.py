"""What rules refused to a party's own people and systems: a trace of each attempt."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0010"
down_revision: str | None = "0009"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "refused_command",
        _must("relationship", sa.Integer),
        _must("number", _NUMBER),
        _must("at", _WORDS),
        _must("actor", _WORDS),
        _must("event", _WORDS),
        _must("subject", _WORDS),
        _must("refusal", _WORDS),
        _must("code", _WORDS),
        _must("detail", _WORDS),
        sa.Column("row_sum", _NUMBER, nullable=True, autoincrement=False),
        sa.PrimaryKeyConstraint("relationship", "number"),
    )
