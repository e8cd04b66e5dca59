"""A sum beside rows that nothing signed stands for: one flipped bit in them is found all the same.

An entry is covered by its leaf, a page by its signature, a tree node by what is below it. Its verdict, a partner's
invitation, the time at which a receipt came, an answer kept for a repeated command stand under no signature: such a row
carries the CRC-32 of them. It finds what a disk does to a row, not what a person does: that is no promise of it.
"""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from sqlalchemy import Table

from events.encoding.identifiers import Role
from events.stored.journal import UNPROVEN
from infra.store.columns import ROLE_NUMBERS

ROW_SUM = "row_sum"


def has_sum(table: Table) -> bool:
    """Tell whether every row of a table carries the sum of its other columns."""
    return ROW_SUM in table.c and table.name != "entry"


def sum_of_row(row: Mapping[str, Any]) -> int:
    """Return the sum over all filled columns of a row but the sum itself, in the order of their names.

    An empty column counts for nothing, so that one that is added later leaves the sums as they are.
    """
    total = 0
    for name in sorted(row):
        if name != ROW_SUM and row[name] is not None:
            total = crc32(_named(name, row[name]), total)
    return total


def sum_of_entry(
    revision: int | None,
    order_major: int,
    code: str | None,
    violates: int,  # or a truth value: as the database keeps it
    body: bytes | None,
) -> int:
    """Return the sum kept with an entry: over its verdict, and over a body that no hash of its head may stand for."""
    total = crc32(b"%s %d %s %d" % (str(revision).encode(), order_major, str(code).encode(), violates))
    return total if body is None or code not in UNPROVEN else crc32(body, total)


def _named(name: str, value: Any) -> bytes:  # noqa: ANN401 - whatever a column holds
    """Return a column's name and value as bytes of which no two have the same."""
    if isinstance(value, Role):
        value = ROLE_NUMBERS[value]
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode("utf-8", "surrogateescape")
    return b"%b %d:%b" % (name.encode(), len(raw), raw)
