"""Conclusions, and rows in generations, so that a rebuild stands beside what screens read.

The rows that stand stay as they are. Nobody has summed them up, so a rebuild of them is begun, which does.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision: str | None = "0002"

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STANDS = sa.text("valid_to IS NULL")
_STAY = """
INSERT INTO projection_position (id, position, generation, software)
SELECT id, position, 0, '' FROM projection_position_0002
"""
_REBUILD = """
INSERT INTO projection_position (id, position, generation, software)
SELECT 2, 0, 1, '' FROM projection_position_0002 WHERE position > 0
"""
_LISTED = ("state", "class", "number", "source", "external_number", "title", "product_code", "batches")
_TIMES = ("opened_at", "changed_at", "due_at")

Columns = Sequence[sa.Column[Any]]


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def _may(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    """Make each table of rows anew with a generation, the first being what stands."""
    _extend_position()
    for index in ("item_version_latest", "item_version_opened"):
        op.drop_index(index, "item_version")
    _make_anew("item_version", _item_columns(), ("item", "relationship", "valid_from"))
    _index_items()
    _make_anew("clock_version", _clock_columns(), ("item", "name", "relationship", "valid_from"))
    _make_anew("received_step", _step_columns(), ("relationship", "role", "seen"))
    op.create_table(
        "conclusion",
        _must("generation", sa.Integer),
        _must("relationship", sa.Integer),
        _must("mah", _NUMBER),
        _must("cmo", _NUMBER),
        _must("total", sa.LargeBinary),
        sa.PrimaryKeyConstraint("generation", "relationship"),
    )


def _extend_position() -> None:
    """Let the position name its generation; where rows stand already, begin to build the next one."""
    columns = [_must("id", sa.SmallInteger), _must("position", _NUMBER)]
    op.rename_table("projection_position", "projection_position_0002")
    op.create_table(
        "projection_position",
        *columns,
        _must("generation", sa.Integer),
        _must("software", _WORDS),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(_STAY)
    op.execute(_REBUILD)
    op.drop_table("projection_position_0002")


def _make_anew(table: str, columns: Columns, key: tuple[str, ...]) -> None:
    names = ", ".join(f'"{column.name}"' for column in columns)
    op.rename_table(table, f"{table}_0002")
    op.create_table(table, *columns, _must("generation", sa.Integer), sa.PrimaryKeyConstraint("generation", *key))
    op.execute(f"INSERT INTO {table} ({names}, generation) SELECT {names}, 0 FROM {table}_0002")  # noqa: S608 - names of our own tables
    op.drop_table(f"{table}_0002")


def _item_columns() -> Columns:
    return [
        _must("item", _WORDS),
        *_place(),
        _must("category", _WORDS),
        *(_may(name, _WORDS) for name in (*_LISTED, *_TIMES)),
        _may("historical", sa.Boolean),
        _must("search", _WORDS),
        _must("row", sa.Text),
    ]


def _clock_columns() -> Columns:
    return [_must("item", _WORDS), _must("name", _WORDS), *_place(), _must("row", sa.Text)]


def _step_columns() -> Columns:
    return [
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("seen", _NUMBER),
        _must("time", _WORDS),
        _must("sequence", _NUMBER),
    ]


def _place() -> Columns:
    return [_must("relationship", sa.Integer), _must("valid_from", _NUMBER), _may("valid_to", _NUMBER)]


def _index_items() -> None:
    for name, columns in {
        "item_version_latest": ["opened_at", "item"],
        "item_version_opened": ["relationship", "opened_at", "item"],
    }.items():
        op.create_index(name, "item_version", columns, postgresql_where=_STANDS, sqlite_where=_STANDS)
