"""The pass over a sheet of an .xlsb workbook: records of [MS-XLSB] 2.1.4, of which few kinds matter here."""

import struct
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import IO, Any, cast
from zipfile import ZipFile

from infra.spreadsheets.flaws.found import ERROR_TEXTS, UNNAMED_ERROR, Area, Flaws
from infra.spreadsheets.flaws.package import part_by_relation

_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _MERGED = 0, 3, 11, 156, 176
_CONTENT = range(2, 12)  # cells with a value, from BrtCellRk to BrtFmlaError
_MAX_RECORD = 1 << 24
_CELL_BYTES = 8  # column and style, before the value
_AREA = struct.Struct("<4I")


def flaws_of_xlsb(package: ZipFile, sheet: str) -> Flaws:
    """Return what is flawed in a sheet."""
    flaws, row = Flaws(), 0
    part = _part_of(package, sheet)
    if part is None:
        return flaws
    with package.open(part) as stream:
        for kind, content in _records(stream):
            if kind == _ROW:
                row = int.from_bytes(content[:4], "little")
            elif kind in _CONTENT and len(content) >= _CELL_BYTES:
                _look_at_cell(flaws, row, kind, content)
            elif kind == _MERGED and len(content) >= _AREA.size:
                first_row, last_row, first_column, last_column = _AREA.unpack_from(content)
                flaws.add_merged(Area(first_row, first_column, last_row, last_column))
    return flaws


def _look_at_cell(flaws: Flaws, row: int, kind: int, content: bytes) -> None:
    column = int.from_bytes(content[:4], "little")
    flaws.reach(row, column)
    if kind in (_ERROR, _FORMULA_ERROR):
        number = content[_CELL_BYTES] if len(content) > _CELL_BYTES else -1
        flaws.add_error(row, column, ERROR_TEXTS.get(number, UNNAMED_ERROR))


def _part_of(package: ZipFile, sheet: str) -> str | None:
    with package.open("xl/workbook.bin") as stream:
        for kind, content in _records(stream):
            if kind == _SHEET:
                identifier, offset = _wide_text(content, 8)
                name, _ = _wide_text(content, offset)
                if name == sheet:
                    return part_by_relation(package, "xl/_rels/workbook.bin.rels", identifier)
    return None


def _wide_text(content: bytes, offset: int) -> tuple[str, int]:
    end = offset + 4 + 2 * int.from_bytes(content[offset : offset + 4], "little")
    return content[offset + 4 : end].decode("utf-16-le", "replace"), end


def _records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Return (kind, content) of each record, until the stream ends or makes no sense."""
    buffered = BufferedReader(cast("RawIOBase", stream))
    while True:
        kind = _variable(buffered, 2)
        length = _variable(buffered, 4)
        if kind is None or length is None or length > _MAX_RECORD:
            return
        yield kind, buffered.read(length)


def _variable(stream: "BufferedReader[Any]", most: int) -> int | None:
    """Return a number of up to `most` bytes of seven bits, each but the last with its high bit set."""
    value = 0
    for place in range(most):
        read = stream.read(1)
        if not read:
            return None
        value |= (read[0] & 0x7F) << 7 * place
        if not read[0] & 0x80:
            break
    return value
