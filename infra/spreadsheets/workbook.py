"""One sheet of a workbook (.xlsx, .xlsb, .xls, .ods), read by calamine, with the flaws that calamine does not tell."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import python_calamine

from infra.spreadsheets.cells import Cell, SheetRow, span_text
from infra.spreadsheets.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    NotASpreadsheetError,
    SheetMissingError,
    SpreadsheetError,
    TooLargeError,
)
from infra.spreadsheets.flaws.compound import MAGIC as COMPOUND_MAGIC
from infra.spreadsheets.flaws.compound import parse_compound
from infra.spreadsheets.flaws.found import Flaws
from infra.spreadsheets.flaws.ods import MANIFEST, flaws_of_ods, is_encrypted
from infra.spreadsheets.flaws.xls import flaws_of_xls, has_password
from infra.spreadsheets.flaws.xlsb import flaws_of_xlsb
from infra.spreadsheets.flaws.xlsx import flaws_of_xlsx

ZIP_MAGIC = b"PK\x03\x04"
MAX_FILE_BYTES = 268_435_456  # 256 MiB
MAX_UNPACKED_BYTES = 1_073_741_824  # 1 GiB

Pass = Callable[[str], Flaws]
"""Returns what is flawed in a sheet, by its name."""

_BAD_PACKAGE = (BadZipFile, zlib.error, OSError, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)
_LOCKED = "the file has a password; try: save it without one"
_NOT_ONE = "try: open it in a spreadsheet program and save it as .xlsx or as CSV UTF-8"


class WorkbookTable:
    """One sheet of a workbook."""

    def __init__(self, path: Path, sheet: str | None) -> None:
        """Open a sheet by name; without one, the first visible sheet.

        Raises:
            SpreadsheetError: the file or the sheet cannot be read; nothing of it was returned.
        """
        look_for_flaws = _choose_pass(path)
        with (
            _translated(path),
            path.open("rb") as file,
            python_calamine.CalamineWorkbook.from_filelike(file) as workbook,
        ):
            self.sheet = _choose_sheet(workbook, sheet)
            self._flaws = look_for_flaws(self.sheet)  # before the library takes memory for the sheet
            self._sheet = workbook.get_sheet_by_name(self.sheet)
        if self._sheet.end is None:
            raise EmptyFileError(f"the sheet {self.sheet!r} is empty; try: name the sheet that holds the rows")

    def rows(self) -> Iterator[SheetRow]:
        """Return all rows from the first, empty ones included, each with the sheet's own number."""
        start = self._sheet.start
        padding: list[Cell] = [None] * (start[1] if start else 0)
        for index, values in enumerate(self._sheet.iter_rows()):
            cells = padding + [_cell(value) for value in values]
            for column, flaw in self._flaws.of_row(index, len(cells)):
                cells[column] = flaw
            yield SheetRow(index + 1, cells)


def _choose_pass(path: Path) -> Pass:
    """Return the pass for the format that the content is of, whatever the name says."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise TooLargeError(f"more than {MAX_FILE_BYTES >> 20} MiB; try: split the file")
    with path.open("rb") as file:
        magic = file.read(len(COMPOUND_MAGIC))
    return _pass_over_compound(path) if magic == COMPOUND_MAGIC else _pass_over_package(path)


def _pass_over_compound(path: Path) -> Pass:
    compound = parse_compound(path.read_bytes())
    if "EncryptedPackage" in compound.entries:
        raise EncryptedFileError(_LOCKED)
    if not {"Workbook", "Book"} & compound.entries.keys():
        raise NotASpreadsheetError(f"another kind of document; {_NOT_ONE}")
    if has_password(compound):
        raise EncryptedFileError(_LOCKED)
    return _found(flaws_of_xls(compound))


def _pass_over_package(path: Path) -> Pass:
    with _opened(path) as package:
        parts = set(package.namelist())
        if sum(member.file_size for member in package.infolist()) > MAX_UNPACKED_BYTES:
            raise TooLargeError(f"more than {MAX_UNPACKED_BYTES >> 30} GiB when unpacked; try: split the file")
        if MANIFEST in parts and is_encrypted(package):
            raise EncryptedFileError(_LOCKED)
        if "content.xml" in parts:
            return _found(flaws_of_ods(package))
    if "xl/workbook.xml" in parts:
        return partial(_look, path, flaws_of_xlsx)
    if "xl/workbook.bin" in parts:
        return partial(_look, path, flaws_of_xlsb)
    raise NotASpreadsheetError(f"a zip file without a workbook; {_NOT_ONE}")


def _found(sheets: Mapping[str, Flaws]) -> Pass:
    return lambda sheet: sheets.get(sheet) or Flaws()


def _look(path: Path, look: Callable[[ZipFile, str], Flaws], sheet: str) -> Flaws:
    with _opened(path) as package:
        return look(package, sheet)


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(path) as package:
            yield package
    except _BAD_PACKAGE as failure:
        raise DamagedFileError("the file is cut off or changed; try: fetch or save it once more") from failure


def _choose_sheet(workbook: python_calamine.CalamineWorkbook, wanted: str | None) -> str:
    if wanted is not None:
        if wanted in workbook.sheet_names:
            return wanted
        there = ", ".join(repr(name) for name in workbook.sheet_names[:10])
        raise SheetMissingError(f"no sheet {wanted!r}; try: one of {there}")
    for sheet in workbook.sheets_metadata:
        is_worksheet = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        if is_worksheet and sheet.visible == python_calamine.SheetVisibleEnum.Visible:
            return sheet.name
    raise EmptyFileError(f"no visible sheet; {_NOT_ONE}")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except SpreadsheetError:
        raise
    except python_calamine.PasswordError as failure:
        raise EncryptedFileError(_LOCKED) from failure
    except (python_calamine.CalamineError, OSError, ValueError) as failure:
        raise DamagedFileError(f"{path.name} is cut off or changed ({failure}); try: save it once more") from failure
    except BaseException as failure:
        if (
            type(failure).__name__ == "PanicException"
        ):  # the library's code in Rust gave up; it derives from no Exception
            raise DamagedFileError(f"{path.name} cannot be read; try: save it once more") from failure
        raise


def _cell(value: Any) -> Cell:  # noqa: ANN401 - what the library hands out
    """Return what the library read as a cell: it writes an empty one as an empty text."""
    if value == "":
        return None
    if isinstance(value, str | int | float | date):
        return value
    return span_text(value) if isinstance(value, time | timedelta) else str(value)
