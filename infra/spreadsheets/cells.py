"""What a cell may hold, and how it reads as text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

_LETTERS = 26
_SHOWN_DIGITS = 15  # a spreadsheet shows no more of a number


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell whose formula has no value: `#N/A`, `#DIV/0!`."""

    text: str


@dataclass(frozen=True, slots=True)
class MergedCell:
    """A cell that is merged with others, so that nobody can say which row its content belongs to."""

    area: str  # `A3:B4`


Cell = str | int | float | bool | date | datetime | FormulaError | MergedCell | None
"""None is an empty cell. A datetime is naive: a spreadsheet knows no time zones."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row under the number that the person sees beside it, from 1."""

    number: int
    cells: Sequence[Cell]


class Rows(Protocol):
    """An iterator of rows."""

    def __iter__(self) -> "Rows": ...

    def __next__(self) -> SheetRow: ...


def text_of(cell: Cell) -> str:
    """Return a cell as text: numbers without `.0`, with the digits that a spreadsheet shows; dates as 2026-11-22."""
    if isinstance(cell, str):
        return cell
    if cell is None or isinstance(cell, MergedCell):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number_text(cell)
    return cell.text if isinstance(cell, FormulaError) else str(cell)


def span_text(value: time | timedelta) -> str:
    """Return a time of day or a span, which no field of ours holds as such, as text."""
    return value.isoformat() if isinstance(value, time) else str(value)


def column_letters(index: int) -> str:
    """Return the letters of a column counted from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def _number_text(number: float) -> str:
    """Write all digits out: a product code that a spreadsheet took for a number is read back as it was typed."""
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    if not math.isfinite(number):
        return str(number)
    shown = f"{Decimal(f'{number:.{_SHOWN_DIGITS}g}'):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
