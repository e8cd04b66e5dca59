"""Where the columns of a mapping are: the first row that holds all their names."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from infra.spreadsheets.cells import SheetRow, text_of
from services.gateway.importing.errors import HeaderError

LOOKED_AT = 50
"""How many rows may stand above the names of the columns."""

_TOLD = 30


def find_header(rows: Iterable[SheetRow], columns: Sequence[str]) -> Mapping[str, int]:
    """Take rows until the one with the names of the columns, and return where each column is, from 0.

    Raises:
        HeaderError: no row has them all; the text tells which are missing in the row that has most of them.
    """
    best: list[str] = []
    for row in islice(rows, LOOKED_AT):
        names = [text_of(cell).strip() for cell in row.cells]
        if set(columns) <= set(names):
            return _places(row.number, names, columns)
        if _held(names, columns) > _held(best, columns) or not best:
            best = names
    missing = ", ".join(repr(column) for column in columns if column not in best)
    there = ", ".join(repr(name) for name in best[:_TOLD] if name)
    raise HeaderError(f"no column {missing}; the file has {there or 'none'}; try: a mapping made for this file")


def _held(names: Sequence[str], columns: Sequence[str]) -> int:
    return len(set(columns) & set(names))


def _places(number: int, names: Sequence[str], columns: Sequence[str]) -> Mapping[str, int]:
    for column in columns:
        if names.count(column) > 1:
            raise HeaderError(f"row {number}: two columns are named {column!r}; try: give them different names")
    return {column: names.index(column) for column in columns}
