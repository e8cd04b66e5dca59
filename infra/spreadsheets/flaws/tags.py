"""Start tags of an XML part in a stream: names and attributes, nothing else. What is malformed is passed over."""

import html
import re
from collections.abc import Iterator
from typing import IO

_CHUNK = 1 << 18
_MAX_TAG = 1 << 16
_TAG = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z][\w.\-]*)((?:[\s/][^<>]*)?)>")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ATTRIBUTE = re.compile(rb"""(?:[\w.\-]+:)?([\w.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def start_tags(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Return (local name, attributes as they stand) of each start tag."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        text = rest + chunk
        end = 0
        for found in _TAG.finditer(text):
            end = found.end()
            yield found[1], found[2]
        cut = max(text.rfind(b"<", end), end)
        rest = text[cut:][-_MAX_TAG:] if b"<" in text[cut : cut + 1] else b""


def attributes_of(raw: bytes) -> dict[str, str]:
    """Return the attributes of a tag by local name."""
    return {
        found[1].decode("ascii", "replace"): html.unescape((found[2] or found[3] or b"").decode("utf-8", "replace"))
        for found in _ATTRIBUTE.finditer(raw)
    }


def whole_number(text: str | None, otherwise: int) -> int:
    """Return the number that an attribute holds, another one when it holds none below 10^9."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else otherwise
