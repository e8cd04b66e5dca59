"""Append entries with their pages: in the order of commits, without a gap, each place once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from events.encoding.identifiers import Role
from events.stored.journal import JournalClaims, StoredEntry, StoredPage, TreeNode, is_standing
from infra.store.columns import POSTGRESQL, ROLE_NUMBERS
from infra.store.database import Database, insert_new, upsert
from infra.store.errors import AppendConflictError, StoreIntegrityError
from infra.store.sums import ROW_SUM, sum_of_entry
from infra.store.tables import BATCH_SUBJECT, ENTRY, ENTRY_COUNT, JOURNAL, PAGE, STANDING, TREE_NODE

_JUDGED = ("sequence", "id", "type", "subject", "revision", "time", "seen", "order_major", "code", "violates")
_JUDGE = (
    update(ENTRY)
    .where(
        ENTRY.c.relationship == bindparam("of_relationship"),
        ENTRY.c.role == bindparam("of_role"),
        ENTRY.c.position == bindparam("of_position"),
    )
    .values({name: bindparam(f"of_{name}") for name in (*_JUDGED, ROW_SUM)})
)
_MOVE_PAGE = (
    update(PAGE)
    .where(
        PAGE.c.relationship == bindparam("of_relationship"),
        PAGE.c.role == bindparam("of_role"),
        PAGE.c.size == bindparam("of_size"),
    )
    .values(sequence=bindparam("of_sequence"))
)


@dataclass(frozen=True, slots=True)
class Append:
    """Entries of one journal, the pages that commit them and the tree nodes that they complete."""

    relationship: int
    entries: Sequence[StoredEntry]
    pages: Sequence[StoredPage]
    nodes: Sequence[TreeNode]
    claims: JournalClaims

    @property
    def role(self) -> Role:
        """The author of the journal."""
        return self.entries[0].role

    def check(self, size: int) -> None:
        """Refuse what does not follow the journal's end, or is not covered by its pages exactly.

        Raises:
            AppendConflictError: a place is taken, left out or of another journal.
        """
        places = [(entry.role, entry.position) for entry in self.entries]
        if places != [(self.role, size + number) for number in range(len(places))]:
            raise AppendConflictError(f"the journal has {size} entries; these begin at {places[0][1]}")
        end = size
        for page in self.pages:
            if page.role is not self.role or page.first != end or page.size <= end:
                raise AppendConflictError(f"a page from {page.first} to {page.size} does not follow {end}")
            end = page.size
        if end != size + len(places) or any(node.role is not self.role for node in self.nodes):
            raise AppendConflictError(f"pages end at {end}, entries at {size + len(places)}")


def append(connection: Connection, database: Database, new: Append) -> None:
    """Write everything that an append brings, under the lock of its journal's row."""
    new.check(_lock_journal(connection, new))
    try:
        database.insert_rows(connection, ENTRY, _entry_rows(new))
        database.insert_rows(connection, PAGE, _page_rows(new))
        database.insert_rows(connection, TREE_NODE, _node_rows(new))
        database.insert_rows(connection, STANDING, _standing_rows(new))
        _count(connection, new)
        _note_batches(connection, new)
    except StoreIntegrityError as error:
        raise AppendConflictError(error.detail) from error
    _save_journal(connection, new, new.entries[-1].position + 1)


def judge_later(connection: Connection, database: Database, new: Append) -> None:
    """Fill in what was left open of entries that waited to be judged; their pages get the place of their last one."""
    size = _lock_journal(connection, new)
    place = {"of_relationship": new.relationship, "of_role": new.role}
    connection.execute(_JUDGE, [place | _verdict_of(entry) for entry in new.entries])
    ends = [{"of_size": entry.position + 1, "of_sequence": entry.sequence} for entry in new.entries]
    connection.execute(_MOVE_PAGE, [place | end for end in ends])
    database.insert_rows(connection, STANDING, _standing_rows(new))
    _count(connection, new)
    _note_batches(connection, new)
    _save_journal(connection, new, size)


def _verdict_of(entry: StoredEntry) -> dict[str, Any]:
    found = {f"of_{name}": getattr(entry, name) for name in ("position", *_JUDGED)}
    verdict = (entry.revision, entry.order_major, entry.code, entry.violates)
    return {**found, f"of_{ROW_SUM}": sum_of_entry(*verdict, entry.body)}


def _lock_journal(connection: Connection, new: Append) -> int:
    """Return the journal's size and hold its row until the transaction ends."""
    asked = (
        select(JOURNAL.c.size)
        .where(JOURNAL.c.relationship == new.relationship, JOURNAL.c.role == new.role)
        .with_for_update()
    )
    return connection.execute(asked).scalar() or 0


def _save_journal(connection: Connection, new: Append, size: int) -> None:
    row = {
        "relationship": new.relationship,
        "role": new.role,
        "size": size,
        "claimed": new.claims.claimed,
        "order_seen": new.claims.order_seen,
        "time": new.claims.time,
    }
    upsert(connection, JOURNAL, [row])


def _entry_rows(new: Append) -> list[tuple[Any, ...]]:
    """Return rows in the order of the table's columns."""
    relationship, role = new.relationship, ROLE_NUMBERS[new.role]
    return [
        (
            entry.sequence,
            relationship,
            role,
            entry.position,
            entry.head,
            entry.body,
            entry.leaf,
            entry.id,
            entry.type,
            entry.subject,
            entry.revision,
            entry.time,
            entry.seen,
            entry.order_major,
            entry.code,
            entry.violates,
            sum_of_entry(entry.revision, entry.order_major, entry.code, entry.violates, entry.body),
        )
        for entry in new.entries
    ]


def _page_rows(new: Append) -> list[tuple[Any, ...]]:
    role = ROLE_NUMBERS[new.role]
    return [(new.relationship, role, page.first, page.size, page.note, page.sequence) for page in new.pages]


def _node_rows(new: Append) -> list[tuple[Any, ...]]:
    role = ROLE_NUMBERS[new.role]
    return [(new.relationship, role, node.level, node.index, node.hash) for node in new.nodes]


def _standing_rows(new: Append) -> list[tuple[Any, ...]]:
    role = ROLE_NUMBERS[new.role]
    return [(new.relationship, role, entry.position) for entry in new.entries if is_standing(entry.type, entry.subject)]


def _count(connection: Connection, new: Append) -> None:
    """Add the accepted entries to the counts of their types."""
    counts = Counter(entry.type for entry in new.entries if entry.code is None and entry.type is not None)
    if not counts:
        return
    statement = (postgresql if connection.dialect.name == POSTGRESQL else sqlite).insert(ENTRY_COUNT)
    added = statement.on_conflict_do_update(
        index_elements=list(ENTRY_COUNT.primary_key.columns),
        set_={"count": ENTRY_COUNT.c.count + statement.excluded.count},
    )
    role = new.role
    rows = [
        {"relationship": new.relationship, "role": role, "type": name, "count": count} for name, count in counts.items()
    ]
    connection.execute(added, rows)


def _note_batches(connection: Connection, new: Append) -> None:
    """Note which subjects the entries label with the numbers of drug batches."""
    named = dict.fromkeys((number, entry.subject) for entry in new.entries for number in entry.batches)
    place = {"relationship": new.relationship, "role": new.role}
    rows = [{**place, "number": number, "subject": subject} for number, subject in named]
    insert_new(connection, BATCH_SUBJECT, rows)
