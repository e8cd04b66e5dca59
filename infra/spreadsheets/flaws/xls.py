"""The pass over the sheets of an .xls workbook: records of [MS-XLS] 2.1.4."""

from collections.abc import Iterator

from infra.spreadsheets.flaws.compound import CompoundFile
from infra.spreadsheets.flaws.found import ERROR_TEXTS, UNNAMED_ERROR, Area, Flaws

_FORMULA, _END, _FILE_PASSWORD, _SHEET, _MERGED, _BOOLEAN_OR_ERROR, _BEGIN = 0x06, 0x0A, 0x2F, 0x85, 0xE5, 0x205, 0x809
_CONTENT = frozenset({_FORMULA, 0xBD, 0xFD, 0x203, 0x204, _BOOLEAN_OR_ERROR, 0x27E})  # cells with a value
_WIDE = 1


def has_password(compound: CompoundFile) -> bool:
    """Tell whether the workbook is protected by a password.

    Raises:
        DamagedFileError: it is cut off.
    """
    for kind, _ in _records(_workbook(compound), 0):
        if kind in (_FILE_PASSWORD, _END):
            return kind == _FILE_PASSWORD
    return False


def flaws_of_xls(compound: CompoundFile) -> dict[str, Flaws]:
    """Return what is flawed in each sheet: the library reads all of them at once.

    Raises:
        DamagedFileError: it is cut off.
        TooLargeError: a sheet is beyond what is read.
    """
    workbook = _workbook(compound)
    return {name: _flaws_from(workbook, start) for name, start in _sheets(workbook)}


def _flaws_from(workbook: bytes, start: int) -> Flaws:
    flaws = Flaws()
    for kind, content in _sheet_records(workbook, start):
        if kind == _MERGED:
            _add_merged(flaws, content)
        elif kind in _CONTENT:
            row, column = (int.from_bytes(content[at : at + 2], "little") for at in (0, 2))
            flaws.reach(row, column)
            if (error := _error_of(kind, content)) is not None:
                flaws.add_error(row, column, ERROR_TEXTS.get(error, UNNAMED_ERROR))
    return flaws


def _workbook(compound: CompoundFile) -> bytes:
    return compound.stream("Workbook") or compound.stream("Book") or b""


def _error_of(kind: int, content: bytes) -> int | None:
    """Return the number of the error that a cell holds, None if it holds none."""
    if kind == _BOOLEAN_OR_ERROR and len(content) >= 8 and content[7] == 1:  # noqa: PLR2004 - place, style, value, sort
        return content[6]
    is_formula = kind == _FORMULA and len(content) >= 14  # noqa: PLR2004 - place, style, result
    if is_formula and content[12:14] == b"\xff\xff" and content[6] == 2:  # noqa: PLR2004 - the result is an error
        return content[8]
    return None


def _add_merged(flaws: Flaws, content: bytes) -> None:
    for at in range(2, len(content) - 7, 8):
        first_row, last_row, first_column, last_column = (
            int.from_bytes(content[at + 2 * each : at + 2 * each + 2], "little") for each in range(4)
        )
        flaws.add_merged(Area(first_row, first_column, last_row, last_column))


def _sheets(workbook: bytes) -> Iterator[tuple[str, int]]:
    """Return (name, where its records begin) of each sheet."""
    for kind, content in _records(workbook, 0):
        if kind == _SHEET and len(content) >= 8:  # noqa: PLR2004 - place, state, kind, length of the name
            name = content[8:].decode("utf-16-le" if content[7] & _WIDE else "latin-1", "replace")
            yield name, int.from_bytes(content[:4], "little")
        if kind == _END:
            return


def _sheet_records(workbook: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Return the records of a sheet; a drawing within has a beginning and an end of its own."""
    depth = 0
    for kind, content in _records(workbook, start):
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        yield kind, content


def _records(workbook: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    while offset + 4 <= len(workbook):
        kind = int.from_bytes(workbook[offset : offset + 2], "little")
        length = int.from_bytes(workbook[offset + 2 : offset + 4], "little")
        yield kind, workbook[offset + 4 : offset + 4 + length]
        offset += 4 + length
