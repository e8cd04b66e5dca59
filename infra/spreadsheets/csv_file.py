"""CSV as people's programs write it: UTF-8 with or without a mark, or GB18030; commas, semicolons or tabs.

The file is read twice, in a stream: once to see that all of it can be read, once to hand it out. So a damaged line far
down is known before the first row is used.
"""

import codecs
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from infra.spreadsheets.cells import SheetRow
from infra.spreadsheets.errors import DamagedFileError, EmptyFileError, NotASpreadsheetError

MAX_CELL_CHARACTERS = 16_777_216
"""What a cell may hold before the file counts as damaged: a quotation mark that does not close swallows the rest."""

_CHUNK = 1 << 20
_DELIMITERS = ",;\t"
_LOOKED_AT = 20  # rows, to find out the delimiter
_OTHER_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


class CsvTable:
    """A CSV file. Its rows are numbered as a spreadsheet program would: a cell with line breaks is in one row."""

    sheet: str | None = None

    def __init__(self, path: Path) -> None:
        """Read the file once.

        Raises:
            SpreadsheetError: it cannot be read to its end, or holds nothing.
        """
        csv.field_size_limit(MAX_CELL_CHARACTERS)
        self._path = path
        self._encoding = _find_encoding(path)
        self._delimiter = self._find_delimiter()
        if not sum(any(row) for row in self._checked()):
            raise EmptyFileError(
                "there is nothing in the file; try: a file with a row of column names and rows below it"
            )

    def rows(self) -> Iterator[SheetRow]:
        """Return all rows from the first, empty ones included."""
        for number, row in enumerate(self._records(self._delimiter, strict=True), 1):
            yield SheetRow(number, [cell or None for cell in row])

    def _checked(self) -> Iterator[list[str]]:
        number = 0
        try:
            for row in self._records(self._delimiter, strict=True):
                number += 1
                yield row
        except csv.Error as failure:
            raise DamagedFileError(
                f"row {number + 1}: {failure}; try: put cells with quotation marks in quotation marks, each mark twice"
            ) from failure

    def _records(self, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
        with self._path.open(encoding=self._encoding, newline="") as file:
            yield from csv.reader(file, delimiter=delimiter, strict=strict)

    def _find_delimiter(self) -> str:
        """Return the delimiter that makes the most cells of the first rows."""
        return max(_DELIMITERS, key=lambda delimiter: sum(map(len, self._first_rows(delimiter))))

    def _first_rows(self, delimiter: str) -> list[list[str]]:
        try:
            return list(islice(self._records(delimiter, strict=False), _LOOKED_AT))
        except csv.Error:
            return []


def _find_encoding(path: Path) -> str:
    """Return the first of UTF-8 and GB18030 in which the whole file can be read."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _OTHER_MARKS.items():
        if start.startswith(mark):
            raise NotASpreadsheetError(f"the file is in {name}; try: save it as CSV UTF-8")
    for encoding in ("utf-8-sig", "gb18030"):
        wrong_line = _first_wrong_line(path, encoding)
        if wrong_line is None:
            return encoding
    raise NotASpreadsheetError(f"line {wrong_line}: neither UTF-8 nor GB18030; try: save it as CSV UTF-8")


def _first_wrong_line(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as failure:
                return line + failure.object[: failure.start].count(b"\n")
            if not chunk:
                return None
