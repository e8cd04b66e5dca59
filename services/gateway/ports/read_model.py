"""The read model: row versions that projections write and screens read; it can be rebuilt from entry 0 at any time."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from events.conclusions.total import Concluded
from events.encoding.identifiers import Role
from events.stored.read_model import CategoryCount, ClockVersion, ItemVersion, ParkedItem, ReceivedStep


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """What a list of items is asked for; None leaves a filter out."""

    relationship: int | None = None
    category: str | None = None
    state: str | None = None  # a state, or "open" for every one that does not end a matter
    item_class: str | None = None
    batch: str | None = None
    product_code: str | None = None
    source: str | None = None
    external_number: str | None = None
    historical: bool | None = None
    due_before: str | None = None
    holding: str | None = None  # a text that stands somewhere in the row, as a whole value
    text: str | None = None  # part of number, title, external number or product
    as_of: int | None = None  # local sequence; None: now
    sort: str = "-opened_at"  # opened_at, due_at, number, changed_at; "-" reverses
    after: tuple[str, str] | None = None  # keyset: (sort value, item) of the last row of the page before
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """Which entries of a relationship one step of the projections took in."""

    sizes: Mapping[Role, int]  # of each journal of which there were any, the size up to which it is folded now
    is_first: bool  # nothing of the relationship was folded before


@dataclass(frozen=True, slots=True)
class ProjectedBatch:
    """What one step of the projections found, written in one transaction with the position reached."""

    position: int  # local sequence up to which entries are folded
    items: Sequence[tuple[int, ItemVersion]] = field(default_factory=tuple)  # (relationship, version)
    clocks: Sequence[tuple[int, ClockVersion]] = field(default_factory=tuple)
    steps: Sequence[tuple[int, ReceivedStep]] = field(default_factory=tuple)
    taken: Mapping[int, Taken] = field(default_factory=dict)  # by relationship
    parked: Sequence[tuple[int, ParkedItem]] = field(default_factory=tuple)  # those that could not be folded


class ReadModelReading(Protocol):
    """Questions of screens and of the projections themselves."""

    def position(self) -> int:
        """Return the local sequence up to which rows are folded."""

    def items(self, query: ItemQuery) -> Sequence[tuple[int, ItemVersion]]:
        """Return (relationship, row version) in the order asked for, at most `limit`."""

    def count_items(self, query: ItemQuery) -> int:
        """Count the rows of a query, its limit and keyset apart."""

    def counts(self, query: ItemQuery, now: str, soon: str) -> Sequence[CategoryCount]:
        """Count the rows of a query by category; due and overdue are open ones, by these moments."""

    def item(
        self, item: str, as_of: int | None = None, relationship: int | None = None
    ) -> tuple[int, ItemVersion] | None:
        """Return the row of one item, now or as of a local sequence; of one relationship, or of all."""

    def current_items(
        self, relationship: int, items: Collection[str], as_of: int | None = None
    ) -> Mapping[str, ItemVersion]:
        """Return the rows of these items, now or as of a local sequence."""

    def all_items(self, relationship: int) -> Sequence[str]:
        """Return the ids of all items of a relationship."""

    def clocks(
        self, items: Collection[str], as_of: int | None = None, relationship: int | None = None
    ) -> Sequence[ClockVersion]:
        """Return the clocks of these items, by item and name; of one relationship, or of all."""

    def received_at(self, relationship: int, role: Role, position: int, as_of: int | None = None) -> str | None:
        """Return the time at which the reader of a journal had taken in this position (formats.md 4)."""

    def steps(self, relationship: int, role: Role) -> Sequence[ReceivedStep]:
        """Return all received steps of a journal, by `seen`."""

    def digest(self, relationship: int) -> Mapping[str, Any]:
        """Return counts and a hash over all row versions, for comparing a rebuild with what stands."""

    def conclusions(self) -> Mapping[int, Concluded]:
        """Return the sums over the shared rows that stand, by relationship, with what they take in."""

    def parked(self) -> Sequence[tuple[int, ParkedItem]]:
        """Return (relationship, item) of all items whose rows stand still."""

    def rebuilding(self) -> tuple[int, str] | None:
        """Return how far a rebuild has come, as a local sequence, and by which software; None without one."""


class Rows(Protocol):
    """One generation of rows, written step by step."""

    def reading(self) -> AbstractContextManager[ReadModelReading]:
        """Open a consistent view."""

    def apply(self, batch: ProjectedBatch, *, expected: int) -> Mapping[int, Concluded]:
        """Write a batch: close versions that end, insert new ones, move the position, in one transaction.

        Within a batch an item may have several versions; each ends where its next begins. A version with the same
        `valid_from` as the one that stands replaces it. Returns what the rows of the relationships come to that were
        taken in. Raises `PositionMovedError` when the position is not `expected`.
        """


class ReadModel(Rows, Protocol):
    """Where projections keep their rows: those that stand, and those that a rebuild writes beside them."""

    @property
    def rebuilt(self) -> Rows:
        """The rows that a rebuild writes, once it was begun; nobody else reads them."""

    def clear(self) -> None:
        """Forget every row and go back to position 0."""

    def begin_rebuild(self, software: str) -> None:
        """Begin to build all rows anew from entry 0, beside those that stand; what was under way is forgotten."""

    def take_over(self, position: int) -> None:
        """Let the rebuilt rows take the place of those that stand, in one transaction.

        Raises `PositionMovedError` when not both stand at this position.
        """

    def discard(self, limit: int) -> int:
        """Delete up to `limit` rows that nobody reads any more; return how many, 0 when there are none."""
