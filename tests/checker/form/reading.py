"""How the number of a batch is read, for the checker: case, width, dashes and white space tell no two apart."""

import unicodedata

MOST = 400
_HIDDEN = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}


def read(number: str) -> str:
    """Return one form of all numbers that look the same."""
    shown = "".join(each for each in number if not _is_hidden(each))[:MOST]
    for change in (_composed, str.casefold, str.upper, _composed):
        shown = change(shown)
    marks = (("-" if _is_dash(each) else each) for each in shown if not _is_hidden(each))
    return _composed("".join(mark for mark in marks if unicodedata.category(mark) not in {"Cc", "Cf"}))[:MOST]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _is_hidden(mark: str) -> bool:
    return mark.isspace() or ord(mark) in _HIDDEN


def _is_dash(mark: str) -> bool:
    return unicodedata.category(mark) == "Pd" or ord(mark) in {0x2D7, 0x2043, 0x2212}
