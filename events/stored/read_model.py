"""Row versions of what is shown: valid from one local sequence to another, so that "as of" is a filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """One version of an item's row (`domain.items`), valid from the entry with local sequence `valid_from`."""

    item: str  # UUID of the matter's subject
    category: str
    valid_from: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClockVersion:
    """One version of a clock of an item; an empty row says that from here on there is no such clock."""

    item: str
    name: str  # unique within the item
    valid_from: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """An item whose rows stand still since a local sequence, for they could not be folded; `detail` says why."""

    item: str
    owner: Role
    since: int
    detail: str


@dataclass(frozen=True, slots=True)
class ReceivedStep:
    """From `time` on, the reader of the journal of `role` has taken in that journal below `seen`."""

    role: Role  # author of the journal that was taken in
    seen: int
    time: str
    sequence: int


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many items of a category there are: in all, open, due soon, and overdue."""

    category: str
    total: int
    open: int
    due: int
    overdue: int
