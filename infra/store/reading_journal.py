"""Questions about the journals. Statements are made once; the databases prepare them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Column, Connection, CursorResult, Row, Select, bindparam, func, select

from events.encoding.identifiers import Role
from events.stored.journal import JournalClaims, StoredEntry, StoredPage
from infra.store.columns import RoleNumber, among_numbers, among_texts, holds_bytes
from infra.store.tables import (
    BATCH_SUBJECT,
    ENTRY,
    ENTRY_COUNT,
    JOURNAL,
    PAGE,
    STANDING,
    SUBJECT_KEY,
    SUBJECT_KEY_LENGTH,
    TREE_NODE,
)

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
TILE_WIDTH = 256

ENTRY_COLUMNS: tuple[Column[Any], ...] = tuple(
    ENTRY.c[name] for name, each in StoredEntry.__dataclass_fields__.items() if each.compare
)
_PAGE_COLUMNS = (PAGE.c.role, PAGE.c.first, PAGE.c.size, PAGE.c.note, PAGE.c.sequence)
_RELATIONSHIP: BindParameter[int] = bindparam("relationship")
_ROLE = bindparam("role", type_=RoleNumber)
_START: BindParameter[int] = bindparam("start")
_LIMIT: BindParameter[int] = bindparam("count")
_OF_ENTRY = (ENTRY.c.relationship == _RELATIONSHIP, ENTRY.c.role == _ROLE)
_OF_PAGE = (PAGE.c.relationship == _RELATIONSHIP, PAGE.c.role == _ROLE)

_ENTRIES = select(*ENTRY_COLUMNS).where(*_OF_ENTRY)
_ENTRIES_FROM = _ENTRIES.where(ENTRY.c.position >= _START).order_by(ENTRY.c.position).limit(_LIMIT)
_ENTRIES_AT = _ENTRIES.where(among_numbers(ENTRY.c.position, "positions")).order_by(ENTRY.c.position)
_ENTRIES_OF_SUBJECTS = _ENTRIES.where(among_texts(SUBJECT_KEY, "subjects")).order_by(
    ENTRY.c.position + 0  # by subject and then sorted, not through the whole journal in order
)
_OTHERS_OF_SUBJECTS = _ENTRIES_OF_SUBJECTS.where((ENTRY.c.position < _START) | (ENTRY.c.position >= bindparam("stop")))
_STANDING = (
    _ENTRIES.join(
        STANDING,
        (STANDING.c.relationship == ENTRY.c.relationship)
        & (STANDING.c.role == ENTRY.c.role)
        & (STANDING.c.position == ENTRY.c.position),
    )
    .where(STANDING.c.relationship == _RELATIONSHIP, STANDING.c.role == _ROLE)
    .order_by(STANDING.c.position)
)
_BY_ID = select(ENTRY.c.relationship, *ENTRY_COLUMNS).where(ENTRY.c.id == bindparam("id")).order_by(ENTRY.c.sequence)
_SINCE = (
    select(ENTRY.c.relationship, *ENTRY_COLUMNS)
    .where(ENTRY.c.sequence > _START)
    .order_by(ENTRY.c.sequence)
    .limit(_LIMIT)
)
_NAMING_FILES = (
    select(ENTRY.c.relationship, *ENTRY_COLUMNS)
    .where(ENTRY.c.sequence > _START, ENTRY.c.code.is_(None), holds_bytes(ENTRY.c.body, "naming"))
    .order_by(ENTRY.c.sequence)
    .limit(_LIMIT)
)
_SINCE_IN_ONE = _SINCE.where(ENTRY.c.relationship + 0 == _RELATIONSHIP)  # by sequence, not by place and then sorted
_SUBJECT_OF_KIND = (
    select(ENTRY.c.subject)
    .where(
        *_OF_ENTRY,
        bindparam("first") <= SUBJECT_KEY,
        bindparam("end") > SUBJECT_KEY,  # "0" follows "/"
        ENTRY.c.code.is_(None),
    )
    .limit(1)
)
_LAST_REVISION = select(func.max(ENTRY.c.revision)).where(
    *_OF_ENTRY,
    ENTRY.c.subject.concat("") == bindparam("subject"),  # equal to a subject alone, SQLite forgets the index of its key
    bindparam("key") == SUBJECT_KEY,
)
_KNOWN_IDS = (
    select(ENTRY.c.id, func.min(ENTRY.c.position))
    .where(
        ENTRY.c.relationship + 0 == _RELATIONSHIP,  # by id, not through the whole journal
        ENTRY.c.role == _ROLE,
        ENTRY.c.code.is_(None),
        among_texts(ENTRY.c.id, "ids"),
    )
    .group_by(ENTRY.c.id)
)
_LEAVES = (
    select(ENTRY.c.leaf).where(*_OF_ENTRY, ENTRY.c.position >= _START).order_by(ENTRY.c.position).limit(TILE_WIDTH)
)
_NODES = (
    select(TREE_NODE.c.hash)
    .where(
        TREE_NODE.c.relationship == _RELATIONSHIP,
        TREE_NODE.c.role == _ROLE,
        TREE_NODE.c.level == bindparam("level"),
        TREE_NODE.c.index >= _START,
        TREE_NODE.c.index < _START + TILE_WIDTH,
    )
    .order_by(TREE_NODE.c.index)
)
_SEEN_BEFORE = func.max(ENTRY.c.seen).over(order_by=ENTRY.c.position, rows=(None, -1))
_SEEN = (
    select(ENTRY.c.position, ENTRY.c.seen, ENTRY.c.time, ENTRY.c.sequence, _SEEN_BEFORE.label("before"))
    .where(*_OF_ENTRY, ENTRY.c.code.is_(None))
    .subquery()
)
_SEEN_STEPS = (
    select(_SEEN.c.seen, _SEEN.c.time, _SEEN.c.sequence)
    .where(_SEEN.c.seen > func.coalesce(_SEEN.c.before, 0))
    .order_by(_SEEN.c.position)
)
_LAST_SEQUENCE = select(func.max(ENTRY.c.sequence))
_LOWEST_SEQUENCE = select(func.min(ENTRY.c.sequence))
_FIRST_WAITING = select(func.min(ENTRY.c.position)).where(ENTRY.c.sequence < 0, *_OF_ENTRY)
_SIZE = select(func.max(PAGE.c.size)).where(PAGE.c.relationship == _RELATIONSHIP, PAGE.c.role == _ROLE)
_TYPES = select(ENTRY_COUNT.c.type).where(ENTRY_COUNT.c.relationship == _RELATIONSHIP, ENTRY_COUNT.c.role == _ROLE)
_CLAIMS = select(JOURNAL.c.claimed, JOURNAL.c.order_seen, JOURNAL.c.time).where(
    JOURNAL.c.relationship == _RELATIONSHIP, JOURNAL.c.role == _ROLE
)
_COUNT = select(ENTRY_COUNT.c.count).where(
    ENTRY_COUNT.c.relationship == _RELATIONSHIP, ENTRY_COUNT.c.role == _ROLE, ENTRY_COUNT.c.type == bindparam("type")
)
_BATCH_SUBJECTS = (
    select(BATCH_SUBJECT.c.number, BATCH_SUBJECT.c.subject)
    .where(
        BATCH_SUBJECT.c.relationship == _RELATIONSHIP,
        BATCH_SUBJECT.c.role == _ROLE,
        among_texts(BATCH_SUBJECT.c.number, "numbers"),
    )
    .order_by(BATCH_SUBJECT.c.number, BATCH_SUBJECT.c.subject)
)
_PAGES = select(*_PAGE_COLUMNS).where(*_OF_PAGE)
_LAST_PAGE = _PAGES.order_by(PAGE.c.size.desc()).limit(1)
_PAGE_AT = _PAGES.where(PAGE.c.first == _START)
_PAGE_ENDING = _PAGES.where(PAGE.c.size == bindparam("size"))
_PAGES_FROM = _PAGES.where(PAGE.c.size > _START).order_by(PAGE.c.size).limit(_LIMIT)


class JournalQuestions:
    """What a view and a transaction can tell of journals (port `JournalReading`)."""

    _connection: Connection

    def last_page(self, relationship: int, role: Role) -> StoredPage | None:
        """Return the latest committed page of a journal; its `size` is the journal's size."""
        return self._page(_LAST_PAGE, relationship, role)

    def page_at(self, relationship: int, role: Role, first: int) -> StoredPage | None:
        """Return the page that starts at a position."""
        return self._page(_PAGE_AT, relationship, role, start=first)

    def page_ending(self, relationship: int, role: Role, size: int) -> StoredPage | None:
        """Return the page whose checkpoint has exactly this size."""
        return self._page(_PAGE_ENDING, relationship, role, size=size)

    def pages_from(self, relationship: int, role: Role, position: int, limit: int) -> Sequence[StoredPage]:
        """Return pages that hold this position or come after it, in order."""
        asked = {"relationship": relationship, "role": role, "start": position, "count": limit}
        return [StoredPage(*row) for row in self._connection.execute(_PAGES_FROM, asked)]

    def entries(self, relationship: int, role: Role, start: int, limit: int) -> Sequence[StoredEntry]:
        """Return entries by position."""
        asked = {"relationship": relationship, "role": role, "start": start, "count": limit}
        return entries_of(self._connection.execute(_ENTRIES_FROM, asked))

    def entries_at(self, relationship: int, role: Role, positions: Collection[int]) -> Sequence[StoredEntry]:
        """Return the entries at these positions, as many as exist."""
        if not positions:
            return []
        asked = {"relationship": relationship, "role": role, "positions": list(positions)}
        return entries_of(self._connection.execute(_ENTRIES_AT, asked))

    def entry_by_id(self, event_id: str) -> Sequence[tuple[int, StoredEntry]]:
        """Return (relationship, entry) of every entry with this id; crossed copies may give two."""
        return _placed(self._connection.execute(_BY_ID, {"id": event_id}))

    def histories(
        self, relationship: int, role: Role, subjects: Collection[str], known: range = range(0)
    ) -> Mapping[str, Sequence[StoredEntry]]:
        """Return all entries of each subject in a journal, refused ones included, but for those at known positions."""
        found: dict[str, list[StoredEntry]] = {subject: [] for subject in subjects}
        if found:
            keys = list({subject[:SUBJECT_KEY_LENGTH] for subject in found})
            asked = {"relationship": relationship, "role": role, "subjects": keys}
            statement = _ENTRIES_OF_SUBJECTS
            if known:
                statement, asked = _OTHERS_OF_SUBJECTS, {**asked, "start": known.start, "stop": known.stop}
            for entry in entries_of(self._connection.execute(statement, asked)):
                if entry.subject in found:
                    found[entry.subject].append(entry)
        return found

    def subject_of_kind(self, relationship: int, role: Role, kind: str) -> str | None:
        """Return a subject of this kind that an accepted entry of a journal is about, None without one."""
        asked = {"relationship": relationship, "role": role, "first": f"{kind}/", "end": f"{kind}0"}
        return self._connection.execute(_SUBJECT_OF_KIND, asked).scalar()

    def last_revision(self, relationship: int, role: Role, subject: str) -> int:
        """Return the largest revision that a subject has used up, 0 when none."""
        key = subject[:SUBJECT_KEY_LENGTH]
        asked = {"relationship": relationship, "role": role, "key": key, "subject": subject}
        return self._connection.execute(_LAST_REVISION, asked).scalar() or 0

    def known_ids(self, relationship: int, role: Role, ids: Collection[str]) -> Mapping[str, int]:
        """Return the position of each of these ids among the accepted entries of a journal."""
        if not ids:
            return {}
        asked = {"relationship": relationship, "role": role, "ids": list(ids)}
        return {row[0]: row[1] for row in self._connection.execute(_KNOWN_IDS, asked)}

    def standing(self, relationship: int, role: Role) -> Sequence[StoredEntry]:
        """Return all entries of the kinds that every judgement needs, by position, refused ones included."""
        return entries_of(self._connection.execute(_STANDING, {"relationship": relationship, "role": role}))

    def claims(self, relationship: int, role: Role) -> JournalClaims:
        """Return the claims of a journal as its last append stated them."""
        row = self._connection.execute(_CLAIMS, {"relationship": relationship, "role": role}).first()
        return JournalClaims() if row is None else JournalClaims(row[0], row[1], row[2])

    def tile(self, relationship: int, role: Role, level: int, index: int) -> Sequence[bytes]:
        """Return the hashes of a tile (events.journal.tree.HashReader): level 0 are leaves."""
        asked = {"relationship": relationship, "role": role, "start": index * TILE_WIDTH}
        if level == 0:
            return list(self._connection.execute(_LEAVES, asked).scalars())
        return list(self._connection.execute(_NODES, {**asked, "level": level}).scalars())

    def since(self, sequence: int, limit: int, relationship: int | None = None) -> Sequence[tuple[int, StoredEntry]]:
        """Return (relationship, entry) of entries with a larger local sequence, in its order; of one, or of all."""
        asked = {"start": sequence, "count": limit}
        if relationship is None:
            return _placed(self._connection.execute(_SINCE, asked))
        return _placed(self._connection.execute(_SINCE_IN_ONE, {**asked, "relationship": relationship}))

    def naming_files(self, sequence: int, limit: int) -> Sequence[tuple[int, StoredEntry]]:
        """Return (relationship, entry) of accepted entries with a larger local sequence that may name files."""
        asked = {"start": sequence, "count": limit, "naming": b'"sha256":'}
        return _placed(self._connection.execute(_NAMING_FILES, asked))

    def seen_steps(self, relationship: int, role: Role) -> Sequence[tuple[int, str, int]]:
        """Return (seen, time, local sequence) of each accepted entry that has seen more than all before it."""
        rows = self._connection.execute(_SEEN_STEPS, {"relationship": relationship, "role": role})
        return [(seen, time, sequence) for seen, time, sequence in rows.all()]

    def last_sequence(self) -> int:
        """Return the largest local sequence, 0 when there is none."""
        return max(0, self._connection.execute(_LAST_SEQUENCE).scalar() or 0)

    def lowest_sequence(self) -> int:
        """Return the sequence below 0 that was given last to an entry that waits to be judged, 0 when none waits."""
        return min(0, self._connection.execute(_LOWEST_SEQUENCE).scalar() or 0)

    def judged_size(self, relationship: int, role: Role) -> int:
        """Return up to where a journal was judged: its size, unless entries wait for another version of this."""
        asked = {"relationship": relationship, "role": role}
        waiting = self._connection.execute(_FIRST_WAITING, asked).scalar()
        return (self._connection.execute(_SIZE, asked).scalar() or 0) if waiting is None else int(waiting)

    def accepted_types(self, relationship: int, role: Role) -> Collection[str]:
        """Return the types of all accepted entries of a journal."""
        return self._connection.execute(_TYPES, {"relationship": relationship, "role": role}).scalars().all()

    def count(self, relationship: int, role: Role, event_type: str) -> int:
        """Count the not refused entries of a type."""
        asked = {"relationship": relationship, "role": role, "type": event_type}
        return self._connection.execute(_COUNT, asked).scalar() or 0

    def subjects_of_batches(
        self, relationship: int, role: Role, numbers: Collection[str]
    ) -> Mapping[str, Sequence[str]]:
        """Return the subjects of a journal that accepted entries label with each of these batch numbers."""
        found: dict[str, list[str]] = {number: [] for number in numbers}
        if found:
            asked = {"relationship": relationship, "role": role, "numbers": list(found)}
            for number, subject in self._connection.execute(_BATCH_SUBJECTS, asked):
                found[number].append(subject)
        return found

    def _page(
        self, statement: Select[*tuple[Any, ...]], relationship: int, role: Role, **place: int
    ) -> StoredPage | None:
        row = self._connection.execute(statement, {"relationship": relationship, "role": role, **place}).first()
        return None if row is None else StoredPage(*row)


def entries_of(rows: CursorResult[*tuple[Any, ...]]) -> list[StoredEntry]:
    """Return rows of `ENTRY_COLUMNS` as entries."""
    return [StoredEntry(*row) for row in rows.all()]


def _placed(rows: CursorResult[*tuple[Any, ...]]) -> list[tuple[int, StoredEntry]]:
    return [(row[0], StoredEntry(*row[1:])) for row in rows.all()]
