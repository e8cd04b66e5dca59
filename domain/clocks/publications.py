"""Which published calendar a clock counts by.

A limit in working days names a `calendar.published.v1` entry, which both parties signed with the list. That entry
stands for its *series*: what the same party publishes under the same name, year by year. For each year it counts by

1. the entry named, if it is of that year and final;
2. else the last final calendar of the year that the series held when the clock started;
3. else the first final one published afterwards: a provisional date becomes final once and then stays;
4. else the last provisional one; 5. else plain weekends (provisional).

So neither an upgrade of software nor a later publication moves a due date that was final.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.clocks.calendar import PublishedYear, WorkingCalendar
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef
from events.catalogue.protocol import CalendarPublished
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

CALENDAR_PUBLISHED = "calendar.published.v1"

PLAIN_WEEKENDS = WorkingCalendar()
"""The calendar of a series that published nothing: every day of it is provisional."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A published year, by whom, where and when it was recorded."""

    role: Role
    position: int
    at: datetime
    year: PublishedYear


def publication_of(past: PastEvent) -> Publication | None:
    """Read an accepted `calendar.published.v1`; None for anything else."""
    body = past.body
    if not isinstance(body, CalendarPublished) or past.head is None or past.violates:
        return None
    return Publication(past.role, past.position, parse_moment(past.head.time), _year_of(body))


class PublishedCalendars:
    """All calendars that both parties published, by series."""

    def __init__(self, events: Iterable[PastEvent] = ()) -> None:
        found = (publication_of(past) for past in events)
        self._all = {(each.role, each.position): each for each in found if each is not None}
        self._series: dict[tuple[Role, str], list[Publication]] = {}
        for _, publication in sorted(self._all.items()):
            self._series.setdefault((publication.role, publication.year.calendar), []).append(publication)
        self._made: dict[tuple[Role, int, int], WorkingCalendar] = {}

    def calendar_for(self, named: EventRef | None, start: datetime) -> WorkingCalendar:
        """Return the calendar of a clock that started at this moment under a limit that names this entry."""
        publication = None if named is None else self._all.get((named.role, named.position))
        if publication is None:
            return PLAIN_WEEKENDS
        series = self._series[publication.role, publication.year.calendar]
        known = bisect_right(series, start, key=_published_at)
        key = (publication.role, publication.position, known)
        if key not in self._made:
            self._made[key] = WorkingCalendar(_years(publication, series, known))
        return self._made[key]


def _years(named: Publication, series: Sequence[Publication], known: int) -> list[PublishedYear]:
    chosen: dict[int, PublishedYear] = {}
    for publication in series:
        if publication.year.provisional:
            chosen[publication.year.year] = publication.year
    for publication in reversed(series[known:]):
        _choose_if_final(chosen, publication)
    for publication in series[:known]:
        _choose_if_final(chosen, publication)
    _choose_if_final(chosen, named)
    return list(chosen.values())


def _choose_if_final(chosen: dict[int, PublishedYear], publication: Publication) -> None:
    if not publication.year.provisional:
        chosen[publication.year.year] = publication.year


def _published_at(publication: Publication) -> datetime:
    return publication.at


def _year_of(body: CalendarPublished) -> PublishedYear:
    return PublishedYear(
        body.calendar,
        body.version,
        body.year,
        frozenset(map(date.fromisoformat, body.days_off)),
        frozenset(map(date.fromisoformat, body.make_up_workdays)),
        body.provisional,
    )
