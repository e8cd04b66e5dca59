"""Escalation: how much of its time a running clock has used, and whom that concerns within the party.

The steps of 50 and 80 hundredths of the time between start and due date are a policy of this product (interfaces.md
13), not of the announcement, which asks that time limits are kept (VII).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from domain.parties.people import PersonRole

HALF, MOST = 50, 80


class Stage(IntEnum):
    """How far a clock has run, in hundredths of its time."""

    BEGUN = 0
    HALF = HALF
    MOST = MOST
    OVERDUE = 100


CONCERNED = {
    Stage.BEGUN: PersonRole.QA_STAFF,
    Stage.HALF: PersonRole.QA_STAFF,
    Stage.MOST: PersonRole.QA_MANAGER,
    Stage.OVERDUE: PersonRole.QUALIFIED_PERSON,
}
"""Whom a stage concerns: who does it, then the manager, then the qualified person."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """The stage of a running clock and whom it concerns."""

    stage: Stage

    @property
    def concerns(self) -> PersonRole:
        """Whom the stage concerns within the party that has to act."""
        return CONCERNED[self.stage]


def escalation_of(started: datetime, due: datetime, at: datetime) -> Escalation:
    """Return how far a running clock has come at a moment; what happens at the very due moment is in time."""
    if at > due:
        return Escalation(Stage.OVERDUE)
    whole, used = (due - started).total_seconds(), (at - started).total_seconds()
    hundredths = 100 * used / whole if whole > 0 else 100.0
    return Escalation(Stage.MOST if hundredths >= MOST else Stage.HALF if hundredths >= HALF else Stage.BEGUN)
