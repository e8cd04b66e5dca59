"""Workbooks of each format, written by hand: the smallest ones that a reader takes, with what a test asks for."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Value = str | float | bool | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ERROR_NUMBERS = {"#DIV/0!": 0x07, "#N/A": 0x2A}


class Error(str):
    """A formula's error as a value of a cell."""

    __slots__ = ()


class Dated(float):
    """A number of days that is formatted as a date with its time."""


def place(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def xlsx(path: Path, rows: Sequence[Sequence[Value]], merged: Sequence[str] = (), sheet: str = "Sheet1") -> Path:
    return xlsx_of_xml(path, "".join(_xlsx_row(*each) for each in enumerate(rows)), merged, sheet)


def xlsx_of_xml(path: Path, rows: str, merged: Sequence[str] = (), sheet: str = "Sheet1") -> Path:
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    merges = f"<mergeCells>{areas}</mergeCells>" if merged else ""
    return zipped(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>'
            f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>'
            "</styleSheet>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{merges}</worksheet>',
        },
    )


def ods(path: Path, rows: Sequence[Sequence[Value]], merged: Sequence[str] = (), *, encrypted: bool = False) -> Path:
    cells = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    for area in merged:  # only one area that begins in the first cell, of two rows and two columns
        assert area == "A1:B2"
        cells = cells.replace(
            "<table:table-cell", '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2"', 1
        )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    key = "<manifest:encryption-data/>" if encrypted else ""
    return zipped(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="content.xml">{key}</manifest:file-entry></manifest:manifest>',
            "content.xml": f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" '
            f'xmlns:text="{names}:text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
            f'calcext:1.0"><office:body><office:spreadsheet><table:table table:name="Sheet1">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        },
    )


def xlsb(path: Path, rows: Sequence[Sequence[Value]], merged: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    """Merged areas as (first row, last row, first column, last column)."""
    sheet = b"".join(_xlsb_row(*each) for each in enumerate(rows))
    areas = b"".join(_record(176, struct.pack("<4I", *area)) for area in merged)
    dimensions = _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1))
    return zipped(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "xl/workbook.bin": _record(131, b"")
            + _record(153, bytes(8))
            + _record(143, b"")
            + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet1"))
            + _record(144, b"")
            + _record(132, b""),
            "xl/_rels/workbook.bin.rels": _relations("worksheet", "worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": _record(129, b"")
            + dimensions
            + _record(145, b"")
            + sheet
            + _record(146, b"")
            + areas
            + _record(130, b""),
        },
    )


def xls(path: Path, rows: Sequence[Sequence[Value]], merged: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    """Merged areas as (first row, last row, first column, last column)."""
    begin = _biff(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
    name = b"Sheet1"
    offset = len(begin) + 4 + 8 + len(name) + 4
    listed = _biff(0x85, struct.pack("<IHBB", offset, 0, len(name), 0) + name)
    cells = b"".join(
        _xls_cell(row, column, value) for row, each in enumerate(rows) for column, value in enumerate(each)
    )
    areas = _biff(0xE5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *area) for area in merged))
    sheet = begin + cells + (areas if merged else b"") + _biff(0x0A, b"")
    return compound(path, {"Workbook": begin + listed + _biff(0x0A, b"") + sheet})


def compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Write a compound file: sector 0 is the table of sectors, then the directory, then the streams, none small."""
    contents = {name: content + bytes(max(0, 4096 - len(content))) for name, content in streams.items()}
    chain, sectors, entries = [0xFFFFFFFD, 0xFFFFFFFE], b"", _entry("Root Entry", 5, 0xFFFFFFFE, 0)
    for name, content in contents.items():
        first, count = len(chain), -(-len(content) // 512)
        chain += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += content + bytes(count * 512 - len(content))
        entries += _entry(name, 2, first, len(content))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
        0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    )  # fmt: skip
    listed = header[:76] + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    path.write_bytes(listed + table + entries.ljust(512, b"\0") + sectors)
    return path


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATED}/{kind}" '
        f'Target="{target}"/><Relationship Id="rId2" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>'
    )


def _xlsx_row(row: int, values: Sequence[Value]) -> str:
    cells = "".join(_xlsx_cell(place(row, column), value) for column, value in enumerate(values))
    return f'<row r="{row + 1}">{cells}</row>'


def _xlsx_cell(where: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Error):
        return f'<c r="{where}" t="e"><f>1/0</f><v>{value}</v></c>'
    if isinstance(value, str):
        return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
    style = ' s="1"' if isinstance(value, Dated) else ""
    return f'<c r="{where}"{style}><v>{float(value)!r}</v></c>'


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, Error):
        return (
            '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    return f'<table:table-cell office:value-type="float" office:value="{float(value)!r}"/>'


def _record(kind: int, content: bytes) -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = bytearray()
    left = len(content)
    while True:
        length.append(left & 0x7F | (0x80 if left > 0x7F else 0))
        left >>= 7
        if not left:
            return number + bytes(length) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_row(row: int, values: Sequence[Value]) -> bytes:
    header = _record(0, struct.pack("<I", row) + bytes(13))
    return header + b"".join(_xlsb_cell(column, value) for column, value in enumerate(values))


def _xlsb_cell(column: int, value: Value) -> bytes:
    where = struct.pack("<II", column, 0)
    if value is None:
        return b""
    if isinstance(value, Error):
        return _record(3, where + bytes([ERROR_NUMBERS[value]]))
    if isinstance(value, str):
        return _record(6, where + _wide(value))
    if isinstance(value, bool):
        return _record(4, where + bytes([value]))
    return _record(5, where + struct.pack("<d", value))


def _biff(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _xls_cell(row: int, column: int, value: Value) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if value is None:
        return b""
    if isinstance(value, Error):
        return _biff(0x205, where + bytes([ERROR_NUMBERS[value], 1]))
    if isinstance(value, str):
        return _biff(0x204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    if isinstance(value, bool):
        return _biff(0x205, where + bytes([value, 0]))
    return _biff(0x203, where + struct.pack("<d", value))


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    named = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide) + 2, kind, 1)
    child = 1 if kind == 5 else 0xFFFFFFFF
    return named + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<IQ", start, size)
