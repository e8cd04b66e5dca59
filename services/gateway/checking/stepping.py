"""Checking the bytes of a store piece by piece: every step may have a view of its own, each later than the last.

1. Every entry in the local order, which has no gap: place, bytes, columns; the trees, pages and what is counted. What
   stands beside the entries is looked at in the view in which the last entry was taken.
2. Receipts. 3. What was set aside.
"""

from collections.abc import Iterable, Mapping

from events.encoding.identifiers import Role
from services.gateway.checking.findings import Findings, Place
from services.gateway.checking.journals import JournalCheck, journal_of
from services.gateway.checking.receipts import ReceiptCheck
from services.gateway.checking.relationships import Parties, read_parties
from services.gateway.checking.seals import check_seal
from services.gateway.checking.set_aside import check_set_aside
from services.gateway.ports.store import Reading
from services.gateway.ports.stored_rows import Row, StoredRows

Key = tuple[object, ...]


class BytesCheck:
    """One round over a store."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.parties: Mapping[int, Parties] = {}
        self.last = 0  # local sequence up to which entries were taken
        self._journals: dict[tuple[int, Role], JournalCheck] = {}
        self._receipt: Key | None = None

    def read_parties(self, rows: StoredRows) -> None:
        """Read the relationships; those that are new since the last step join in."""
        known = list(rows.rows("relationship"))
        self._check_sums(rows, "relationship", known)
        self.parties = {row["number"]: read_parties(row, self.findings) for row in known}
        for parties in self.parties.values():
            for name in parties.journals():
                journal = self._journals.setdefault(
                    (name.relationship, name.role), JournalCheck(name, rows, self.findings)
                )
                journal.name, journal.rows = name, rows

    def take_entries(self, rows: StoredRows, limit: int) -> bool:
        """Take the next entries; once there are no more in this view, look at what stands beside them, and say so."""
        found = rows.after("entry", (self.last,), limit)
        for row in found:
            self._take(row, self.last + 1)
            self.last = row["sequence"]
        if len(found) == limit:
            return False
        self._take_waiting(rows)
        for journal in self._journals.values():
            journal.finish()
        return True

    def take_receipts(self, rows: StoredRows, reading: Reading, limit: int) -> bool:
        """Take the next receipts; tell whether there are no more in this view."""
        found = rows.after("receipt", self._receipt, limit)
        self._check_sums(rows, "receipt", found)
        checks = {number: self._receipts_of(parties, reading) for number, parties in self.parties.items()}
        for row in found:
            if row["relationship"] in checks:
                checks[row["relationship"]].take(row)
            self._receipt = tuple(row[name] for name in ("relationship", "author", "size", "held", "judged"))
        return len(found) < limit

    def take_seals(self, rows: StoredRows, reading: Reading) -> None:
        """Take the seals of the own journals."""
        found = rows.rows("seal")
        self._check_sums(rows, "seal", found)
        for row in found:
            parties = self.parties.get(row["relationship"])
            own = None if parties is None else parties.own_role
            if parties is not None and own in parties.invitations:
                check_seal(row, own, parties.invitations[own].party_keys, reading, self.findings)

    def take_set_aside(self, rows: StoredRows) -> None:
        """Look at what was set aside."""
        for table in ("quarantine", "quarantine_total", "held_page"):
            self._check_sums(rows, table, rows.rows(table))
        for parties in self.parties.values():
            check_set_aside(rows, parties.number, parties.name, self.findings)

    def _check_sums(self, rows: StoredRows, table: str, found: Iterable[Row]) -> None:
        for row in found:
            if not rows.is_whole(table, row):
                parties = self.parties.get(row["relationship"]) if "relationship" in row else None
                journal = "" if parties is None else parties.name
                self.findings.add(Place(table, journal, None, "row_sum"), "the row is not as it was written")

    def _take_waiting(self, rows: StoredRows) -> None:
        """Take what waits for another version of this software: it stands behind what was judged."""
        waiting: list[Row] = []
        for row in rows.rows("entry"):
            if row["sequence"] > 0:
                break
            waiting.append(row)
        for row in sorted(waiting, key=lambda row: row["position"]):
            self._take(row, row["sequence"])

    def _take(self, row: Row, sequence: int) -> None:
        name = journal_of(row)
        journal = None if name is None else self._journals.get(name)
        if row["sequence"] != sequence:
            place = Place("entry", "" if journal is None else journal.name.origin, row["position"], "sequence")
            self.findings.add(place, f"{row['sequence']} where {sequence} is next")
        if journal is not None:  # the others are counted among the strays
            journal.take(row)

    def _receipts_of(self, parties: Parties, reading: Reading) -> ReceiptCheck:
        keys = {role: invitation.party_keys for role, invitation in parties.invitations.items()}
        pages = {role: reading.last_page(parties.number, role) for role in Role}
        sizes = {role: 0 if page is None else page.size for role, page in pages.items()}
        return ReceiptCheck(parties.number, parties.own_role, keys, reading, sizes, self.findings)
