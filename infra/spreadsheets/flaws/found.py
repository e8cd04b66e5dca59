"""What a pass over a sheet finds."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from infra.spreadsheets.cells import FormulaError, MergedCell, column_letters
from infra.spreadsheets.errors import TooLargeError

MAX_CELLS = 10_000_000
"""The largest area of a sheet: 580,000 rows of 17 columns; the reader takes 32 bytes for each cell of it."""

MAX_MERGED_ROWS = 1_000_000
"""How many rows all merged areas of a sheet may span together."""

UNNAMED_ERROR = "an error"

ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""Formula errors by their number in the binary formats."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, counted from 0, both ends within."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = f"{column_letters(self.first_column)}{self.first_row + 1}"
        return f"{first}:{column_letters(self.last_column)}{self.last_row + 1}"

    @property
    def is_one_cell(self) -> bool:
        """Tell whether there is nothing merged about it."""
        return (self.first_row, self.first_column) == (self.last_row, self.last_column)


@dataclass(slots=True)
class Flaws:
    """Formula errors and merged cells of a sheet, and how far its cells reach (counted from 0)."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)  # row -> column -> text
    merged: dict[int, list[Area]] = field(default_factory=dict)  # row -> areas
    _merged_rows: int = 0
    _rows: int = 0
    _columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that a cell has content.

        Raises:
            TooLargeError: the area from A1 to the furthest cells is beyond what is read.
        """
        if row >= self._rows or column >= self._columns:
            self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
            if self._rows * self._columns > MAX_CELLS:
                corner = f"{column_letters(self._columns - 1)}{self._rows}"
                raise TooLargeError(
                    f"the sheet reaches to {corner}: more than {MAX_CELLS} cells; try: delete what is far out"
                )

    def add_error(self, row: int, column: int, text: str) -> None:
        """Note a formula error."""
        self.errors.setdefault(row, {})[column] = text

    def add_merged(self, area: Area) -> None:
        """Note merged cells.

        Raises:
            TooLargeError: there are too many of them.
        """
        if area.is_one_cell or area.last_row < area.first_row:
            return
        self._merged_rows += area.last_row - area.first_row + 1
        if self._merged_rows > MAX_MERGED_ROWS:
            raise TooLargeError(f"merged cells span more than {MAX_MERGED_ROWS} rows; try: unmerge all cells")
        for row in range(area.first_row, area.last_row + 1):
            self.merged.setdefault(row, []).append(area)

    def of_row(self, row: int, width: int) -> Iterator[tuple[int, FormulaError | MergedCell]]:
        """Return the flawed cells among the first `width` of a row, by column."""
        for area in self.merged.get(row, ()):
            merged = MergedCell(str(area))
            yield from ((column, merged) for column in range(area.first_column, min(area.last_column + 1, width)))
        for column, text in self.errors.get(row, {}).items():
            if column < width:
                yield column, FormulaError(text)
