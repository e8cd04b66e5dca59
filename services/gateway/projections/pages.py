"""What was committed together: the pages of entries in the local order."""

from collections.abc import Mapping, Sequence

from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.gateway.ports.store import Reading

Placed = tuple[int, StoredEntry]
"""The number of a relationship and an entry of one of its journals."""


def whole_pages(reading: Reading, entries: Sequence[Placed]) -> tuple[Sequence[Placed], Mapping[int, int]]:
    """Return these entries and those that follow up to the end of their pages; and by the sequence of each its page's.

    A page may hold entries between which others of the same transaction were counted.
    """
    while True:
        ends = page_ends(reading, entries)
        last, furthest = entries[-1][1].sequence, max(ends.values())
        if furthest <= last:
            return entries, ends
        entries = [*entries, *reading.since(last, furthest - last)]


def page_ends(reading: Reading, entries: Sequence[Placed]) -> dict[int, int]:
    """Return, by the local sequence of each entry, that of the last entry of its page; entries are in their order."""
    journals: dict[tuple[int, Role], list[StoredEntry]] = {}
    for relationship, entry in entries:
        journals.setdefault((relationship, entry.role), []).append(entry)
    ends: dict[int, int] = {}
    for (relationship, role), own in journals.items():
        pages = iter(reading.pages_from(relationship, role, own[0].position, len(own)))
        page = next(pages)
        for entry in own:
            while entry.position >= page.size:
                page = next(pages)
            ends[entry.sequence] = page.sequence
    return ends
