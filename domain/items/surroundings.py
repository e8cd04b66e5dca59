"""What an item is shown by besides its own entries: lists, agreements, calendars and disputes, as far as held."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.agreement.in_force import Versions, agreements_in
from domain.clocks.publications import CALENDAR_PUBLISHED, PublishedCalendars
from domain.communication_list.in_force import ListVersions, lists_in
from domain.items.links import Links
from domain.judging.context import Context, Standing
from domain.judging.history import REFUSED, JournalView, PastEvent
from domain.steps.crossing import Around, nothing_touches
from events.encoding.identifiers import Role

EVERYTHING = 2**53
"""A place behind every entry."""

ReceivedAt = Callable[[Role, int], str | None]
"""When the reader of a party's journal had taken in a position (formats.md 4, "Received"); None: not yet."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The standing entries of both journals, read once for all items."""

    lists: ListVersions
    agreements: Versions
    calendars: PublishedCalendars
    standing_of: Callable[[PastEvent], Standing]
    is_disputed: Callable[[PastEvent], bool]
    links: Links
    around: Around


def surroundings_of(views: Mapping[Role, JournalView]) -> Surroundings:
    """Return what the two journals say around all items, everything that is held included."""
    context = everything_in(views)
    lists = lists_in(context)
    calendars = PublishedCalendars(context.standing(CALENDAR_PUBLISHED))
    agreements, links, around = agreements_in(context), Links(context), Around(context, nothing_touches)
    if not context.standing(REFUSED):  # nobody ever refused anything: the common case, asked for every entry
        return Surroundings(lists, agreements, calendars, _stands, _is_undisputed, links, around)
    return Surroundings(lists, agreements, calendars, context.standing_state, context.is_disputed, links, around)


def everything_in(views: Mapping[Role, JournalView]) -> Context:
    """Return the context that leaves nothing out of two journals."""
    return Context(Role.MAH, EVERYTHING, EVERYTHING, views)


def _stands(_past: PastEvent) -> Standing:
    return Standing.STANDS


def _is_undisputed(_past: PastEvent) -> bool:
    return False
