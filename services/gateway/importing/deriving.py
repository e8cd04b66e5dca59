"""The value of one field of one row, by its rule."""

import unicodedata
from collections.abc import Mapping as Columns
from typing import Any

from infra.spreadsheets.cells import Cell, FormulaError, MergedCell, SheetRow, text_of
from services.gateway.importing.dates import stated_time
from services.gateway.importing.errors import RowError
from services.gateway.importing.mapping import CODES, DATES, FieldRule
from services.gateway.importing.templates import filled

_TOLD = 8  # values that are told where another stands


def value_of(name: str, rule: FieldRule, row: SheetRow, places: Columns[str, int]) -> Any:  # noqa: ANN401 - as JSON has it
    """Return the value of a field: a text, for `batches` a list, None where there is none.

    Raises:
        RowError: a cell has no value that fits.
    """
    if rule.constant is not None:
        value: str | None = rule.constant
    elif rule.template is not None:
        value = filled(rule.template, lambda column: text_of(_cell(column, row, places)))
    else:
        column = rule.column or ""
        value = _translated(rule, column, _cell(column, row, places), is_date=name in DATES)
    if name == "batches":
        return _batches(value, rule.split)
    if value is None:
        return None
    if name in CODES:
        return _as_code(value)
    return shortened(value, rule.cut) if rule.cut else value


def shortened(text: str, most: int) -> str:
    """Return a text on one line, with single spaces, of at most so many characters; `…` stands for what is left out."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    at_word = kept.rpartition(" ")[0] if line[most - 1] != " " else kept
    return (at_word if len(at_word) > most // 2 else kept).rstrip() + "…"


def _cell(column: str, row: SheetRow, places: Columns[str, int]) -> Cell:
    place = places[column]
    cell = row.cells[place] if place < len(row.cells) else None
    if isinstance(cell, FormulaError):
        raise RowError(f"column {column!r}: the formula gives {cell.text}; right would be a value")
    if isinstance(cell, MergedCell):
        raise RowError(f"column {column!r}: the cells {cell.area} are merged; right would be one value in each row")
    return cell


def _translated(rule: FieldRule, column: str, cell: Cell, *, is_date: bool) -> str | None:
    if text_of(cell) == "":
        return rule.default
    try:
        if rule.values is not None:
            return _looked_up(rule.values, text_of(cell))
        return stated_time(cell, rule.dates, rule.offset) if is_date else text_of(cell)
    except RowError as failure:
        raise RowError(f"column {column!r}: {failure}") from failure


def _looked_up(values: dict[str, str], text: str) -> str:
    found = values.get(text, values.get(text.strip()))
    if found is None:
        known = ", ".join(repr(value) for value in list(values)[:_TOLD])
        raise RowError(f"{text!r:.60} has no translation; right would be {known}")
    return found


def _batches(value: str | None, separator: str | None) -> list[dict[str, str]]:
    pieces = [] if value is None else value.split(separator) if separator else [value]
    numbers = dict.fromkeys(number for piece in pieces if (number := _as_code(piece)))
    return [{"number": number} for number in numbers]


def _as_code(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
