"""One sample of the museum, and what several rooms of it use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.encoding.base64 import encode_base64
from events.notes.note import SignatureLine, format_note, parse_note
from tests.lies.originals import LEAVES, Original

GOOD = None


@dataclass(frozen=True)
class Exhibit:
    """Bytes, the reader that meets them, the code it must answer (None: it believes them), and why.

    `held`: how many entries of the journal whoever reads a page holds; `leaf`: of the entry that a proof is of.
    """

    reader: str
    name: str
    code: str | None
    why: str
    raw: bytes
    held: int = 0
    leaf: bytes = b""

    @property
    def original(self) -> Original:
        """What the readers of the tests ask for beside the bytes."""
        return Original(self.reader, self.name, self.raw, self.held, self.leaf)

    def as_json(self) -> Mapping[str, Any]:
        """The exhibit as it stands in its file."""
        fields: dict[str, Any] = {"name": self.name, "reader": self.reader, "code": self.code, "why": self.why}
        if self.reader == "page":
            fields["held"] = list(map(encode_base64, LEAVES[: self.held]))
        if self.leaf:
            fields["leaf"] = encode_base64(self.leaf)
        return {**fields, "bytes": encode_base64(self.raw)}


def with_signature(note: bytes, signature: bytes, at: int = 0) -> bytes:
    """A note with another signature in one of its lines, under the same name and key id."""
    parsed = parse_note(note)
    lines = list(parsed.signatures)
    lines[at] = SignatureLine(lines[at].name, lines[at].key_id, signature)
    return format_note(parsed.text, lines)


def once(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with something that stands there once replaced."""
    if raw.count(old) != 1:
        raise ValueError(f"{old!r} stands there {raw.count(old)} times")
    return raw.replace(old, new)
