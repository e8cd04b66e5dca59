"""CSV for people's spreadsheet programs: UTF-8 with its mark, and no cell that the program would take for a formula.

Only what leaves for a spreadsheet is changed so; records keep what was written.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Exported = str | int | Decimal | bool | None

UTF8_MARK = b"\xef\xbb\xbf"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_FULL_WIDTH_STARTS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # of the first four, as East Asian input writes them
_BUFFERED = 1 << 16  # bytes handed out at a time


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Exported]]) -> Iterator[bytes]:
    """Return a CSV file piece by piece: the mark, the header, the rows; lines end with CR LF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    yield UTF8_MARK
    writer.writerow([neutral(name) for name in header])
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        if text.tell() > _BUFFERED:
            yield _taken(text)
    yield _taken(text)


def neutral(cell: Exported) -> str:
    """Return a cell as text that a spreadsheet program shows instead of computing: a text may get a leading `'`."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS + _FULL_WIDTH_STARTS) else cell
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken
