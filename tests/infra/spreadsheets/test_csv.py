import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.spreadsheets.cells import Cell, column_letters, text_of
from infra.spreadsheets.csv_export import csv_bytes, neutral
from infra.spreadsheets.csv_file import CsvTable
from infra.spreadsheets.errors import (
    DamagedFileError,
    EmptyFileError,
    NotASpreadsheetError,
    SheetMissingError,
    SpreadsheetError,
)
from infra.spreadsheets.reading import open_table


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return path


def rows_of(path: Path) -> list[tuple[int, list[Cell]]]:
    return [(row.number, list(row.cells)) for row in open_table(path).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_comes_out_the_same_from_each_encoding(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, "编号,原因\n1,冻干机真空泵报警——㐀\n".encode(encoding))

    assert rows_of(path) == [(1, ["编号", "原因"]), (2, ["1", "冻干机真空泵报警——㐀"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_makes_most_cells(delimiter: str, tmp_path: Path) -> None:
    path = written(tmp_path, delimiter.join(["a", "b", "c"]).encode() + b"\n1" + delimiter.encode() * 2 + b"3\n")

    assert rows_of(path) == [(1, ["a", "b", "c"]), (2, ["1", None, "3"])]


def test_a_cell_with_line_breaks_is_in_one_row_and_empty_lines_count(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\r\n\r\n"x\r\ny",z\r\n1,2\r\n')

    assert rows_of(path) == [(1, ["a", "b"]), (2, []), (3, ["x\r\ny", "z"]), (4, ["1", "2"])]


def test_every_character_goes_through(tmp_path: Path) -> None:
    cells = ["-1", "+1", "=1+1", "@x", "\t", "a\x1db\x00c", "x" * 20_000, "'", "𠮷"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["h"] * len(cells), cells])

    assert rows_of(written(tmp_path, text.getvalue().encode()))[1] == (2, cells)


def test_a_quotation_mark_that_does_not_close_is_known_before_the_first_row(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n')

    with pytest.raises(DamagedFileError, match="row 3: unexpected end of data; try: "):
        CsvTable(path)


def test_bytes_of_neither_encoding_are_told_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(NotASpreadsheetError, match="line 3: neither UTF-8 nor GB18030; try: "):
        CsvTable(written(tmp_path, b"a,b\n1,2\n3,\xff\xff\n"))


def test_a_character_cut_off_at_the_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotASpreadsheetError, match="line 2"):
        CsvTable(written(tmp_path, b"a,b\n1,\x81"))


def test_utf_16_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotASpreadsheetError, match="UTF-16; try: save it as CSV UTF-8"):
        CsvTable(written(tmp_path, "a,b\n".encode("utf-16")))


@pytest.mark.parametrize("content", [b"\n\n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_a_file_without_any_cell_is_told(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(EmptyFileError, match="try: "):
        CsvTable(written(tmp_path, content))


def test_a_sheet_of_a_csv_file_is_told_to_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(SheetMissingError, match="try: leave the sheet out"):
        open_table(written(tmp_path, b"a\n"), "Sheet1")


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_our_words(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(tmp_path_factory.mktemp("csv"), content)
    try:
        rows_of(path)
    except SpreadsheetError as refused:
        assert "try: " in refused.detail  # noqa: PT017 - the other outcome is as right


def flat(rows: list[list[str]]) -> list[str]:
    return [cell for row in rows for cell in row]


_CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(rows=st.lists(st.lists(_CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_no_exported_text_begins_as_a_formula_and_nothing_else_changes(rows: list[list[str]]) -> None:
    exported = b"".join(csv_bytes(["a", "b"], rows))

    assert exported.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline="")))[1:]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row)
    kept = [given if cell == f"'{given}" else cell for cell, given in zip(flat(read), flat(rows), strict=True)]
    assert kept == flat(rows)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"),
        ("-", "'-"),
        ("\n=1+1", "'\n=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a-b", "a-b"),
        (-5, "-5"),
        (Decimal("-99.50"), "-99.50"),
        (None, ""),
        (True, "true"),
    ],
)
def test_a_number_of_ours_is_no_formula(cell: str | int | Decimal | None, text: str) -> None:
    assert neutral(cell) == text


def test_an_export_comes_in_pieces() -> None:
    pieces = list(csv_bytes(["a"], (["x" * 1000] for _ in range(1000))))

    assert max(map(len, pieces)) < 100_000
    assert b"".join(pieces).count(b"\r\n") == 1001


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (213747.0, "213747"),
        (1e20, "100000000000000000000"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (-0.5, "-0.5"),
        (True, "TRUE"),
        (None, ""),
        (12, "12"),
    ],
)
def test_numbers_read_as_they_are_shown(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@given(number=st.floats(allow_nan=True, allow_infinity=True))
def test_every_number_has_a_text_without_exponent(number: float) -> None:
    assert "e" not in text_of(number).replace("inf", "")


def test_columns_have_the_letters_that_a_person_sees() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
