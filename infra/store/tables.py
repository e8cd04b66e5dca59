"""The tables of the store. Migrations make them; a test holds the two together."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    func,
    literal_column,
)

from infra.store.columns import NUMBER, WORDS, RoleNumber
from infra.store.sums import ROW_SUM

METADATA = MetaData()


def _sum_column() -> Column[int]:
    """Return the column of a row's sum (`infra.store.sums`), the last of its table."""
    return Column(ROW_SUM, NUMBER, autoincrement=False)


GATEWAY_LOCK = Table(
    "gateway_lock",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("epoch", NUMBER, nullable=False),  # raised by each process that takes the store over
)

RELATIONSHIP = Table(
    "relationship",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("mah", WORDS, nullable=False),
    Column("cmo", WORDS, nullable=False),
    Column("own_role", RoleNumber, nullable=False),
    Column("own_invitation", LargeBinary, nullable=False),
    Column("partner_invitation", LargeBinary),
    Column("confirmed_at", WORDS),
    _sum_column(),
)

ENTRY = Table(
    "entry",
    METADATA,
    Column("sequence", NUMBER, primary_key=True, autoincrement=False),
    Column("relationship", Integer, nullable=False),
    Column("role", RoleNumber, nullable=False),
    Column("position", NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Column("leaf", LargeBinary, nullable=False),
    Column("id", WORDS),
    Column("type", WORDS),
    Column("subject", WORDS),
    Column("revision", NUMBER),
    Column("time", WORDS),
    Column("seen", NUMBER),
    Column("order_major", NUMBER, nullable=False),
    Column("code", WORDS),
    Column("violates", Boolean, nullable=False),
    _sum_column(),
    Index("entry_place", "relationship", "role", "position", unique=True),
    Index("entry_id", "id"),
)
"""Every entry of both journals. On SQLite its primary key is the order of the rows on the disk."""

SUBJECT_KEY_LENGTH = 100
SUBJECT_KEY = func.substr(ENTRY.c.subject, literal_column("1"), literal_column(str(SUBJECT_KEY_LENGTH)))
"""The indexed start of a subject: a refused entry's may be too long for an index, and a partner may send one."""

Index("entry_subject", ENTRY.c.relationship, ENTRY.c.role, SUBJECT_KEY, ENTRY.c.position)

JOURNAL = Table(
    "journal",
    METADATA,
    Column("relationship", Integer, ForeignKey("relationship.number"), primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("size", NUMBER, nullable=False),
    Column("claimed", NUMBER, nullable=False),
    Column("order_seen", NUMBER, nullable=False),
    Column("time", WORDS, nullable=False),
    _sum_column(),
)
"""The head of each journal, locked by whoever appends, so that the order of entries is the order of commits."""

ENTRY_COUNT = Table(
    "entry_count",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("type", WORDS, primary_key=True),
    Column("count", NUMBER, nullable=False),
)

STANDING = Table(
    "standing",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("position", NUMBER, primary_key=True, autoincrement=False),
)
"""Places of the entries that every judgement needs: relationship, journal, agreement, communication list."""

BATCH_SUBJECT = Table(
    "batch_subject",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("number", WORDS, primary_key=True),
    Column("subject", WORDS, primary_key=True),
)
"""Which subjects of a journal an accepted entry labelled with the number of a drug batch."""

PAGE = Table(
    "page",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("first", NUMBER, primary_key=True, autoincrement=False),
    Column("size", NUMBER, nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("sequence", NUMBER, nullable=False),
    Index("page_end", "relationship", "role", "size", unique=True),
)

TREE_NODE = Table(
    "tree_node",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("role", RoleNumber, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("index", NUMBER, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

RECEIPT = Table(
    "receipt",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("author", RoleNumber, primary_key=True, autoincrement=False),
    Column("size", NUMBER, primary_key=True, autoincrement=False),
    Column("held", NUMBER, primary_key=True, autoincrement=False),
    Column("judged", NUMBER, primary_key=True, autoincrement=False),
    Column("rule_set", Integer, nullable=False),
    Column("checkpoint_note", LargeBinary, nullable=False),
    Column("statement_note", LargeBinary, nullable=False),
    Column("at", WORDS, nullable=False),
    _sum_column(),
    Index("receipt_held", "relationship", "author", "held"),
)
"""Receipts. What an author holds never shrinks, so (size, held, judged) is the order of an author's receipts."""

SEAL = Table(
    "seal",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("size", NUMBER, nullable=False),
    Column("note", LargeBinary, nullable=False),
    _sum_column(),
)
"""The latest seal of the own journal: every earlier entry is provable under it."""

WIRE_CURSOR = Table(
    "wire_cursor",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("topic_id", WORDS, nullable=False),
    Column("offset", NUMBER, nullable=False),
    _sum_column(),
)

SENT_SIZE = Table(
    "sent_size",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("size", NUMBER, nullable=False),
    _sum_column(),
)

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("kind", WORDS, nullable=False),
    Column("code", WORDS, nullable=False),
    Column("detail", WORDS, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("value", LargeBinary),
    Column("at", WORDS, nullable=False),
    _sum_column(),
)

QUARANTINE_TOTAL = Table(
    "quarantine_total",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("count", NUMBER, nullable=False),
    Column("bytes", NUMBER, nullable=False),
    _sum_column(),
)

HELD_PAGE = Table(
    "held_page",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("first", NUMBER, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    _sum_column(),
)

ANSWER = Table(
    "answer",
    METADATA,
    Column("caller", WORDS, primary_key=True),
    Column("key", WORDS, primary_key=True),
    Column("request_digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", WORDS, nullable=False),
    _sum_column(),
    Index("answer_at", "at"),
)

REFUSED_COMMAND = Table(
    "refused_command",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("at", WORDS, nullable=False),
    Column("actor", WORDS, nullable=False),
    Column("event", WORDS, nullable=False),
    Column("subject", WORDS, nullable=False),
    Column("refusal", WORDS, nullable=False),
    Column("code", WORDS, nullable=False),
    Column("detail", WORDS, nullable=False),
    _sum_column(),
)
"""What rules refused to this party's own people and systems, the newest of each relationship."""

EXTERNAL_NUMBER = Table(
    "external_number",
    METADATA,
    Column("relationship", Integer, primary_key=True, autoincrement=False),
    Column("source", WORDS, primary_key=True),
    Column("number", WORDS, primary_key=True),
    Column("subject", WORDS, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    _sum_column(),
)

TOKEN = Table(
    "token",
    METADATA,
    Column("id", WORDS, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("actor", WORDS, nullable=False),
    Column("role", WORDS, nullable=False),
    Column("label", WORDS, nullable=False),
    Column("created_at", WORDS, nullable=False),
    Column("expires_at", WORDS),
    Column("revoked_at", WORDS),
    Column("bound_to", WORDS),
    _sum_column(),
    Index("token_digest", "digest", unique=True),
)

SIGNING_SECRET = Table(
    "signing_secret",
    METADATA,
    Column("person", WORDS, primary_key=True),
    Column("password", LargeBinary, nullable=False),
    Column("code_secret", LargeBinary, nullable=False),
    Column("last_step", NUMBER, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", WORDS),
    Column("changed_at", WORDS, nullable=False),
    _sum_column(),
)
