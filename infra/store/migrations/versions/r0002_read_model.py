"""The read model: row versions and the position up to which they are folded."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision: str | None = "0001"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STANDS = sa.text("valid_to IS NULL")


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def _may(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    """Make the tables, empty, with position 0."""
    position = op.create_table(
        "projection_position", _must("id", sa.SmallInteger), _must("position", _NUMBER), sa.PrimaryKeyConstraint("id")
    )
    op.bulk_insert(position, [{"id": 1, "position": 0}])
    _make_items()
    op.create_table(
        "clock_version",
        _must("item", _WORDS),
        _must("name", _WORDS),
        _must("relationship", sa.Integer),
        _must("valid_from", _NUMBER),
        _may("valid_to", _NUMBER),
        _must("row", sa.Text),
        sa.PrimaryKeyConstraint("item", "name", "relationship", "valid_from"),
    )
    op.create_table(
        "received_step",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("seen", _NUMBER),
        _must("time", _WORDS),
        _must("sequence", _NUMBER),
        sa.PrimaryKeyConstraint("relationship", "role", "seen"),
    )


def _make_items() -> None:
    op.create_table(
        "item_version",
        _must("item", _WORDS),
        _must("relationship", sa.Integer),
        _must("valid_from", _NUMBER),
        _may("valid_to", _NUMBER),
        _must("category", _WORDS),
        _may("state", _WORDS),
        _may("class", _WORDS),
        _may("number", _WORDS),
        _may("source", _WORDS),
        _may("external_number", _WORDS),
        _may("title", _WORDS),
        _may("product_code", _WORDS),
        _may("batches", _WORDS),
        _may("opened_at", _WORDS),
        _may("changed_at", _WORDS),
        _may("due_at", _WORDS),
        _may("historical", sa.Boolean),
        _must("search", _WORDS),
        _must("row", sa.Text),
        sa.PrimaryKeyConstraint("item", "relationship", "valid_from"),
    )
    op.create_index(
        "item_version_latest",
        "item_version",
        ["opened_at", "item"],
        postgresql_where=_STANDS,
        sqlite_where=_STANDS,
    )
    op.create_index(
        "item_version_opened",
        "item_version",
        ["relationship", "opened_at", "item"],
        postgresql_where=_STANDS,
        sqlite_where=_STANDS,
    )
