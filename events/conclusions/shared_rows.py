"""Shared rows: the facts that both parties must show alike once they hold the same entries, as canonical JSON.

Three kinds, told apart by their members: the row of an item and the row of a clock of an item, each beside what it is
kept under; and since when a journal counts as received. Nothing local is in them: no local sequence, no version, no
time of arrival here. Their schema is `events.schemas.shared_rows`. Rows come here encoded as they are stored.
"""

from events.encoding.identifiers import Role

NO_ROW = b"{}"
"""The row of a clock that is there no more: it is not shared."""


def shared_item(item: str, row: bytes) -> bytes:
    """Return the row of an item as it is shared, with the item's UUID."""
    return b'{"item":"%b","row":%b}' % (item.encode(), row)


def shared_clock(item: str, name: str, row: bytes) -> bytes:
    """Return the row of a clock as it is shared, with its name and the UUID of the item that it runs for."""
    return b'{"clock":"%b","item":"%b","row":%b}' % (name.encode(), item.encode(), row)


def shared_step(journal: Role, seen: int, time: str) -> bytes:
    """Return as it is shared that from a time on the reader of a journal has taken it in below `seen`."""
    return b'{"journal":"%b","seen":%d,"time":"%b"}' % (journal.value.encode(), seen, time.encode())
