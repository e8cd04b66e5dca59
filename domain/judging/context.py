"""The context of an entry: its journal below it, the partner's below its `seen`, less everything refused in both.

An entry is judged on this and on nothing else: never on the receiver's present state, on receipts or on what comes
later. So author, receiver and every later reader compute one verdict (formats.md 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.judging.history import JournalView, PastEvent, Place, batches_of
from events.catalogue.bodies import EventRef
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role

_JOURNALS: Mapping[str, Role] = {role.value: role for role in Role}


class Standing(StrEnum):
    """What became of an accepted entry that the partner refused against its verdict."""

    STANDS = "stands"
    DISPUTED = "disputed"
    VOID = "void"  # both settled that it does not stand


@dataclass(frozen=True, slots=True)
class Proposed:
    """An event about to be judged: who, of which type, about what, with which body (its model), at which time."""

    role: Role
    type: str
    subject: str
    body: Any
    actor: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Context:
    """Both journals as one entry sees them: `position` is its own place, `seen` what it has of the partner's."""

    role: Role
    position: int
    seen: int
    views: Mapping[Role, JournalView]

    def reach(self, role: Role) -> int:
        """Return below which position a journal belongs to this context."""
        return self.position if role is self.role else self.seen

    def as_of(self, moment: str) -> "Context":
        """Return this context without what was recorded after a moment (in the form of a recorded time).

        Exact for entries of the standing kinds; of others some that were recorded later may be in it.
        """
        reach = {role: min(self.reach(role), self.views[role].standing_before(moment)) for role in Role}
        return Context(self.role, reach[self.role], reach[self.role.other], self.views)

    def accepted(self, role: Role, subject: str) -> Sequence[PastEvent]:
        """Return the accepted entries of a subject in the journal of a role, by position."""
        known = self.views[role].subject(subject)
        if not known:
            return known
        reach = self.reach(role)
        return [past for past in known if past.position < reach and past.code is None]

    def standing(self, name: str) -> Sequence[PastEvent]:
        """Return the accepted entries of one of the standing types: the MAH's by position, then the CMO's."""
        return [past for role in Role for past in self.standing_of(role, name)]

    def standing_of(self, role: Role, name: str) -> Sequence[PastEvent]:
        """Return one party's accepted entries of one of the standing types, by position."""
        found, reach = self.views[role].standing(name), self.reach(role)
        if not found or found[-1].position < reach:
            return found
        return [past for past in found if past.position < reach]

    def subjects_of_batch(self, role: Role, number: str) -> Sequence[str]:
        """Return the subjects of a party's journal that accepted entries label with a number, as it is read, sorted."""
        subjects = self.views[role].subjects_of_batch(number)
        return [each for each in subjects if any(number in batches_of(past) for past in self.accepted(role, each))]

    def find(self, ref: EventRef) -> PastEvent | None:
        """Return the accepted entry that a reference names: same journal, position and leaf; None without one.

        Both journals are of the first generation: a reference to another one (`mah.2`) names nothing here.
        """
        role = _JOURNALS.get(ref.journal)
        past = None if role is None else self.views[role].at(ref.position)
        if past is None or past.code is not None or past.position >= self.reach(past.role):
            return None
        return past if encode_base64(past.leaf) == ref.leaf else None

    def is_disputed(self, past: PastEvent) -> bool:
        """Tell whether an accepted entry opens nothing, because the partner refused it against its verdict."""
        return self.standing_state(past) is not Standing.STANDS

    def standing_state(self, past: PastEvent) -> Standing:
        """Return what became of an accepted entry (`dispute.settled.v1`, written alike by both, ends a dispute)."""
        other = past.role.other
        if not any(position < self.reach(other) for position in self.views[other].notices(past.place)):
            return Standing.STANDS
        said = {role: self._settled(role, past.place) for role in Role}
        if said[past.role] is None or said[past.role] != said[other]:
            return Standing.DISPUTED
        return Standing.STANDS if said[other] else Standing.VOID

    def _settled(self, role: Role, place: Place) -> bool | None:
        """Return the latest word of a party on whether an entry stands, None when it has said nothing."""
        reach = self.reach(role)
        words = [past.body.stands for past in self.views[role].settlements(place) if past.position < reach]
        return words[-1] if words else None
