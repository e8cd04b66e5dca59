"""One transaction of the store."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, func, select, tuple_

from events.stored.access import StoredSigningSecret, StoredToken
from events.stored.intake import ExternalNumber, Quarantined, RefusedCommand, RememberedAnswer
from events.stored.journal import JournalClaims, StoredEntry, StoredPage, StoredReceipt, StoredSeal, TreeNode
from events.stored.relationship import HeldPage, StoredRelationship, WireCursor
from infra.store.appending import Append, append, judge_later
from infra.store.database import Database, upsert
from infra.store.errors import StoreLockedError
from infra.store.reading import SqlReading
from infra.store.tables import (
    ANSWER,
    EXTERNAL_NUMBER,
    HELD_PAGE,
    QUARANTINE,
    QUARANTINE_TOTAL,
    RECEIPT,
    REFUSED_COMMAND,
    RELATIONSHIP,
    SEAL,
    SENT_SIZE,
    SIGNING_SECRET,
    TOKEN,
    WIRE_CURSOR,
)

_LONGEST_KIND = 100
_LONGEST_DETAIL = 2000


class SqlWriting(SqlReading):
    """A transaction that sees what it has written; it fits the port `Writing`."""

    def __init__(self, connection: Connection, database: Database, quarantine_bytes: int, *, may_write: bool) -> None:
        super().__init__(connection)
        self._database = database
        self._quarantine_bytes = quarantine_bytes
        self._may_write = may_write

    @property
    def _locked(self) -> Connection:
        """The connection, for everything that only the process with the lock may write."""
        if not self._may_write:
            raise StoreLockedError("this store was opened without the lock: only tokens may be kept")
        return self._connection

    def append(
        self,
        relationship: int,
        entries: Sequence[StoredEntry],
        pages: Sequence[StoredPage],
        nodes: Sequence[TreeNode],
        claims: JournalClaims,
    ) -> None:
        """Append entries of one journal with their pages, and what it claims from now on.

        Raises:
            AppendConflictError: a place is taken, or entries, pages and the journal's end do not join.
        """
        if entries:
            append(self._locked, self._database, Append(relationship, entries, pages, nodes, claims))

    def judge_later(self, relationship: int, entries: Sequence[StoredEntry], claims: JournalClaims) -> None:
        """Give entries of whole pages, which waited to be judged, their verdicts and places in the local order."""
        if entries:
            judge_later(self._locked, self._database, Append(relationship, entries, (), (), claims))

    def save_receipt(self, relationship: int, receipt: StoredReceipt) -> None:
        """Keep a receipt; one with the same author, size, held and judged is replaced (a heartbeat)."""
        upsert(self._locked, RECEIPT, [{"relationship": relationship, **asdict(receipt)}])

    def save_seal(self, relationship: int, seal: StoredSeal) -> None:
        """Keep the latest seal of the own journal."""
        upsert(self._locked, SEAL, [{"relationship": relationship, **asdict(seal)}])

    def save_wire_cursor(self, relationship: int, cursor: WireCursor) -> None:
        """Keep how far the partner's topic was read."""
        upsert(self._locked, WIRE_CURSOR, [{"relationship": relationship, **asdict(cursor)}])

    def save_sent_size(self, relationship: int, size: int) -> None:
        """Keep what is on the wire."""
        upsert(self._locked, SENT_SIZE, [{"relationship": relationship, "size": size}])

    def save_relationship(self, relationship: StoredRelationship) -> None:
        """Add or replace a relationship by its number."""
        row = {
            "number": relationship.number,
            "mah": relationship.relationship.mah,
            "cmo": relationship.relationship.cmo,
            "own_role": relationship.own_role,
            "own_invitation": relationship.own_invitation,
            "partner_invitation": relationship.partner_invitation,
            "confirmed_at": relationship.confirmed_at,
        }
        upsert(self._locked, RELATIONSHIP, [row])

    def quarantine_bytes(self, relationship: int, quarantined: Quarantined, *, always: bool = False) -> int:
        """Set bytes aside and return their number.

        Beyond the bound of kept bytes only the digest stays, except of what is `always` kept: a proof.
        """
        count, kept = self._quarantine_total(relationship)
        value = quarantined.value
        if value is not None and not always and kept + len(value) > self._quarantine_bytes:
            value = None
        row = {
            "relationship": relationship,
            "number": count + 1,
            "kind": _printable(quarantined.kind, _LONGEST_KIND),
            "code": quarantined.code,
            "detail": _printable(quarantined.detail, _LONGEST_DETAIL),
            "digest": quarantined.digest,
            "value": value,
            "at": quarantined.at,
        }
        upsert(self._locked, QUARANTINE, [row])
        total = {"relationship": relationship, "count": count + 1, "bytes": kept + len(value or b"")}
        upsert(self._locked, QUARANTINE_TOTAL, [total])
        return count + 1

    def save_held_pages(self, relationship: int, pages: Sequence[HeldPage]) -> None:
        """Replace the pages that wait; those that wait already are not written again."""
        wanted = {(page.first, hashlib.sha256(page.value).digest()): page.value for page in pages}
        key = (HELD_PAGE.c.first, HELD_PAGE.c.digest)
        rows = self._connection.execute(select(*key).where(HELD_PAGE.c.relationship == relationship))
        waiting = {(row[0], bytes(row[1])) for row in rows}
        gone = list(waiting - wanted.keys())
        if gone:
            ended = delete(HELD_PAGE).where(HELD_PAGE.c.relationship == relationship, tuple_(*key).in_(gone))
            self._locked.execute(ended)
        added = [
            {"relationship": relationship, "first": first, "digest": digest, "value": value}
            for (first, digest), value in wanted.items()
            if (first, digest) not in waiting
        ]
        upsert(self._locked, HELD_PAGE, added)

    def remember(self, answers: Sequence[RememberedAnswer]) -> None:
        """Keep answers with their keys."""
        upsert(self._locked, ANSWER, [asdict(answer) for answer in answers])

    def save_external_numbers(self, relationship: int, numbers: Sequence[ExternalNumber]) -> None:
        """Keep which external numbers have their entry."""
        upsert(self._locked, EXTERNAL_NUMBER, [{"relationship": relationship, **asdict(number)} for number in numbers])

    def trace_refused(self, relationship: int, refused: Sequence[RefusedCommand], kept: int) -> None:
        """Keep refused commands under the next numbers; of the relationship's only the newest `kept` stay."""
        numbers = REFUSED_COMMAND.c.number
        is_of_it = REFUSED_COMMAND.c.relationship == relationship
        last = self._connection.execute(select(func.max(numbers)).where(is_of_it)).scalar() or 0
        rows = [
            {name: _printable(str(value), _LONGEST_DETAIL) for name, value in asdict(each).items()}
            | {"relationship": relationship, "number": number}
            for number, each in enumerate(refused, last + 1)
        ]
        upsert(self._locked, REFUSED_COMMAND, rows)
        self._locked.execute(delete(REFUSED_COMMAND).where(is_of_it, numbers <= last + len(rows) - kept))

    def save_token(self, token: StoredToken) -> None:
        """Add or replace a token by its id; this alone may be done beside the process that holds the lock."""
        upsert(self._connection, TOKEN, [asdict(token)])

    def save_signing_secret(self, secret: StoredSigningSecret) -> None:
        """Add or replace what confirms a person's signatures; as a token, also beside the process with the lock."""
        upsert(self._connection, SIGNING_SECRET, [asdict(secret)])

    def forget_answers(self, before: str) -> int:
        """Delete answers older than a moment; return how many."""
        return self._locked.execute(delete(ANSWER).where(ANSWER.c.at < before)).rowcount

    def _quarantine_total(self, relationship: int) -> tuple[int, int]:
        asked = select(QUARANTINE_TOTAL.c.count, QUARANTINE_TOTAL.c.bytes).where(
            QUARANTINE_TOTAL.c.relationship == relationship
        )
        row = self._connection.execute(asked).first()
        return (0, 0) if row is None else (row[0], row[1])


def _printable(text: str, longest: int) -> str:
    """Return text that any database takes: what a partner sent may hold NUL or half a surrogate pair."""
    return text[:longest].encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
