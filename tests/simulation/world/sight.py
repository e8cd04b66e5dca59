"""What people at a side have before them: everything that its store holds, as one context."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from domain.evidence import reference
from domain.judging.context import Context
from domain.judging.history import JournalView, PastEvent
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.gateway.exchange.remembering import past_of
from services.gateway.exchange.writing.situation import CommandSituation
from tests.services.exchange.world import NUMBER
from tests.simulation.world.side import Side

_ALL = 1_000_000
_past_of = lru_cache(4096)(past_of)  # the beginnings and most of a run are read again and again


@dataclass(frozen=True)
class Sight:
    """One side's whole record, and the time on its clock. A command would be decided on it, if nothing came between."""

    role: Role
    at: datetime
    journals: Mapping[Role, list[PastEvent]]

    @property
    def sizes(self) -> tuple[int, int]:
        """How much there is of the own journal and of the partner's."""
        return len(self.journals[self.role]), len(self.journals[self.role.other])

    @cached_property
    def context(self) -> Context:
        views = {role: JournalView(role) for role in Role}
        for role, entries in self.journals.items():
            for past in entries:
                views[role].remember(past)
        return Context(self.role, *self.sizes, views)

    @cached_property
    def situation(self) -> CommandSituation:
        return CommandSituation(self.context, self.at, {}, self._count, lambda _types: None, lambda _subject: ())

    @cached_property
    def latest(self) -> dict[str, EventRef]:
        """By type, the latest accepted entry that somebody could name."""
        accepted = [past for entries in self.journals.values() for past in entries if past.code is None]
        return {past.name: reference(past) for past in accepted}

    def _count(self, role: Role, event_type: str) -> int:
        return sum(past.code is None and past.name == event_type for past in self.journals[role])


def look(side: Side) -> Sight:
    """Look at a side's record, as it is committed now; the faults of its disk are for its parts."""
    with side.disk.looking_store().reading() as reading:
        entries = {role: reading.entries(NUMBER, role, 0, _ALL) for role in Role}
    return Sight(side.role, side.clock.now(), {role: list(map(_read, found)) for role, found in entries.items()})


def _read(entry: StoredEntry) -> PastEvent:
    return _past_of(entry)
