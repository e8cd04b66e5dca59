"""What confirms people's signatures: hashed or sealed, with the failures and the lock that they lead to."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0007"
down_revision: str | None = "0006"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "signing_secret",
        _must("person", _WORDS),
        _must("password", sa.LargeBinary),
        _must("code_secret", sa.LargeBinary),
        _must("last_step", _NUMBER),
        _must("failures", sa.Integer),
        sa.Column("locked_until", _WORDS, nullable=True),
        _must("changed_at", _WORDS),
        sa.Column("row_sum", _NUMBER, nullable=True, autoincrement=False),
        sa.PrimaryKeyConstraint("person"),
    )
