"""Who is the manufacturer's liaison on a day."""

from datetime import date

from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.liaison import names as n
from events.encoding.identifiers import Role


def liaison_on(context: Context, day: date) -> PastEvent | None:
    """Return the designation that holds on a day of Beijing: the last one by its day, then by its place.

    One that is marked or disputed designates nobody; one whose body was erased names nobody any more.

    Source: NMPA 134/2025 (VI), "designate a person responsible for connecting with the quality management system of
    MAHs".
    """
    begun = [past for past in designations_in(context) if date.fromisoformat(past.body.from_) <= day]
    return max(begun, key=lambda past: (past.body.from_, past.position), default=None)


def designations_in(context: Context) -> list[PastEvent]:
    """Return the designations that can be relied on and read, by position."""
    told = context.standing_of(Role.CMO, n.DESIGNATED)
    return [past for past in told if past.body is not None and not past.violates and not context.is_disputed(past)]
