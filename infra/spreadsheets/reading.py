"""Opens a file as a table of rows, by its content and not by its name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from infra.spreadsheets.cells import SheetRow
from infra.spreadsheets.csv_file import CsvTable
from infra.spreadsheets.errors import EmptyFileError, FileUnreachableError, NotASpreadsheetError, SheetMissingError
from infra.spreadsheets.flaws.compound import MAGIC as COMPOUND_MAGIC
from infra.spreadsheets.workbook import ZIP_MAGIC, WorkbookTable

CSV_NAMES = (".csv", ".tsv", ".txt")


class Table(Protocol):
    """Rows of one sheet or of a CSV file."""

    @property
    def sheet(self) -> str | None:
        """The name of the sheet; None for a file that has no sheets."""

    def rows(self) -> Iterator[SheetRow]:
        """Return all rows from the first, empty ones included."""


def open_table(path: Path, sheet: str | None = None) -> Table:
    """Open a spreadsheet (.xlsx, .xlsb, .xls, .ods) at a sheet, by default its first visible one, or a CSV file.

    What can go wrong with the file as a whole goes wrong here, before a row is used.

    Raises:
        SpreadsheetError: the file cannot be read, is empty, encrypted, damaged, too large, or something else.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(COMPOUND_MAGIC))
        if not start:
            raise EmptyFileError("the file is empty; try: the file as it was saved")
        if start.startswith(ZIP_MAGIC) or start == COMPOUND_MAGIC:
            return WorkbookTable(path, sheet)
        if path.suffix.lower() not in CSV_NAMES:
            raise NotASpreadsheetError(f"{path.name} is no .xlsx, .xls, .xlsb or .ods inside; try: a CSV is named .csv")
        if sheet is not None:
            raise SheetMissingError(f"a CSV file has no sheets, so none named {sheet!r}; try: leave the sheet out")
        return CsvTable(path)
    except OSError as failure:
        raise FileUnreachableError(f"cannot read {path}: {failure.strerror}; try: check name and rights") from failure
