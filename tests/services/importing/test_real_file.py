"""The real file of drug recalls, read beside an independent reader of its XML."""

import re
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from services.gateway.importing.mapping import load_mapping
from services.gateway.importing.rows import ImportFile, MappedRow
from tests.services.importing.samples import EXAMPLES, real_file

ROWS = 16_908
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile("_x([0-9A-F]{4})_")


@pytest.fixture(scope="module")
def rows() -> list[MappedRow]:
    started = time.monotonic()
    found = list(ImportFile(real_file(), load_mapping(EXAMPLES / "fda-drug-recalls.json")).rows())
    assert time.monotonic() - started < 20, "a few seconds, on a slow machine too"
    return [row for row in found if isinstance(row, MappedRow)]


def xml_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Return the cells of each row by their column's letters, as the XML has them."""
    with zipfile.ZipFile(path) as package:
        strings = ET.fromstring(package.read("xl/sharedStrings.xml"))  # noqa: S314 - the file that the project was given
        texts = ["".join(part.text or "" for part in item.iter(f"{_MAIN}t")) for item in strings]
        for _, row in ET.iterparse(package.open("xl/worksheets/sheet1.xml")):  # noqa: S314 - as above
            if row.tag != f"{_MAIN}row":
                continue
            cells = {cell.get("r", "").rstrip("0123456789"): cell for cell in row}
            values = {letters: cell.findtext(f"{_MAIN}v", "") for letters, cell in cells.items()}
            shared = {letters for letters, cell in cells.items() if cell.get("t") == "s"}
            yield int(row.get("r", 0)), {k: texts[int(v)] if k in shared else v for k, v in values.items()}


def as_shown(text: str) -> str:
    """Resolve the escapes of control characters (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)


def test_all_rows_of_the_real_file_fit_and_none_is_rejected(rows: list[MappedRow]) -> None:
    assert len(rows) == ROWS
    assert [row.row for row in rows] == list(range(2, ROWS + 2))
    assert len({row.external_number for row in rows}) == ROWS


def test_the_classes_are_those_of_the_events(rows: list[MappedRow]) -> None:
    assert Counter(row.fields["class"] for row in rows) == {"moderate": 12_927, "major": 2_394, "minor": 1_587}


def test_every_text_goes_in_verbatim(rows: list[MappedRow]) -> None:
    found = {row.row: row for row in rows}

    for number, cells in xml_rows(real_file()):
        if number > 1:
            row = found[number]
            assert row.external_number == cells["O"]
            assert row.fields["product"] == {"name": as_shown(cells["L"])}
            assert row.fields["description"] == as_shown(cells["K"])
            assert row.fields["detected_at"] == (date(1899, 12, 30) + timedelta(days=int(cells["J"]))).isoformat()


def test_titles_are_the_reasons_on_one_line_and_not_too_long(rows: list[MappedRow]) -> None:
    assert max(len(row.fields["title"]) for row in rows) <= 200
    assert not any("\n" in row.fields["title"] for row in rows)


def test_every_shipped_example_is_a_mapping() -> None:
    assert [load_mapping(path).source for path in EXAMPLES.glob("*.json")] == ["US FDA recalls"]
