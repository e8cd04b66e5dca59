"""Items whose rows could not be folded, so that nobody forgets that they stand still."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0006"
down_revision: str | None = "0005"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "parked_item",
        _must("generation", sa.Integer),
        _must("relationship", sa.Integer),
        _must("item", _WORDS),
        _must("owner", sa.SmallInteger),
        _must("since", _NUMBER),
        _must("detail", _WORDS),
        sa.PrimaryKeyConstraint("generation", "relationship", "item"),
    )
