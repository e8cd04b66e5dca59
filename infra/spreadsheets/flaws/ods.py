"""The pass over the sheets of an .ods workbook (OpenDocument 1.3, part 3, 9.1), which writes repeated cells once."""

from zipfile import ZipFile

from infra.spreadsheets.flaws.found import UNNAMED_ERROR, Area, Flaws
from infra.spreadsheets.flaws.tags import attributes_of, start_tags, whole_number

MANIFEST = "META-INF/manifest.xml"

_MAX_COVERED = 1 << 20


def is_encrypted(package: ZipFile) -> bool:
    """Tell whether the document is protected by a password."""
    with package.open(MANIFEST) as stream:
        return any(name == b"encryption-data" for name, _ in start_tags(stream))


def flaws_of_ods(package: ZipFile) -> dict[str, Flaws]:
    """Return what is flawed in each sheet: the library reads all of them at once.

    Raises:
        TooLargeError: a sheet is beyond what is read.
    """
    sheets: dict[str, Flaws] = {}
    place = _Place()
    with package.open("content.xml") as stream:
        for name, raw in start_tags(stream):
            if name == b"table":
                place = _Place()
                sheets[attributes_of(raw).get("name", "")] = place.flaws
            elif name == b"table-row":
                place.enter_row(attributes_of(raw))
            elif name in (b"table-cell", b"covered-table-cell"):
                place.enter_cell(attributes_of(raw))
    return sheets


class _Place:
    """Where in the sheet the pass is."""

    def __init__(self) -> None:
        self.flaws = Flaws()
        self._row, self._row_after, self._column = 0, 0, 0

    def enter_row(self, fields: dict[str, str]) -> None:
        self._row = self._row_after
        self._row_after += whole_number(fields.get("number-rows-repeated"), 1)
        self._column = 0

    def enter_cell(self, fields: dict[str, str]) -> None:
        column = self._column
        self._column += whole_number(fields.get("number-columns-repeated"), 1)
        if "value-type" in fields:
            self.flaws.reach(self._row_after - 1, self._column - 1)
            if fields["value-type"] == "error":  # of the two attributes of this name the extension's, which comes last
                self._add_errors(column)
        self._add_merged(fields, column)

    def _add_errors(self, column: int) -> None:
        for row in range(self._row, self._row_after):
            for each in range(column, self._column):
                self.flaws.add_error(row, each, UNNAMED_ERROR)

    def _add_merged(self, fields: dict[str, str], column: int) -> None:
        rows = whole_number(fields.get("number-rows-spanned"), 1)
        columns = whole_number(fields.get("number-columns-spanned"), 1)
        last_row, last_column = self._row + min(rows, _MAX_COVERED) - 1, column + min(columns, _MAX_COVERED) - 1
        self.flaws.add_merged(Area(self._row, column, last_row, last_column))
