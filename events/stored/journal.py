"""Rows of a journal: entries, pages, tree nodes and receipts, as a store keeps them."""

from dataclasses import dataclass, field

from events.encoding.identifiers import Role

STANDING_KINDS = frozenset(
    {
        "relationship",
        "journal",
        "agreement",
        "agreement_review",
        "communication_list",
        "communication_list_review",
        "risk",
        "risk_review",
        "suspension",
        "suspension_review",
        "regulatory_measure",
        "regulatory_measure_review",
        "process_version",
        "process_version_review",
        "standard_version",
        "standard_version_review",
        "capability_profile",
        "capability_profile_review",
        "liaison",
        "key_person",
    }
)
"""Kinds of subjects whose entries every judgement needs at hand: what pairs, what is agreed, and what stops."""

TAKEN = "journal.taken.v1"
"""The one type of these kinds that is left out: it says nothing but its own `seen`."""

NOT_JUDGED = "upgrade-required"
"""Stands for the code of an entry that is stored and not judged yet: it takes a newer version of this software.

Until it is judged nothing but its bytes, its leaf and its place is kept of it, and its sequence is below 0.
"""

UNPROVEN = frozenset({"entry.malformed", "refusal.malformed", NOT_JUDGED})
"""The codes of entries whose body may be another than the one that the head names, or have no head to name it."""


def is_standing(event_type: str | None, subject: str | None) -> bool:
    """Tell whether every judgement needs an entry of this type and subject at hand."""
    if subject is None or event_type == TAKEN:
        return False
    return subject.partition("/")[0] in STANDING_KINDS


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry at its place, its verdict beside it.

    `head` and `body` are the bytes that were signed. Where the head is malformed they are what stood before and after
    the first tab (`body` is None without a tab) and every attribute is None. `revision` is None where it used up none.
    Of an entry that is not judged yet (`NOT_JUDGED`) every attribute is None too. `batches` are the numbers of the drug
    batches, as they are read, that an accepted entry brings to its subject as labels: told when it is appended, not
    read back.
    """

    role: Role
    position: int
    sequence: int  # local sequence of the gateway that keeps it, over all journals, from 1
    head: bytes
    body: bytes | None
    leaf: bytes
    id: str | None = None
    type: str | None = None
    subject: str | None = None
    revision: int | None = None
    time: str | None = None
    seen: int | None = None
    order_major: int = 0  # first part of the key of the one order (events.journal.order)
    code: str | None = None  # refusal code; None: accepted
    violates: bool = False
    batches: tuple[str, ...] = field(default=(), compare=False)

    @property
    def line(self) -> bytes:
        """The entry as it stands in a page, without the line feed."""
        return self.head if self.body is None else self.head + b"\t" + self.body


@dataclass(frozen=True, slots=True)
class JournalClaims:
    """The largest claims of a journal's entries, which bind what comes after them.

    `claimed`: the size of the partner's journal that a later entry may not fall below; `order_seen`: the largest `seen`
    of accepted entries, first part of the key of the one order; `time`: of the last accepted entry.
    """

    claimed: int = 0
    order_seen: int = 0
    time: str = ""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A committed page: where it starts, the tree size after it, and its signed checkpoint."""

    role: Role
    first: int
    size: int
    note: bytes
    sequence: int  # local sequence of its last entry


@dataclass(frozen=True, slots=True)
class TreeNode:
    """The hash of a complete subtree of 256**level leaves (level from 1)."""

    role: Role
    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class StoredSeal:
    """The own checkpoint at a size, with its author's signature and seal (`events.journal.seal`)."""

    size: int
    note: bytes


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as it travelled: cosigned checkpoint and statement, by `author` about the other party's journal."""

    author: Role
    size: int  # the author's own size that it states
    held: int
    judged: int
    rule_set: int
    checkpoint_note: bytes
    statement_note: bytes
    at: str  # when this gateway signed or took it in, its own clock
