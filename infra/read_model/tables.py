"""The tables of the read model, in the store's database and under its migrations."""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, Table, Text, text

from infra.store.columns import NUMBER, WORDS, RoleNumber
from infra.store.tables import METADATA

PROJECTION_POSITION = Table(
    "projection_position",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", NUMBER, nullable=False),
)

_STANDS = text("valid_to IS NULL")

ITEM_VERSION = Table(
    "item_version",
    METADATA,
    Column("item", WORDS, primary_key=True),
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", NUMBER, primary_key=True, autoincrement=False),
    Column("valid_to", NUMBER),  # None: stands
    Column("category", WORDS, nullable=False),
    Column("state", WORDS),
    Column("class", WORDS),
    Column("number", WORDS),
    Column("source", WORDS),
    Column("external_number", WORDS),
    Column("title", WORDS),
    Column("product_code", WORDS),
    Column("batches", WORDS),  # ',"B1","B2"': each batch as JSON with a comma before it
    Column("opened_at", WORDS),
    Column("changed_at", WORDS),
    Column("due_at", WORDS),
    Column("historical", Boolean),
    Column("search", WORDS, nullable=False),  # number, title, external number and product, folded to one case
    Column("row", Text, nullable=False),
    Index("item_version_latest", "opened_at", "item", postgresql_where=_STANDS, sqlite_where=_STANDS),
    Index(
        "item_version_opened",
        "relationship",
        "opened_at",
        "item",
        postgresql_where=_STANDS,
        sqlite_where=_STANDS,
    ),
)

CLOCK_VERSION = Table(
    "clock_version",
    METADATA,
    Column("item", WORDS, primary_key=True),
    Column("name", WORDS, primary_key=True),
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", NUMBER, primary_key=True, autoincrement=False),
    Column("valid_to", NUMBER),
    Column("row", Text, nullable=False),
)

RECEIVED_STEP = Table(
    "received_step",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("seen", NUMBER, primary_key=True, autoincrement=False),
    Column("time", WORDS, nullable=False),
    Column("sequence", NUMBER, nullable=False),
)
