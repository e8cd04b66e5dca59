"""One contract for workbooks of all four formats: the same cells come out, and the same flaws are told."""

import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from infra.errors import InfraError
from infra.spreadsheets.cells import Cell, FormulaError, MergedCell
from infra.spreadsheets.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    FileUnreachableError,
    NotASpreadsheetError,
    SheetMissingError,
    SpreadsheetError,
    TooLargeError,
)
from infra.spreadsheets.reading import open_table
from tests.infra.spreadsheets.workbooks import Dated, Error, Value, compound, ods, xls, xlsb, xlsx, xlsx_of_xml, zipped

Write = Callable[[Path, list[list[Value]]], Path]

FORMATS: dict[str, Write] = {"xlsx": xlsx, "xls": xls, "xlsb": xlsb, "ods": ods}
MERGING: dict[str, Write] = {
    "xlsx": partial(xlsx, merged=["A1:B2"]),
    "xls": partial(xls, merged=[(0, 1, 0, 1)]),
    "xlsb": partial(xlsb, merged=[(0, 1, 0, 1)]),
    "ods": partial(ods, merged=["A1:B2"]),
}


def cells_of(path: Path) -> list[tuple[int, list[Cell]]]:
    return [(row.number, list(row.cells)) for row in open_table(path).rows()]


@pytest.fixture(params=sorted(FORMATS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_cells_come_out_as_they_are_with_the_number_of_their_row(kind: str, tmp_path: Path) -> None:
    path = FORMATS[kind](tmp_path / f"a.{kind}", [["编号", "Reason"], ["-1+2", "=1+1"], [213747, 0.5], [True, None]])

    assert cells_of(path) == [
        (1, ["编号", "Reason"]),
        (2, ["-1+2", "=1+1"]),
        (3, [213747.0, 0.5]),
        (4, [True, None]),
    ]


def test_empty_rows_above_and_between_keep_their_numbers(kind: str, tmp_path: Path) -> None:
    path = FORMATS[kind](tmp_path / f"a.{kind}", [[None], [None, "Number"], [None], [None, "1"]])

    assert [(number, cells) for number, cells in cells_of(path) if any(cells)] == [
        (2, [None, "Number"]),
        (4, [None, "1"]),
    ]


def test_a_formulas_error_is_told_and_is_no_empty_cell(kind: str, tmp_path: Path) -> None:
    path = FORMATS[kind](tmp_path / f"a.{kind}", [["a", "b", "c"], ["x", Error("#DIV/0!"), "z"]])

    ((_, cells),) = cells_of(path)[1:]

    assert isinstance(cells[1], FormulaError)
    assert (cells[0], cells[2]) == ("x", "z")


def test_merged_cells_are_told_and_not_guessed(kind: str, tmp_path: Path) -> None:
    path = MERGING[kind](tmp_path / f"a.{kind}", [["a", None, "c"], [None, None, "d"], ["e", "f", "g"]])

    assert [cells for _, cells in cells_of(path)] == [
        [MergedCell("A1:B2"), MergedCell("A1:B2"), "c"],
        [MergedCell("A1:B2"), MergedCell("A1:B2"), "d"],
        ["e", "f", "g"],
    ]


def test_the_content_counts_and_not_the_name(kind: str, tmp_path: Path) -> None:
    path = FORMATS[kind](tmp_path / "a.csv", [["a"], ["b"]])

    assert cells_of(path) == [(1, ["a"]), (2, ["b"])]


def test_a_file_cut_off_anywhere_is_refused_or_read_whole(kind: str, tmp_path: Path) -> None:
    whole = FORMATS[kind](tmp_path / f"a.{kind}", [["a", "b"], ["c", Error("#N/A")]])
    raw, cells = whole.read_bytes(), cells_of(whole)

    for length in range(0, len(raw), 7):
        (tmp_path / "cut").write_bytes(raw[:length])
        try:
            assert cells_of(tmp_path / "cut") == cells
        except SpreadsheetError:
            continue


def test_a_changed_file_ends_in_one_of_our_errors(kind: str, tmp_path: Path) -> None:
    whole = FORMATS[kind](tmp_path / f"a.{kind}", [["a", "b"], ["c", 1]]).read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same changes at each run

    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        (tmp_path / "changed").write_bytes(raw)
        try:
            cells_of(tmp_path / "changed")
        except InfraError as refused:
            assert refused.code.startswith("spreadsheet.")  # noqa: PT017 - the other outcome is as right


def test_dates_and_times_are_told_apart(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [[Dated(45000), Dated(45000.5)]])

    assert cells_of(path) == [(1, [date(2023, 3, 15), datetime(2023, 3, 15, 12, 0)])]  # noqa: DTZ001 - as a sheet has it


def test_escaped_control_characters_come_out_as_themselves(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["a_x001D_b_x000D_\n", "_x005F_x000D_", " \t padded "]])

    assert cells_of(path) == [(1, ["a\x1db\r\n", "_x000D_", " \t padded "])]


def test_cells_without_a_place_follow_one_another(tmp_path: Path) -> None:
    path = xlsx_of_xml(tmp_path / "a.xlsx", '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>')

    assert cells_of(path) == [(1, [1.0, FormulaError("an error")])]


def test_a_sheet_is_found_by_its_name_whatever_stands_in_it(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["a"], [Error("#N/A")]], sheet="偏差 & 'changes'")

    assert [list(row.cells) for row in open_table(path, "偏差 & 'changes'").rows()] == [
        ["a"],
        [FormulaError("an error")],
    ]


def test_a_missing_sheet_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(SheetMissingError, match="try: one of 'Sheet1'"):
        open_table(xlsx(tmp_path / "a.xlsx", [["a"]]), "Tabelle1")


def test_two_cells_in_two_corners_do_not_take_all_memory(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    with pytest.raises(TooLargeError, match="XFD1048576"):
        open_table(xlsx_of_xml(tmp_path / "a.xlsx", rows))


def test_empty_cells_with_a_style_far_out_are_no_reason_to_refuse(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert cells_of(xlsx_of_xml(tmp_path / "a.xlsx", rows)) == [(1, [1.0])]


def test_a_repeated_cell_of_an_ods_counts_as_often_as_it_stands(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", [["a"]])
    with_repeats = ods(tmp_path / "b.ods", [["a"]])
    content = {name: _part(path, name) for name in ("mimetype", "META-INF/manifest.xml")}
    row = _part(path, "content.xml").replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="999999">'
    )
    content["content.xml"] = row.replace(b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="999"')

    with pytest.raises(TooLargeError):
        open_table(zipped(with_repeats, content))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.xlsx", b"", EmptyFileError),
        ("a.csv", b"", EmptyFileError),
        ("a.xlsx", b"%PDF-1.7 ...", NotASpreadsheetError),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", NotASpreadsheetError),
        ("a.xlsx", b"PK\x03\x04 and nothing more", DamagedFileError),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), DamagedFileError),
    ],
)
def test_what_is_no_spreadsheet_is_told_what_would_be_right(
    name: str, content: bytes, error: type[SpreadsheetError], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(error, match="try: "):
        open_table(tmp_path / name)


def test_a_zip_without_a_workbook_is_no_spreadsheet(tmp_path: Path) -> None:
    with pytest.raises(NotASpreadsheetError, match="try: "):
        open_table(zipped(tmp_path / "a.xlsx", {"word/document.xml": "<document/>"}))


def test_an_empty_sheet_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmptyFileError, match="'Sheet1'"):
        open_table(xlsx_of_xml(tmp_path / "a.xlsx", ""))


@pytest.mark.parametrize("kind_of_lock", ["xlsx", "ods", "xls"])
def test_a_file_with_a_password_is_told(kind_of_lock: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind_of_lock}"
    if kind_of_lock == "ods":
        ods(path, [["a"]], encrypted=True)
    elif kind_of_lock == "xlsx":
        compound(path, {"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(64)})
    else:
        compound(
            path, {"Workbook": bytes.fromhex("09081000 00060500 00000000 00000000 00000000 2f000600 010001000000")}
        )

    with pytest.raises(EncryptedFileError, match="password"):
        open_table(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreachableError, match="No such file"):
        open_table(tmp_path / "none.xlsx")


def _part(path: Path, name: str) -> bytes:

    with zipfile.ZipFile(path) as package:
        return package.read(name)
