"""Texts with the names of columns in braces: `Class {Event Classification}`; `{{` and `}}` stand for braces."""

import re
from collections.abc import Callable

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")


def columns_of(template: str) -> tuple[str, ...]:
    """Return the columns that a template names.

    Raises:
        ValueError: a brace stands alone.
    """
    pieces = list(_PIECE.finditer(template))
    if any(piece[0] in ("{", "}") for piece in pieces):
        raise ValueError("a brace stands alone in the template; try: {Column}, or {{ for a brace")
    return tuple(dict.fromkeys(piece[1] for piece in pieces if piece[1] is not None))


def filled(template: str, text_of_column: Callable[[str], str]) -> str:
    """Return the template with the texts of its columns."""
    return _PIECE.sub(lambda piece: piece[0][0] if piece[1] is None else text_of_column(piece[1]), template)
