"""Which entries ask for a word that they were taken in: all but refusals and `journal.taken` (formats.md 4)."""

from domain.judging.history import REFUSED, PastEvent
from events.stored.journal import TAKEN


def tells(past: PastEvent) -> bool:
    """Tell whether the reader of a journal owes a later entry that covers this one."""
    return past.name not in (REFUSED, TAKEN)
