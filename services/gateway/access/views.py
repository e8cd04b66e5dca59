"""What a token that is bound to one relationship sees of the store and of the rows: of every other one, nothing.

Numbers and entries of relationships come from a few questions only (`relationships`, `since`, `entry_by_id`, `items`,
`item`, `tokens`). They are answered here for the one; every other question takes a number that came from these.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from events.stored.access import StoredToken
from events.stored.journal import StoredEntry
from events.stored.read_model import CategoryCount, ClockVersion, ItemVersion
from events.stored.relationship import StoredRelationship
from services.gateway.access.errors import TokenBoundError
from services.gateway.ports.read_model import ItemQuery, ReadModel, ReadModelReading
from services.gateway.ports.store import Reading, Store, Writing


class StoreOfOne:
    """A store as if it had one relationship; it fits the port `Store` as far as interfaces ask it."""

    def __init__(self, whole: Store, bound: StoredRelationship) -> None:
        self._whole = whole
        self._bound = bound

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Open a consistent view."""
        with self._whole.reading() as reading:
            yield cast("Reading", ReadingOfOne(reading, self._bound))  # what it lacks is passed on

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Open a transaction, for tokens alone."""
        with self._whole.writing() as writing:
            yield cast("Writing", TokensOfOne(writing, self._bound))  # whatever else is asked for fails


class ReadingOfOne:
    """A view of one relationship."""

    def __init__(self, whole: Reading, bound: StoredRelationship) -> None:
        self._whole = whole
        self._bound = bound

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any question
        """Pass a question on that takes the relationship's number."""
        return getattr(self._whole, name)

    def relationships(self) -> Sequence[StoredRelationship]:
        """Return the one."""
        return [each for each in self._whole.relationships() if each.number == self._bound.number]

    def entry_by_id(self, event_id: str) -> Sequence[tuple[int, StoredEntry]]:
        """Return the entries with this id in the one."""
        return [each for each in self._whole.entry_by_id(event_id) if each[0] == self._bound.number]

    def since(self, sequence: int, limit: int) -> Sequence[tuple[int, StoredEntry]]:
        """Return entries of the one with a larger local sequence."""
        return self._whole.since(sequence, limit, self._bound.number)

    def naming_files(self, sequence: int, limit: int) -> Sequence[tuple[int, StoredEntry]]:
        """Return entries of the one that may name files, of as many as `limit` of all."""
        return [each for each in self._whole.naming_files(sequence, limit) if each[0] == self._bound.number]

    def tokens(self) -> Sequence[StoredToken]:
        """Return the tokens that are bound to the one."""
        return _tokens_of(self._whole, self._bound)


class TokensOfOne:
    """A transaction in which only tokens of one relationship can be seen and kept."""

    def __init__(self, whole: Writing, bound: StoredRelationship) -> None:
        self._whole = whole
        self._bound = bound

    def relationships(self) -> Sequence[StoredRelationship]:
        """Return the one."""
        return [self._bound]

    def tokens(self) -> Sequence[StoredToken]:
        """Return the tokens that are bound to the one."""
        return _tokens_of(self._whole, self._bound)

    def save_token(self, token: StoredToken) -> None:
        """Keep a token that sees no more than the one.

        Raises:
            TokenBoundError: it would see more.
        """
        if token.bound_to != str(self._bound.relationship):
            raise TokenBoundError(f"this token makes tokens for {self._bound.relationship} alone")
        self._whole.save_token(token)


class ReadModelOfOne:
    """The rows of one relationship; it fits the port `ReadModel` as far as interfaces ask it."""

    def __init__(self, whole: ReadModel, bound: StoredRelationship) -> None:
        self._whole = whole
        self._bound = bound

    @contextmanager
    def reading(self) -> Iterator[ReadModelReading]:
        """Open a consistent view."""
        with self._whole.reading() as rows:
            yield cast("ReadModelReading", RowsOfOne(rows, self._bound.number))  # what it lacks is passed on


class RowsOfOne:
    """A view of the rows of one relationship."""

    def __init__(self, whole: ReadModelReading, number: int) -> None:
        self._whole = whole
        self._number = number

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any question
        """Pass a question on that takes the relationship's number, or is about none."""
        return getattr(self._whole, name)

    def items(self, query: ItemQuery) -> Sequence[tuple[int, ItemVersion]]:
        """Return row versions of the one."""
        return self._whole.items(self._narrowed(query))

    def count_items(self, query: ItemQuery) -> int:
        """Count rows of the one."""
        return self._whole.count_items(self._narrowed(query))

    def counts(self, query: ItemQuery, now: str, soon: str) -> Sequence[CategoryCount]:
        """Count rows of the one by category."""
        return self._whole.counts(self._narrowed(query), now, soon)

    def item(
        self, item: str, as_of: int | None = None, relationship: int | None = None
    ) -> tuple[int, ItemVersion] | None:
        """Return the row of an item of the one."""
        del relationship  # numbers of others are not known to who asks
        return self._whole.item(item, as_of, self._number)

    def clocks(
        self, items: Collection[str], as_of: int | None = None, relationship: int | None = None
    ) -> Sequence[ClockVersion]:
        """Return the clocks of items of the one."""
        del relationship  # as above
        return self._whole.clocks(items, as_of, self._number)

    def _narrowed(self, query: ItemQuery) -> ItemQuery:
        return replace(query, relationship=self._number)


def views_of_one(store: Store, read_model: ReadModel, bound: StoredRelationship) -> tuple[Store, ReadModel]:
    """Return store and rows as if there were one relationship."""
    return cast("Store", StoreOfOne(store, bound)), cast("ReadModel", ReadModelOfOne(read_model, bound))


def _tokens_of(whole: Reading, bound: StoredRelationship) -> Sequence[StoredToken]:
    return [token for token in whole.tokens() if token.bound_to == str(bound.relationship)]
