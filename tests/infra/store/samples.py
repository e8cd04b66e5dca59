"""Rows as the engine makes them, with made-up content: a store looks into none of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from events.encoding.identifiers import USCC_ALPHABET, Relationship, Role, uscc_check_character
from events.journal.tree import Frontier, leaf_hash
from events.stored.access import StoredToken
from events.stored.intake import ExternalNumber, Quarantined, RefusedCommand, RememberedAnswer
from events.stored.journal import JournalClaims, StoredEntry, StoredPage, StoredReceipt, TreeNode
from events.stored.relationship import StoredRelationship
from services.gateway.ports.store import Store, Writing

MOMENT = "2026-11-22T09:30:44.123456Z"
DEVIATION = "deviation/0f6d1c1e-0000-4000-8000-000000000001"
REFUSED_CODE = "entry.wrong_state"


def uscc(number: int) -> str:
    seventeen = f"91{number:015d}"
    assert set(seventeen) <= set(USCC_ALPHABET)
    return seventeen + uscc_check_character(seventeen)


def relationship(number: int = 1) -> StoredRelationship:
    return StoredRelationship(number, Relationship(uscc(2 * number), uscc(2 * number + 1)), Role.CMO, b"own \x00 \xff")


def entry(position: int, **attributes: object) -> StoredEntry:
    """Return an accepted entry of the CMO's journal, attributes changed as asked."""
    head = b'{"position":%d}' % position
    made = StoredEntry(
        Role.CMO,
        position,
        position + 1,
        head,
        b'{"salt":"\xe5\xad\x98\xe6\xa0\xb9 %d"}' % position,
        leaf_hash(head),
        f"0193{position:04x}-0000-7000-8000-000000000000",
        "deviation.opened.v1",
        DEVIATION,
        position + 1,
        MOMENT,
        0,
    )
    return replace(made, **attributes)  # type: ignore[arg-type]  # the caller's words are the attributes' names


def malformed(position: int) -> StoredEntry:
    """Return an entry of which nothing could be read."""
    return StoredEntry(
        Role.CMO, position, position + 1, b"\x00\xff", None, leaf_hash(b"\x00\xff"), code="entry.malformed"
    )


def page(entries: Sequence[StoredEntry]) -> StoredPage:
    """Return the page that commits these entries."""
    last = entries[-1]
    return StoredPage(last.role, entries[0].position, last.position + 1, b"note %d" % last.position, last.sequence)


def claims(entries: Sequence[StoredEntry]) -> JournalClaims:
    return JournalClaims(claimed=entries[-1].seen or 0, order_seen=entries[-1].seen or 0, time=entries[-1].time or "")


def append(writing: Writing, entries: Sequence[StoredEntry], number: int = 1, nodes: Sequence[TreeNode] = ()) -> None:
    """Append entries as one page."""
    writing.append(number, entries, [page(entries)], nodes, claims(entries))


def commit(store: Store, entries: Sequence[StoredEntry], number: int = 1) -> None:
    """Append entries as one page in a transaction of their own."""
    with store.writing() as writing:
        append(writing, entries, number)


@dataclass
class Grown:
    """A journal grown page by page with its tree, as the writer does it."""

    entries: list[StoredEntry] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)

    def grow(self, writing: Writing, count: int) -> None:
        more = [entry(len(self.entries) + number) for number in range(count)]
        self.frontier.extend(one.leaf for one in more)
        nodes = [TreeNode(Role.CMO, level, index, node) for level, index, node in self.frontier.take_completed()]
        append(writing, more, nodes=nodes)
        self.entries += more


def receipt(held: int, *, size: int = 0, judged: int | None = None, author: Role = Role.MAH) -> StoredReceipt:
    notes = (b"checkpoint %d" % held, b"statement %d" % held)
    return StoredReceipt(author, size, held, held if judged is None else judged, 1, *notes, MOMENT)


def quarantined(value: bytes, code: str = "page.malformed") -> Quarantined:
    return Quarantined(0, "page", code, "it has no note", hashlib.sha256(value).digest(), value, MOMENT)


def answer(key: str = "key-1", *, caller: str = "token-1", at: str = MOMENT) -> RememberedAnswer:
    return RememberedAnswer(caller, key, b"\x01" * 32, 201, b'{"id":"\xe5\xad\x98"}', at)


def external(number: str, source: str = "qms") -> ExternalNumber:
    return ExternalNumber(source, number, DEVIATION, b"\x02" * 32)


def token(name: str = "t1", *, at: str = MOMENT) -> StoredToken:
    digest = hashlib.sha256(name.encode()).digest()
    return StoredToken(name, digest, "person/li-na", "qa_manager", "李娜的笔记本", at, None)


def refused(number: int = 0, detail: str = "no") -> RefusedCommand:
    """Return the trace of a closing that came too early."""
    event, code = "deviation.closed.v1", "deviation.closure_not_approved"
    return RefusedCommand(number, MOMENT, "person/li.na", event, DEVIATION, "gate.deviation_closure", code, detail)
