"""The tables of the read model, in the store's database and under its migrations.

Rows are of a *generation*: screens read the one that stands in the first line of `projection_position`. A rebuild
writes the next one beside it, at the place of the second line, and takes its place in one transaction.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    func,
    literal_column,
    text,
)

from infra.store.columns import NUMBER, WORDS, RoleNumber
from infra.store.tables import METADATA

PROJECTION_POSITION = Table(
    "projection_position",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", NUMBER, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("software", WORDS, nullable=False),  # by which version a rebuild was begun; empty for the rows that stand
)

_STANDS = text("valid_to IS NULL")

ITEM_VERSION = Table(
    "item_version",
    METADATA,
    Column("item", WORDS, nullable=False),
    Column("relationship", Integer, nullable=False),
    Column("valid_from", NUMBER, nullable=False),
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
    Column("generation", Integer, nullable=False),
    PrimaryKeyConstraint("generation", "item", "relationship", "valid_from"),
)

DUE_FIRST = func.coalesce(ITEM_VERSION.c.due_at, literal_column("'~'"))  # behind every digit: what is never due is last
DUE_LAST = func.coalesce(ITEM_VERSION.c.due_at, literal_column("''"))

for _name, *_columns in (
    ("latest", ITEM_VERSION.c.opened_at),
    ("opened", ITEM_VERSION.c.relationship, ITEM_VERSION.c.opened_at),
    ("category", ITEM_VERSION.c.category, ITEM_VERSION.c.opened_at),
    ("due_first", DUE_FIRST),
    ("due_last", DUE_LAST),
    ("number", ITEM_VERSION.c.number),
    ("changed", ITEM_VERSION.c.changed_at),
):
    Index(
        f"item_version_{_name}",
        ITEM_VERSION.c.generation,
        *_columns,
        ITEM_VERSION.c.item,
        postgresql_where=_STANDS,
        sqlite_where=_STANDS,
    )

ITEM_MARK = Table(
    "item_mark",
    METADATA,
    Column("generation", Integer, nullable=False),
    Column("mark", WORDS, nullable=False),  # a batch number, a product's code or a line that a version ever named
    Column("relationship", Integer, nullable=False),
    Column("item", WORDS, nullable=False),
    PrimaryKeyConstraint("generation", "mark", "relationship", "item"),
)

CLOCK_VERSION = Table(
    "clock_version",
    METADATA,
    Column("item", WORDS, nullable=False),
    Column("name", WORDS, nullable=False),
    Column("relationship", Integer, nullable=False),
    Column("valid_from", NUMBER, nullable=False),
    Column("valid_to", NUMBER),
    Column("row", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    PrimaryKeyConstraint("generation", "item", "name", "relationship", "valid_from"),
)

RECEIVED_STEP = Table(
    "received_step",
    METADATA,
    Column("relationship", Integer, nullable=False),
    Column("role", RoleNumber, nullable=False),
    Column("seen", NUMBER, nullable=False),
    Column("time", WORDS, nullable=False),
    Column("sequence", NUMBER, nullable=False),
    Column("generation", Integer, nullable=False),
    PrimaryKeyConstraint("generation", "relationship", "role", "seen"),
)

PARKED_ITEM = Table(
    "parked_item",
    METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("item", WORDS, primary_key=True),
    Column("owner", RoleNumber, nullable=False),
    Column("since", NUMBER, nullable=False),
    Column("detail", WORDS, nullable=False),
)

CONCLUSION = Table(
    "conclusion",
    METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("mah", NUMBER, nullable=False),  # how much of the two journals the rows take in
    Column("cmo", NUMBER, nullable=False),
    Column("total", LargeBinary, nullable=False),  # the sum over all shared rows: 32 bytes, the largest first
)
