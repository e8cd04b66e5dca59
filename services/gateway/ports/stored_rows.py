"""The rows of the store as the database keeps them, for checking: nothing is converted, nothing is taken for granted.

A row is a mapping from column to value. A role is its number, text that is no UTF-8 shows with surrogate escapes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]


class StoredRows(Protocol):
    """What checking reads, beside the questions of `Reading`, in one consistent view."""

    def rows(self, table: str, **equal: int) -> Iterator[Row]:
        """Yield the rows of a table in the order of its primary key, those whose columns have these values."""

    def after(self, table: str, key: tuple[object, ...] | None, limit: int, **equal: int) -> Sequence[Row]:
        """Return the next rows of a table behind a primary key (from the first, without one), in its order."""

    def strays(self, table: str) -> int:
        """Count the rows that belong to no relationship of this gateway, or to no journal of one."""

    def is_whole(self, table: str, row: Row) -> bool:
        """Tell whether a row has the sum of its other columns, or needs none."""

    def wrong_sums(self) -> Iterator[tuple[str, str]]:
        """Yield table and key of each row whose sum is not that of its other columns."""

    def complaints(self) -> Sequence[str]:
        """Return what the database itself finds wrong with its file; nothing where it has no such check."""
