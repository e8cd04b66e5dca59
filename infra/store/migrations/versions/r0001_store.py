"""The store: journals, exchange, intake, tokens.

Written out and not derived from `infra.store.tables`: a step that has once run may never change.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision: str | None = None

_WORDS: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _must(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def _may(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    """Make the tables, empty, and the one row of the lock."""
    lock = op.create_table(
        "gateway_lock", _must("id", sa.SmallInteger), _must("epoch", _NUMBER), sa.PrimaryKeyConstraint("id")
    )
    op.bulk_insert(lock, [{"id": 1, "epoch": 0}])
    op.create_table(
        "relationship",
        _must("number", sa.Integer),
        _must("mah", _WORDS),
        _must("cmo", _WORDS),
        _must("own_role", sa.SmallInteger),
        _must("own_invitation", sa.LargeBinary),
        _may("partner_invitation", sa.LargeBinary),
        _may("confirmed_at", _WORDS),
        sa.PrimaryKeyConstraint("number"),
    )
    _make_journals()
    _make_tree()
    _make_exchange()
    _make_intake()


def _make_journals() -> None:
    op.create_table(
        "entry",
        _must("sequence", _NUMBER),
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("position", _NUMBER),
        _must("head", sa.LargeBinary),
        _may("body", sa.LargeBinary),
        _must("leaf", sa.LargeBinary),
        _may("id", _WORDS),
        _may("type", _WORDS),
        _may("subject", _WORDS),
        _may("revision", _NUMBER),
        _may("time", _WORDS),
        _may("seen", _NUMBER),
        _must("order_major", _NUMBER),
        _may("code", _WORDS),
        _must("violates", sa.Boolean),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("entry_place", "entry", ["relationship", "role", "position"], unique=True)
    op.create_index("entry_subject", "entry", ["relationship", "role", sa.text("substr(subject, 1, 100)"), "position"])
    op.create_index("entry_id", "entry", ["id"])
    op.create_table(
        "journal",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("size", _NUMBER),
        _must("claimed", _NUMBER),
        _must("order_seen", _NUMBER),
        _must("time", _WORDS),
        sa.PrimaryKeyConstraint("relationship", "role"),
        sa.ForeignKeyConstraint(["relationship"], ["relationship.number"]),
    )
    op.create_table(
        "entry_count",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("type", _WORDS),
        _must("count", _NUMBER),
        sa.PrimaryKeyConstraint("relationship", "role", "type"),
    )
    op.create_table(
        "standing",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("position", _NUMBER),
        sa.PrimaryKeyConstraint("relationship", "role", "position"),
    )


def _make_tree() -> None:
    op.create_table(
        "page",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("first", _NUMBER),
        _must("size", _NUMBER),
        _must("note", sa.LargeBinary),
        _must("sequence", _NUMBER),
        sa.PrimaryKeyConstraint("relationship", "role", "first"),
    )
    op.create_index("page_end", "page", ["relationship", "role", "size"], unique=True)
    op.create_table(
        "tree_node",
        _must("relationship", sa.Integer),
        _must("role", sa.SmallInteger),
        _must("level", sa.SmallInteger),
        _must("index", _NUMBER),
        _must("hash", sa.LargeBinary),
        sa.PrimaryKeyConstraint("relationship", "role", "level", "index"),
    )


def _make_exchange() -> None:
    op.create_table(
        "receipt",
        _must("relationship", sa.Integer),
        _must("author", sa.SmallInteger),
        _must("size", _NUMBER),
        _must("held", _NUMBER),
        _must("judged", _NUMBER),
        _must("rule_set", sa.Integer),
        _must("checkpoint_note", sa.LargeBinary),
        _must("statement_note", sa.LargeBinary),
        _must("at", _WORDS),
        sa.PrimaryKeyConstraint("relationship", "author", "size", "held", "judged"),
    )
    op.create_index("receipt_held", "receipt", ["relationship", "author", "held"])
    op.create_table(
        "wire_cursor",
        _must("relationship", sa.Integer),
        _must("topic_id", _WORDS),
        _must("offset", _NUMBER),
        sa.PrimaryKeyConstraint("relationship"),
    )
    op.create_table(
        "sent_size",
        _must("relationship", sa.Integer),
        _must("size", _NUMBER),
        sa.PrimaryKeyConstraint("relationship"),
    )
    _make_set_aside()


def _make_set_aside() -> None:
    op.create_table(
        "quarantine",
        _must("relationship", sa.Integer),
        _must("number", _NUMBER),
        _must("kind", _WORDS),
        _must("code", _WORDS),
        _must("detail", _WORDS),
        _must("digest", sa.LargeBinary),
        _may("value", sa.LargeBinary),
        _must("at", _WORDS),
        sa.PrimaryKeyConstraint("relationship", "number"),
    )
    op.create_table(
        "quarantine_total",
        _must("relationship", sa.Integer),
        _must("count", _NUMBER),
        _must("bytes", _NUMBER),
        sa.PrimaryKeyConstraint("relationship"),
    )
    op.create_table(
        "held_page",
        _must("relationship", sa.Integer),
        _must("first", _NUMBER),
        _must("digest", sa.LargeBinary),
        _must("value", sa.LargeBinary),
        sa.PrimaryKeyConstraint("relationship", "first", "digest"),
    )


def _make_intake() -> None:
    op.create_table(
        "answer",
        _must("caller", _WORDS),
        _must("key", _WORDS),
        _must("request_digest", sa.LargeBinary),
        _must("status", sa.Integer),
        _must("answer", sa.LargeBinary),
        _must("at", _WORDS),
        sa.PrimaryKeyConstraint("caller", "key"),
    )
    op.create_index("answer_at", "answer", ["at"])
    op.create_table(
        "external_number",
        _must("relationship", sa.Integer),
        _must("source", _WORDS),
        _must("number", _WORDS),
        _must("subject", _WORDS),
        _must("digest", sa.LargeBinary),
        sa.PrimaryKeyConstraint("relationship", "source", "number"),
    )
    op.create_table(
        "token",
        _must("id", _WORDS),
        _must("digest", sa.LargeBinary),
        _must("actor", _WORDS),
        _must("role", _WORDS),
        _must("label", _WORDS),
        _must("created_at", _WORDS),
        _may("expires_at", _WORDS),
        _may("revoked_at", _WORDS),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("token_digest", "token", ["digest"], unique=True)
