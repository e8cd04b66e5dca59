"""One stored entry: its bytes against its leaf, its columns against its bytes. Its verdict is another check.

1. The leaf is the hash of the head.
2. Head and body are in canonical form, and the body is the one that the head names; if not, the entry was refused so.
3. Every column that repeats something of the head repeats it rightly; of what was not judged yet there is none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.judging.judge import Arrival, read_line
from events.encoding.entry import Head
from events.stored.journal import NOT_JUDGED, UNPROVEN

_REPEATED = ("id", "type", "subject", "time", "seen")

Say = Callable[[str, str], None]
"""Hears of a field and of what is wrong with it."""


def check_entry(row: Mapping[str, Any], say: Say) -> bytes:
    """Check one row of the table of entries; return the leaf that its head has."""
    head, body = bytes(row["head"]), None if row["body"] is None else bytes(row["body"])
    arrival = read_line(head if body is None else head + b"\t" + body)
    # 1. The leaf.
    if arrival.leaf != row["leaf"]:
        say("leaf", "the head has another hash")
    # 2. The form of head and body.
    if arrival.entry is None and row["code"] not in UNPROVEN:
        say("body" if arrival.head is not None else "head", arrival.detail)
    # 3. The columns.
    _check_columns(row, arrival, say)
    return arrival.leaf


def _check_columns(row: Mapping[str, Any], arrival: Arrival, say: Say) -> None:
    head: Head | None = None if row["code"] == NOT_JUDGED else arrival.head
    for name in _REPEATED:
        stated = None if head is None else getattr(head, name)
        if row[name] != stated:
            say(name, f"the column says {row[name]!r}, the head {stated!r}")
    if row["revision"] is not None and (head is None or row["revision"] != head.revision):
        say("revision", f"the column says {row['revision']!r}, the head {None if head is None else head.revision!r}")
    if row["violates"] not in (0, 1):
        say("violates", f"{row['violates']!r} is neither yes nor no")
