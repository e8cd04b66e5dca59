"""How a code, a number or a name is read by people: two that are read alike may be one thing, however they are written.

Asked where a gate is shut: "CRO-1G " with a space, "cro-1g" and one with another kind of dash evade nothing. What opens
a gate names its thing exactly, and so do labels and tags (formats.md 2).
"""

import re
import unicodedata

_UNSEEN = re.compile("[\\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f]")
"""White space, and what is not shown although it is no format character; those go by their category."""

LONGEST = 400
"""Up to how many characters are read: as long as a name may be, and what an index of a store can hold."""

_FORMAT = frozenset({"Cc", "Cf"})
_DASH = "Pd"
_MORE_DASHES = frozenset("\u02d7\u2043\u2212")
"""What looks like a dash and is of another category: a modifier letter, a bullet, the minus."""


def as_read(text: str) -> str:
    """Return a text as it is read: width and forms folded (NFKC), in capitals, one kind of dash, no white space.

    What is written in plain capitals, digits and hyphens without spaces is read as it is written.
    """
    shown = _UNSEEN.sub("", text)[:LONGEST]
    if shown.isascii() and shown.isprintable():
        return shown.upper()
    capitals = _UNSEEN.sub("", _composed(_composed(shown).casefold().upper()))
    return _composed("".join(map(_read, capitals)))[:LONGEST]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _read(character: str) -> str:
    category = unicodedata.category(character)
    if category == _DASH or character in _MORE_DASHES:
        return "-"
    return "" if category in _FORMAT else character
