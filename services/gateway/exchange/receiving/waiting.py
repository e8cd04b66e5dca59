"""Pages that wait beyond a gap or for a receipt, by where they begin, in the order in which they came.

Of one place two may wait under one checkpoint: at least one of them is damaged, and which one shows only when what lies
before them is held. The first that fits is taken in, every other one is set aside.
"""

from collections.abc import Iterable, Sequence

from events.stored.relationship import HeldPage
from services.gateway.exchange.channel import MAX_WAITING_BYTES, MAX_WAITING_PAGES, WaitingPages

MOST_AT_ONE_PLACE = 2


def has_room(waiting: WaitingPages, first: int, value: bytes) -> bool:
    """Tell whether one more page may wait, within the bounds of places, of bytes, and of pages at one place."""
    others = waiting.get(first, ())
    used = sum(len(each) for values in waiting.values() for each in values)
    is_place_free = len(others) < MOST_AT_ONE_PLACE if others else len(waiting) < MAX_WAITING_PAGES
    return is_place_free and used + len(value) <= MAX_WAITING_BYTES


def held_pages(waiting: WaitingPages) -> Sequence[HeldPage]:
    """Return what waits as the store keeps it."""
    return [HeldPage(first, value) for first, values in sorted(waiting.items()) for value in values]


def waiting_of(pages: Iterable[HeldPage]) -> WaitingPages:
    """Return what the store kept as it waits."""
    waiting: WaitingPages = {}
    for page in pages:
        waiting[page.first] = (*waiting.get(page.first, ()), page.value)
    return waiting
