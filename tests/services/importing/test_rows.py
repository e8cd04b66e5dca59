from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.spreadsheets.errors import DamagedFileError
from services.gateway.importing.deriving import shortened
from services.gateway.importing.errors import HeaderError
from services.gateway.importing.rows import ImportFile, MappedRow, rows_of
from tests.infra.spreadsheets.workbooks import Dated, Error, Value, xlsx
from tests.services.importing.samples import FIELDS, HEADER, imported, mapping, reasons


def fields_of(tmp_path: Path, text: str, fields: dict[str, Any]) -> dict[str, Any]:
    (row,) = imported(tmp_path, text, mapping(fields))
    assert isinstance(row, MappedRow), row
    return row.fields


def test_a_row_has_the_shape_that_the_api_takes(tmp_path: Path) -> None:
    (row,) = imported(tmp_path, HEADER + "D-1,Pump  alarm,2026-03-01,II\n")

    assert isinstance(row, MappedRow)
    assert row.as_json() == {
        "row": 2,
        "external_number": "D-1",
        "fields": {
            "title": "Pump alarm",
            "description": "Pump  alarm",
            "detected_at": "2026-03-01",
            "class": "moderate",
            "rationale": "class II",
        },
    }


def test_the_header_may_stand_further_down_and_empty_rows_are_nothing(tmp_path: Path) -> None:
    rows = imported(tmp_path, "Recalls of 2026\n\n" + HEADER + "\n1,a,2026-03-01,I\n,,,\n2,b,2026-03-01,I\n")

    assert [row.row for row in rows] == [5, 7]


def test_a_file_without_the_columns_is_told_before_any_row(tmp_path: Path) -> None:
    with pytest.raises(HeaderError, match="no column 'Found', 'Class'; the file has 'No', 'Reason', 'When'; try: "):
        imported(tmp_path, "No,Reason,When\n1,a,b\n")


def test_two_columns_of_one_name_are_told(tmp_path: Path) -> None:
    with pytest.raises(HeaderError, match="row 1: two columns are named 'No'"):
        imported(tmp_path, "No,Reason,Found,Class,No\n")


def test_a_damaged_file_is_told_before_any_row(tmp_path: Path) -> None:
    with pytest.raises(DamagedFileError):
        imported(tmp_path, HEADER + '1,a,2026-03-01,I\n2,"b,2026-03-01,I\n')


def test_a_second_row_with_the_same_number_names_the_first(tmp_path: Path) -> None:
    rows = imported(tmp_path, HEADER + "1,a,2026-03-01,I\n2,b,2026-03-01,I\n １ ,c,2026-03-01,I\n")  # noqa: RUF100

    assert reasons(rows) == [(4, "external_number '1' stands in row 2 already")]


def test_a_row_that_does_not_fit_stops_none_of_the_others(tmp_path: Path) -> None:
    rows = imported(
        tmp_path,
        HEADER
        + ",no number,2026-03-01,I\n"
        + "2,no class of this name,2026-03-01,IV\n"
        + "3,no such day,2026-02-30,I\n"
        + "4,,2026-03-01,I\n"
        + "5,no date,,I\n"
        + "6,fits,2026-03-01,I\n",
    )

    assert reasons(rows) == [
        (2, "external_number (column 'No'): is missing; right would be the record's number"),
        (3, "column 'Class': 'IV' has no translation; right would be 'I', 'II', 'III'"),
        (4, "column 'Found': '2026-02-30' is no day of the calendar"),
        (5, "title (column 'Reason'): is missing"),
        (6, "detected_at (column 'Found'): is missing"),
    ]
    assert rows[-1].row == 7


@pytest.mark.parametrize("text", ["-", "+1", "=1+1", "@x", "a\x1db\x0c", "x" * 11_000, " padded\t", "一\u2028二", "'q"])
def test_a_text_goes_in_verbatim(text: str, tmp_path: Path) -> None:
    quoted = text.replace('"', '""')

    fields = fields_of(tmp_path, f'No,Reason,Found,Class\n1,"{quoted}",2026-03-01,I\n', {})

    assert fields["description"] == text


def test_a_nul_character_is_reported_with_row_and_column(tmp_path: Path) -> None:
    rows = imported(tmp_path, HEADER + "1,a\0b,2026-03-01,I\n2,b,2026-03-01,I\n")

    assert reasons(rows) == [(2, "title (column 'Reason'): holds U+0000")]


def test_a_row_too_large_for_an_entry_is_reported(tmp_path: Path) -> None:
    rows = imported(tmp_path, HEADER + f"1,{'风' * 59_000},2026-03-01,I\n")

    ((number, reason),) = reasons(rows)
    assert number == 2
    assert "an entry holds at most 131072" in reason


def test_a_text_too_long_for_its_field_is_reported_with_its_column(tmp_path: Path) -> None:
    rows = imported(tmp_path, HEADER + f"1,{'x' * 60_001},2026-03-01,I\n")

    assert reasons(rows)[0][1].startswith("description (column 'Reason'): ")


def test_numbers_of_a_workbook_have_no_decimals_and_its_dates_stay_dates(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["No", "Reason", "Found", "Class"], [213747, 12.5, Dated(45000), "I"]])

    (row,) = rows_of(path, mapping())

    assert isinstance(row, MappedRow)
    assert row.external_number == "213747"
    assert (row.fields["description"], row.fields["detected_at"]) == ("12.5", "2023-03-15")


def test_a_formulas_error_in_a_mapped_column_is_reported_and_elsewhere_is_nothing(tmp_path: Path) -> None:
    header = ["No", "Reason", "Found", "Class", "Other"]
    day = Dated(45000)
    path = xlsx(
        tmp_path / "a.xlsx",
        [header, ["1", Error("#N/A"), day, "I", None], ["2", "b", day, "I", Error("#N/A")]],
    )

    assert reasons(list(rows_of(path, mapping()))) == [
        (2, "column 'Reason': the formula gives an error; right would be a value")
    ]


def test_merged_cells_are_reported_in_each_row_they_touch(tmp_path: Path) -> None:
    day = Dated(45000)
    rows: list[list[Value]] = [["No", "Reason", "Found", "Class"]]
    rows += [[str(number), "a", day, "I"] for number in range(3)]
    path = xlsx(tmp_path / "a.xlsx", rows, ["B2:B3"])

    assert reasons(list(rows_of(path, mapping()))) == [
        (number, "column 'Reason': the cells B2:B3 are merged; right would be one value in each row")
        for number in (2, 3)
    ]


def test_batches_product_and_constants(tmp_path: Path) -> None:
    fields = fields_of(
        tmp_path,
        "No,Reason,Found,Class,Batches,Code,Name\n1,a,2026-03-01,I,B1; B2 ;B1;,Ｐ－７, 注射用 \n",
        {
            "batches": {"column": "Batches", "split": ";"},
            "product.code": {"column": "Code"},
            "product.name": {"column": "Name"},
            "line": {"constant": "L1"},
        },
    )

    assert fields["batches"] == [{"number": "B1"}, {"number": "B2"}]
    assert fields["product"] == {"code": "P-7", "name": " 注射用 "}
    assert fields["line"] == "L1"


def test_a_default_stands_for_an_empty_cell_and_no_class_means_no_rationale(tmp_path: Path) -> None:
    empty = "No,Reason,Found,Class\n1,a,2026-03-01,\n"

    assert "rationale" not in fields_of(tmp_path, empty, {})
    assert fields_of(tmp_path, empty, {"class": {**FIELDS["class"], "default": "minor"}})["class"] == "minor"


@pytest.mark.parametrize(
    ("cell", "forms", "stated"),
    [
        ("2026-11-20", None, "2026-11-20"),
        ("2026.1.2", None, "2026-01-02"),
        ("2026年11月20日", None, "2026-11-20"),
        ("2026-11-20T08:10:00+08:00", None, "2026-11-20T08:10:00+08:00"),
        ("11/20/2026", ["MM/DD/YYYY"], "2026-11-20"),
        ("20261120", ["YYYYMMDD"], "2026-11-20"),
        ("20.11.2026 08:10", ["DD.MM.YYYY hh:mm"], "2026-11-20T08:10:00+08:00"),
        ("46346", ["serial"], "2026-11-20"),
        ("46346.5", ["serial"], "2026-11-20T12:00:00+08:00"),
    ],
)
def test_dates_are_read_by_the_forms_of_the_mapping(
    cell: str, forms: list[str] | None, stated: str, tmp_path: Path
) -> None:
    rule = {"column": "Found", "offset": "+08:00", **({"dates": forms} if forms else {})}

    fields = fields_of(tmp_path, f'No,Reason,Found,Class\n1,a,"{cell}",I\n', {"detected_at": rule})

    assert fields["detected_at"] == stated


@pytest.mark.parametrize(
    ("cell", "forms", "told"),
    [
        ("20 Nov 2026", None, "is no date; right would be YYYY-M-D"),
        ("13/13/2026", ["MM/DD/YYYY"], "is no day of the calendar"),
        ("0", ["serial"], "is no day of a spreadsheet's calendar"),
        ("20.11.2026 08:10", ["DD.MM.YYYY hh:mm"], 'has a time; right would be an "offset"'),
    ],
)
def test_what_is_no_date_is_told(cell: str, forms: list[str] | None, told: str, tmp_path: Path) -> None:
    rule = {"column": "Found", **({"dates": forms} if forms else {})}

    rows = imported(tmp_path, f"No,Reason,Found,Class\n1,a,{cell},I\n", mapping({"detected_at": rule}))

    assert told in reasons(rows)[0][1]


def test_a_file_is_known_by_name_digest_and_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode())

    assert ImportFile(path, mapping()).as_json() == {
        "name": "a.csv",
        "sha256": sha256(HEADER.encode()).hexdigest(),
        "sheet": None,
    }


@given(text=st.text(max_size=300), most=st.integers(20, 100))
def test_a_title_is_one_line_within_its_bound_and_begins_as_the_text_does(text: str, most: int) -> None:
    title = shortened(text, most)
    line = " ".join(text.split())

    assert len(title) <= most
    assert title == line or (title.endswith("…") and line.startswith(title[:-1]))
