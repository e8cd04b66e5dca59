"""Lines of `entries.jsonl`: a head, a tab and a body; the head alone; or `#` and the leaf in base64 (formats.md 9).

A body stands only where the head names its hash: nothing proves any other, so of a malformed entry the head is enough.
A malformed head that is empty, or begins with `#`, stands as its leaf, so that no line can be read in two ways.
"""

from dataclasses import dataclass
from typing import Any

from events.bundle.evidence import may_name
from events.bundle.faults import BundleError
from events.bundle.layout import entries_file
from events.encoding.base64 import decode_base64, encode_base64
from events.encoding.entry import names_body, parse_line
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.journal.tree import HASH_BYTES, leaf_hash

SHOWN, WITHHELD, HIDDEN = 1, 2, 3
"""With its body; the head alone; the leaf alone."""

HASH_MARK = b"#"


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as a bundle shows it: its head and body as far as they are here, and its leaf in the tree."""

    role: Role
    position: int
    head: bytes | None
    body: bytes | None
    leaf: bytes

    @property
    def line(self) -> bytes:
        """The entry as it stands in a page, as far as it is here; empty where only its leaf is."""
        head = self.head or b""
        return head if self.body is None else head + b"\t" + self.body

    @property
    def naming(self) -> dict[str, Any]:
        """The body, decoded, if it may name an entry or a file and is well formed; else nothing."""
        if self.body is None or not may_name(self.body):
            return {}
        try:
            return parse_line(self.line).body
        except EntryError:
            return {}

    @property
    def state(self) -> int:
        """How it is shown."""
        return HIDDEN if self.head is None else WITHHELD if self.body is None else SHOWN


def read_entry(role: Role, position: int, line: bytes) -> ShownEntry:
    """Read a line of a bundle's entries.

    Raises:
        BundleError: `journal.malformed`: no leaf behind `#`, or no head; `journal.other_body`: not the head's.
    """
    if line.startswith(HASH_MARK):
        return ShownEntry(role, position, None, None, _hidden_leaf(role, position, line))
    head, tab, body = line.partition(b"\t")
    if not head:
        raise BundleError("journal.malformed", entries_file(role), "a line without a head", position=position)
    if tab and not names_body(head, body):
        detail = "the body is not the one whose hash stands in the head"
        raise BundleError("journal.other_body", entries_file(role), detail, position=position)
    return ShownEntry(role, position, head, body if tab else None, leaf_hash(head))


def format_entry(entry: ShownEntry) -> tuple[bytes, int]:
    """Return the line of an entry, with its line feed, and how it is shown there.

    A head that would be read as something else (malformed: empty, or beginning with `#`) stands as its leaf.
    """
    if not entry.head or entry.head.startswith(HASH_MARK):
        return HASH_MARK + encode_base64(entry.leaf).encode() + b"\n", HIDDEN
    return entry.line + b"\n", entry.state


def _hidden_leaf(role: Role, position: int, line: bytes) -> bytes:
    try:
        leaf = decode_base64(line[1:].decode("ascii"))
    except ValueError:
        leaf = b""
    if len(leaf) != HASH_BYTES:
        raise BundleError("journal.malformed", entries_file(role), "no leaf behind #", position=position)
    return leaf
