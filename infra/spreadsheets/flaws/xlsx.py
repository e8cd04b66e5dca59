"""The pass over a sheet of an .xlsx workbook."""

import re
from zipfile import ZipFile

from infra.spreadsheets.flaws.found import UNNAMED_ERROR, Area, Flaws
from infra.spreadsheets.flaws.package import part_by_relation
from infra.spreadsheets.flaws.tags import attributes_of, start_tags, whole_number

_LETTERS = 26
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_IS_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def flaws_of_xlsx(package: ZipFile, sheet: str) -> Flaws:
    """Return what is flawed in a sheet."""
    flaws = Flaws()
    part = _part_of(package, sheet)
    if part is None:
        return flaws
    row, column, is_error = -1, -1, False
    with package.open(part) as stream:
        for name, raw in start_tags(stream):
            if name == b"c":
                place = _PLACE.search(raw)
                row, column = _place(place[1].decode(), place[2].decode()) if place else (row, column + 1)
                is_error = _IS_ERROR.search(raw) is not None
                if is_error:
                    flaws.add_error(row, column, UNNAMED_ERROR)
            elif name in (b"v", b"is"):
                flaws.reach(row, column)
            elif name == b"row":
                row, column = whole_number(attributes_of(raw).get("r"), row + 2) - 1, -1
            elif name == b"mergeCell":
                _add_merged(flaws, raw)
    return flaws


def _part_of(package: ZipFile, sheet: str) -> str | None:
    with package.open("xl/workbook.xml") as stream:
        for name, raw in start_tags(stream):
            if name == b"sheet":
                fields = attributes_of(raw)
                if fields.get("name") == sheet:
                    return part_by_relation(package, "xl/_rels/workbook.xml.rels", fields.get("id", ""))
    return None


def _add_merged(flaws: Flaws, raw: bytes) -> None:
    area = _AREA.fullmatch(attributes_of(raw).get("ref", ""))
    if area is not None:
        flaws.add_merged(Area(*_place(area[1], area[2]), *_place(area[3], area[4])))


def _place(letters: str, digits: str) -> tuple[int, int]:
    column = 0
    for letter in letters:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1
