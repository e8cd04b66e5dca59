"""One stored journal, entry by entry from the first: places, tree, pages and what is counted beside them.

For each entry its place and its bytes; at the end of each page the checkpoint: one signature line, by the journal key,
over the root that the entries themselves give; at the end of the journal the kept nodes of the tree, the counts and the
list of the entries that every judgement needs.
"""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from events.encoding.identifiers import Role
from events.errors import NoteError
from events.journal.checkpoint import parse_checkpoint
from events.journal.tree import Frontier
from events.notes.note import parse_note, verify_note
from events.notes.vkey import VerifierKey
from events.stored.journal import NOT_JUDGED, is_standing
from services.gateway.checking.entries import check_entry
from services.gateway.checking.findings import Findings, Place
from services.gateway.ports.stored_rows import Row, StoredRows

ROLE_OF = dict(enumerate((Role.MAH, Role.CMO)))
"""Roles by the numbers that the store keeps them as."""

PAGES_AHEAD = 100

_NUMBER_OF = {role: number for number, role in ROLE_OF.items()}


@dataclass(frozen=True, slots=True)
class JournalName:
    """Which journal it is: the number of the relationship, the role, the name of both for people, and its key."""

    relationship: int
    role: Role
    origin: str
    key: VerifierKey | None  # None where no invitation that can be read names it

    @property
    def place(self) -> dict[str, int]:
        """Return the columns by which its rows are found."""
        return {"relationship": self.relationship, "role": _NUMBER_OF[self.role]}


@dataclass(slots=True)
class JournalCheck:
    """Takes the entries of one journal in the order of their places; `finish` looks at what stands beside them.

    `rows` may be another view at each step, a later one.
    """

    name: JournalName
    rows: StoredRows
    findings: Findings
    frontier: Frontier = field(default_factory=Frontier)
    _pages: deque[Row] = field(default_factory=deque)  # that were read ahead
    _last_page: tuple[object, ...] | None = None
    _page_start: int = 0
    _nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _standing: list[int] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def take(self, row: Row) -> None:
        """Take the next entry."""
        position = self.frontier.size
        if row["position"] != position:
            self.say("entry", position, "position", f"the store has position {row['position']} here")
        if not self.rows.is_whole("entry", row):
            self.say("entry", position, "row_sum", "its verdict is not as it was written")
        leaf = check_entry(row, lambda name, detail: self.say("entry", position, name, detail))
        self.frontier.append(leaf)
        self._nodes.update({(level, index): node for level, index, node in self.frontier.take_completed()})
        self._count(row)
        while (page := self._page()) is not None and page["size"] <= self.frontier.size:
            self._end_page(page, row)

    def finish(self) -> None:
        """Look at the rows beside the entries, now that all of these are known."""
        while (page := self._page()) is not None:
            self._end_page(page, {})
        if self._page_start != self.frontier.size:
            self.say("page", self._page_start, "size", f"no page ends at the last of {self.frontier.size} entries")
        self._check_nodes()
        self._check_standing()
        self._check_counts()
        kept = list(self.rows.rows("journal", **self.name.place))
        self.findings.saw("journal", len(kept))
        if not all(self.rows.is_whole("journal", row) for row in kept):
            self.say("journal", None, "row_sum", "what the journal claims is not as it was written")
        stated = [row["size"] for row in kept]
        if stated != ([self.frontier.size] if self.frontier.size else []):
            self.say("journal", None, "size", f"{stated} is stated, {self.frontier.size} entries are there")

    def say(self, table: str, position: int | None, name: str, detail: str) -> None:
        """Note that something of this journal is wrong."""
        self.findings.add(Place(table, self.name.origin, position, name), detail)

    def _count(self, row: Row) -> None:
        self.findings.saw("entry")
        if row["code"] == NOT_JUDGED:
            return
        if is_standing(row["type"], row["subject"]):
            self._standing.append(self.frontier.size - 1)
        if row["code"] is None and row["type"] is not None:
            self._counts[row["type"]] += 1

    def _end_page(self, page: Row, last: Row) -> None:
        """Check a page whose last entry was taken."""
        self.findings.saw("page")
        first = self._page_start
        if page["first"] != first:
            self.say("page", first, "first", f"a page begins at {page['first']} where the one before ended at {first}")
        if page["size"] != self.frontier.size:
            self.say("page", first, "size", f"a page ends at {page['size']} of {self.frontier.size} entries")
        elif page["sequence"] != last.get("sequence"):
            self.say("page", first, "sequence", f"{page['sequence']} is not that of its last entry")
        fault = self._fault_of_note(bytes(page["note"]))
        if fault:
            self.say("page", first, "note", fault)
        self._page_start = max(page["size"], first)
        self._pages.popleft()

    def _page(self) -> Row | None:
        """Return the page that ends next; None when there is none yet."""
        if not self._pages:
            self._pages.extend(self.rows.after("page", self._last_page, PAGES_AHEAD, **self.name.place))
            if self._pages:
                self._last_page = tuple(self._pages[-1][name] for name in ("relationship", "role", "first"))
        return self._pages[0] if self._pages else None

    def _fault_of_note(self, raw: bytes) -> str:
        """Return what is wrong with the checkpoint after the entries taken so far; empty when nothing is."""
        try:
            note = parse_note(raw)
            checkpoint = parse_checkpoint(note)
        except NoteError as error:
            return error.detail
        if (checkpoint.origin, checkpoint.size) != (self.name.origin, self.frontier.size):
            return f"it is the checkpoint of {checkpoint.origin} at {checkpoint.size}"
        if checkpoint.root != self.frontier.root():
            return "its root is not that of the entries"
        if len(note.signatures) != 1 or self.name.key is None or not verify_note(note, self.name.key):
            return "it is not signed by the journal key, or by others too"
        return ""

    def _check_nodes(self) -> None:
        for row in self.rows.rows("tree_node", **self.name.place):
            self.findings.saw("tree_node")
            node = self._nodes.pop((row["level"], row["index"]), None)
            if node is None or node != row["hash"]:
                self.say("tree_node", row["index"], f"level {row['level']}", "not the hash of the entries below it")
        for level, index in self._nodes:
            self.say("tree_node", index, f"level {level}", "the hash is missing")

    def _check_standing(self) -> None:
        found = [row["position"] for row in self.rows.rows("standing", **self.name.place)]
        self.findings.saw("standing", len(found))
        for position in sorted(set(found) ^ set(self._standing)):
            self.say("standing", position, "position", "listed wrongly among what every judgement needs, or not listed")

    def _check_counts(self) -> None:
        found: dict[str, Any] = {row["type"]: row["count"] for row in self.rows.rows("entry_count", **self.name.place)}
        self.findings.saw("entry_count", len(found))
        for name in sorted({*found, *self._counts}):
            if found.get(name, 0) != self._counts.get(name, 0):
                self.say("entry_count", None, name, f"{found.get(name, 0)} is stated, there are {self._counts[name]}")


def journal_of(row: Mapping[str, Any]) -> tuple[int, Role] | None:
    """Return which journal a row belongs to; None when its role is none."""
    role = ROLE_OF.get(row["role"])
    return None if role is None else (row["relationship"], role)
