"""The rows of a file by a mapping, in the shape that the imports of the API take."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from infra.spreadsheets.cells import SheetRow
from infra.spreadsheets.errors import FileUnreachableError
from infra.spreadsheets.reading import Table, open_table
from services.gateway.importing.checking import check_row
from services.gateway.importing.deriving import value_of
from services.gateway.importing.errors import RowError
from services.gateway.importing.header import find_header
from services.gateway.importing.mapping import Mapping


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row that fits. `fields`: of `deviation.opened.v1` without source and external number; `class`, `rationale`."""

    row: int
    external_number: str
    fields: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the row as `POST /v1/imports` takes it."""
        return {"row": self.row, "external_number": self.external_number, "fields": self.fields}


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that does not fit, and why."""

    row: int
    reason: str


class ImportFile:
    """A file opened for import: its name, SHA-256 (hexadecimal), sheet, and its rows by the mapping."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        """Open a file and look whether it has the mapping's columns.

        Raises:
            SpreadsheetError: the file cannot be read, or is no spreadsheet.
            HeaderError: it has other columns.
        """
        self.name = path.name
        self._mapping = mapping
        self._table: Table = open_table(path, mapping.sheet)
        self.sheet = self._table.sheet
        self.sha256 = _digest(path)
        self._places = find_header(self._table.rows(), mapping.columns)

    def as_json(self) -> dict[str, Any]:
        """Return what `POST /v1/imports` wants to know of the file."""
        return {"name": self.name, "sha256": self.sha256, "sheet": self.sheet}

    def rows(self) -> Iterator[MappedRow | RejectedRow]:
        """Return each row below the header that is not empty, mapped or with the reason why it is not."""
        first_with: dict[str, int] = {}
        rows = iter(self._table.rows())
        find_header(rows, self._mapping.columns)
        for row in rows:
            if all(cell is None for cell in row.cells):
                continue
            try:
                yield self._mapped(row, first_with)
            except RowError as reason:
                yield RejectedRow(row.number, str(reason))

    def _mapped(self, row: SheetRow, first_with: dict[str, int]) -> MappedRow:
        values = {name: value_of(name, rule, row, self._places) for name, rule in self._mapping.fields.items()}
        external_number = values.pop("external_number")
        if not external_number:
            column = self._mapping.fields["external_number"].column
            raise RowError(f"external_number (column {column!r}): is missing; right would be the record's number")
        if external_number in first_with:
            raise RowError(f"external_number {external_number!r} stands in row {first_with[external_number]} already")
        mapped = MappedRow(row.number, external_number, _nested(values))
        check_row(self._mapping, external_number, mapped.fields)
        first_with[external_number] = row.number
        return mapped


def rows_of(path: Path, mapping: Mapping) -> Iterator[MappedRow | RejectedRow]:
    """Return the rows of a file by a mapping.

    Raises:
        SpreadsheetError: the file cannot be read, or is no spreadsheet; before the first row.
        HeaderError: it has other columns; before the first row.
    """
    return ImportFile(path, mapping).rows()


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """Return fields as a body has them: what has no value is left out, `product.name` stands in `product`."""
    fields: dict[str, Any] = {}
    for path, value in values.items():
        if value is None or value == []:
            continue
        outer, _, inner = path.partition(".")
        if inner:
            fields.setdefault(outer, {})[inner] = value
        else:
            fields[outer] = value
    if "class" not in fields:
        fields.pop("rationale", None)
    return fields


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as failure:
        raise FileUnreachableError(f"cannot read {path}: {failure.strerror}; try: check name and rights") from failure
