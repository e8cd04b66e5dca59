"""Every record of a topic, accounted for by its reader (part of K8)."""

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256

from tests.checker.checks.receipts import receipt_flaw
from tests.checker.form.canonical import FormError
from tests.checker.form.records import Page, parse_page, parse_receipt, parse_resend, split_line
from tests.checker.gathered import Run, Side
from tests.checker.journal import Journal
from tests.checker.stores.rows import other
from tests.checker.verdict import Verdict
from tests.checker.wire import Record, Topic

CHECK = "K8"
_UNJUDGED = {"returned", "want", "blob", "revoked"}
"""Kinds of which nothing is asked: only a reader that lost entries looks at what is returned, none at the others."""


def check_topic(run: Run, side: Side, topic: Topic | None, verdict: Verdict) -> None:
    """Account for the partner's topic: applied, repeated, set aside by its reader, or still pending."""
    where = {"store": side.role, "topic": other(side.role)}
    if topic is None:
        verdict.fail(CHECK, "the topic is not on the wire", **where)
        return
    offsets = [record.offset for record in topic.records]
    whole = offsets == list(range(topic.start, topic.end))
    verdict.expect(CHECK, whole, f"records are missing between {topic.start} and {topic.end}", **where)
    read = _read_to(side, topic, verdict, where)
    sums = _Accounts(run, side, verdict)
    for record in topic.records:
        if record.offset < read:
            sums.take(record)
    sums.close()
    pending = [record for record in topic.records if record.offset >= read]
    unheard = sum(not _is_heartbeat(run, side, record) for record in pending)
    verdict.expect(CHECK, not unheard, f"{unheard} records that are no mere heartbeats were never read", **where)
    counts = {"consumed": len(topic.records) - len(pending), **sums.sums, "pending": len(pending)}
    verdict.counts.setdefault("wire", {})[other(side.role)] = counts


def _is_heartbeat(run: Run, side: Side, record: Record) -> bool:
    """Tell whether a record says nothing but what its reader has heard: hearts beat on after both sides are at rest."""
    author = other(side.role)
    if record.kind != "receipt":
        return False
    try:
        receipt = parse_receipt(record.value)
    except FormError:
        return False
    said = receipt.statement
    heard = [(row.size, row.held, row.judged) for row in side.journals[author].rows.receipts[-1:]]
    return heard == [(said.size, said.held, said.judged)] and receipt_flaw(receipt, author, run) is None


def _read_to(side: Side, topic: Topic, verdict: Verdict, where: Mapping[str, object]) -> int:
    topic_id, offset = side.rows.cursor or (topic.id or "", 0)
    same = topic.id is None or topic_id == topic.id
    verdict.expect(CHECK, same, "read as far as another topic of this name", **where)
    verdict.expect(CHECK, offset <= topic.end, f"read to {offset}, beyond the end at {topic.end}", **where)
    return offset if same else topic.start


class _Accounts:
    """Sums of what became of records; what must have been set aside is looked for in quarantine."""

    def __init__(self, run: Run, side: Side, verdict: Verdict) -> None:
        self._run, self._side, self._verdict = run, side, verdict
        self._author = other(side.role)
        self._applied: set[int] = set()
        self._rejected: Counter[bytes] = Counter()
        self._kinds: dict[bytes, Record] = {}
        self.sums: Counter[str] = Counter()

    def take(self, record: Record) -> None:
        """Decide what must have become of a record."""
        self._verdict.look(CHECK)
        try:
            became = self._became(record)
        except FormError:
            became = "quarantined"
        self.sums[became] += 1
        if became == "quarantined":
            digest = sha256(record.value).digest()
            self._rejected[digest] += 1
            self._kinds[digest] = record

    def close(self) -> None:
        """Ask that each record that could not be believed stands in quarantine, as often as it came.

        Of a wire that forgot or reordered records nobody can tell which were read, and which repeat what was held.
        """
        if self._run.wire_forgot:
            return
        kept = Counter(row.digest for row in self._side.rows.quarantine)
        for digest, count in self._rejected.items():
            record = self._kinds[digest]
            what = (
                f"a {record.kind or 'record'} came {count} times, cannot be believed, is set aside {kept[digest]} times"
            )
            where = {"store": self._side.role, "topic": self._author, "offset": record.offset}
            self._verdict.expect(CHECK, kept[digest] >= count, what, **where)

    def _became(self, record: Record) -> str:
        if record.kind == "page":
            return self._page(parse_page(record.value))
        if record.kind == "receipt":
            return "quarantined" if receipt_flaw(parse_receipt(record.value), self._author, self._run) else "heard"
        if record.kind == "resend":
            note, _, _ = parse_resend(record.value)
            size = self._side.journals[self._author].size
            return (
                "heard"
                if any(map(note.is_signed_by, self._run.keys[self._author].of_statement(size)))
                else "quarantined"
            )
        return record.kind if record.kind in _UNJUDGED else "quarantined"

    def _page(self, page: Page) -> str:
        journal = self._side.journals[self._author]
        key = self._run.keys[self._author].of_page(page.first)
        same_root = page.checkpoint.root == journal.root(page.checkpoint.size)
        if page.origin != journal.origin or not page.note.is_signed_by(key) or not same_root:
            return "quarantined"
        if page.checkpoint.size in self._applied:  # of what is held already only the root is compared
            return "repeated"
        if not _is_held(journal, page):
            return "quarantined"
        self._applied.add(page.checkpoint.size)
        return "applied"


def _is_held(journal: Journal, page: Page) -> bool:
    """Tell whether the journal holds exactly the entries of a page, at its places."""
    held = [journal.at.get(position) for position in range(page.first, page.checkpoint.size)]
    kept = [None if each is None else (each.row.head, each.row.body) for each in held]
    return kept == list(map(split_line, page.lines))
