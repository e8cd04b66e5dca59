"""What every item of a relationship may depend on: its standing entries and received steps, up to a local sequence."""

from collections.abc import Iterable

from domain.items.surroundings import Surroundings, surroundings_of
from domain.judging.history import JournalView, PastEvent
from events.encoding.identifiers import Role
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.read_model import ReadModelReading
from services.gateway.ports.store import JournalReading
from services.gateway.projections.received import ReceivedSteps


class HeldJournals:
    """The two journals of a relationship, as far as every item may depend on them."""

    def __init__(self, relationship: int, steps: ReceivedSteps) -> None:
        self.relationship = relationship
        self.steps = steps
        self.views = {role: JournalView(role) for role in Role}
        self._surroundings: Surroundings | None = None

    @property
    def surroundings(self) -> Surroundings:
        """What is around all items; made once after each change."""
        if self._surroundings is None:
            self._surroundings = surroundings_of(self.views)
        return self._surroundings

    def remember_steps(self, rows: ReadModelReading, as_of: int) -> None:
        """Take in all received steps as far as known at a local sequence, for whoever folds on from there."""
        for role in Role:
            for step in rows.steps(self.relationship, role):
                if step.sequence <= as_of:
                    self.steps.add(step)

    def remember(self, past: PastEvent) -> None:
        """Take in an accepted standing entry."""
        self.views[past.role].remember(past)
        self._surroundings = None


def load_held(reading: JournalReading, relationship: int, *, as_of: int, types: Iterable[str] = ()) -> HeldJournals:
    """Return the journals as they stood at a local sequence; with `types` only standing entries of these types.

    The steps are left out: a long journal has many, and a screen asks for few of them.
    """
    held = HeldJournals(relationship, ReceivedSteps())
    wanted = frozenset(types)
    for role in Role:
        for entry in reading.standing(relationship, role):
            if entry.code is None and entry.sequence <= as_of and (not wanted or entry.type in wanted):
                held.remember(past_of(entry))
    return held
