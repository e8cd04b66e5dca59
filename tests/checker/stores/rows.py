"""Rows of a store, as its tables hold them (the one thing the checker knows of the product)."""

from dataclasses import dataclass, field

ROLES = ("mah", "cmo")
"""The two sides; a table's small number is the place in this list."""


def other(role: str) -> str:
    """Return the role of the partner."""
    return "cmo" if role == "mah" else "mah"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry at its place, its verdict beside it; attributes of a malformed head are None."""

    sequence: int
    position: int
    head: bytes
    body: bytes | None
    leaf: bytes
    id: str | None
    type: str | None
    subject: str | None
    revision: int | None
    time: str | None
    seen: int | None
    order_major: int
    code: str | None
    violates: bool


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page: where it starts, the size after it, its checkpoint, the local sequence of its last entry."""

    first: int
    size: int
    note: bytes
    sequence: int


@dataclass(frozen=True, slots=True)
class NodeRow:
    """The hash of a whole subtree of 256**level leaves."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class JournalRow:
    """How far a journal has come, and what its entries claim."""

    size: int
    claimed: int
    order_seen: int
    time: str


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt of one author about the other's journal."""

    size: int
    held: int
    judged: int
    rule_set: int
    checkpoint_note: bytes
    statement_note: bytes
    at: str


@dataclass(frozen=True, slots=True)
class SealRow:
    """The own checkpoint at a size, signed and sealed by its author: the latest."""

    size: int
    note: bytes


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """Bytes that were refused whole."""

    number: int
    kind: str
    code: str
    detail: str
    digest: bytes
    value: bytes | None
    at: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The answer that a key of a caller once got."""

    caller: str
    key: str
    request_digest: bytes
    status: int
    answer: bytes
    at: str


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """A record of a source system that has its entry."""

    source: str
    number: str
    subject: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A version of an item's row, with what stands beside it for filters."""

    item: str
    valid_from: int
    valid_to: int | None
    category: str
    state: str | None
    class_: str | None
    number: str | None
    source: str | None
    external_number: str | None
    title: str | None
    product_code: str | None
    batches: str | None
    opened_at: str | None
    changed_at: str | None
    due_at: str | None
    historical: bool | None
    search: str
    row: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A version of a clock's row."""

    item: str
    name: str
    valid_from: int
    valid_to: int | None
    row: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """From `time` on the reader of a journal had taken it in below `seen`."""

    role: int
    seen: int
    time: str
    sequence: int


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """The sum over all shared rows, and how much of the two journals they take in."""

    mah: int
    cmo: int
    total: bytes


@dataclass(frozen=True, slots=True)
class JournalRows:
    """One journal as a store holds it."""

    entries: list[EntryRow] = field(default_factory=list)
    pages: list[PageRow] = field(default_factory=list)
    nodes: list[NodeRow] = field(default_factory=list)
    receipts: list[ReceiptRow] = field(default_factory=list)  # written by this journal's author
    standing: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    batches: set[tuple[str, str]] = field(default_factory=set)  # (number, subject that is labelled with it)
    end: JournalRow | None = None


@dataclass(frozen=True, slots=True)
class StoreRows:
    """One relationship as one store holds it."""

    relationship: tuple[str, str]
    own_role: str
    own_invitation: bytes
    partner_invitation: bytes | None
    confirmed_at: str | None
    journals: dict[str, JournalRows]
    cursor: tuple[str, int] | None
    seals: list[SealRow]
    quarantine: list[QuarantineRow]
    quarantine_total: tuple[int, int] | None
    held_pages: list[tuple[int, bytes, bytes]]
    answers: list[AnswerRow]
    external: list[ExternalRow]
    items: list[ItemRow]
    clocks: list[ClockRow]
    steps: list[StepRow]
    projected: int | None  # local sequence up to which the rows that stand are folded, over all relationships
    concluded: ConclusionRow | None
    sequences: tuple[int, int, int]  # of all entries: how many, the least, the largest
