"""What both carriers agree on: what is refused before it is written, and how odd records of strangers are delivered."""

import re
from collections.abc import Iterable, Sequence

from events.journal.wire import MAX_KIND_CHARACTERS, MAX_RECORD_BYTES, WireRecord

FRAMING_BYTES = 4_096  # room for a carrier's own framing within a topic's limit
MAX_PUBLISHED_BYTES = MAX_RECORD_BYTES - FRAMING_BYTES
CUT_BYTES = MAX_RECORD_BYTES + 1  # what is left of a value that is too large

_KIND = re.compile(rb"[a-z][a-z0-9_]{0,%d}" % (MAX_KIND_CHARACTERS - 1))


def delivered_record(kinds: Sequence[bytes | None], value: bytes | None) -> WireRecord:
    """Return a record as it is delivered: no kind unless there is exactly one and it is a word; value cut to size."""
    kind = kinds[0] if len(kinds) == 1 else None
    word = kind.decode() if kind is not None and _KIND.fullmatch(kind) else ""
    return WireRecord(word, bytes(value[:CUT_BYTES]) if value is not None else b"")


def refuse_unpublishable(records: Iterable[WireRecord]) -> None:
    """Check records of our own before the first of them is written.

    Raises:
        ValueError: one is too large, or its kind is not a word.
    """
    for record in records:
        if len(record.value) > MAX_PUBLISHED_BYTES:
            raise ValueError(f"a record of {len(record.value)} bytes; the wire takes {MAX_PUBLISHED_BYTES}")
        if not _KIND.fullmatch(record.kind.encode()):
            raise ValueError(f"the kind {record.kind!r} is not a word of small letters, digits and underscores")
