"""An item of a matter of the quality core: everything accepted about it, in the one order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from domain.agreement.in_force import Versions
from domain.items.parts import Several, body_of
from domain.items.surroundings import Surroundings
from domain.judging.history import PastEvent
from domain.matters import MATTERS
from domain.steps.corrections import readings
from domain.steps.crossing import Around, Crossing, crossings
from domain.steps.history import History
from domain.steps.matter import Matter
from events.catalogue import steps
from events.encoding.identifiers import Role


@dataclass(frozen=True)
class MatterItem:
    """An item of any matter but the deviation. What is marked or disputed is shown, and moves nothing."""

    matter: Matter
    opened: PastEvent
    events: Several
    is_disputed: Callable[[PastEvent], bool] = field(compare=False)
    agreements: Versions = field(compare=False)

    @property
    def owner(self) -> Role:
        """The party whose matter it is."""
        return self.opened.role

    @property
    def category(self) -> str:
        """Its category on the communication list."""
        return self.matter.category

    @cached_property
    def history(self) -> History:
        """What both parties wrote about it."""
        own = tuple(past for past in self.events if past.role is self.owner)
        return History(
            self.owner, own, tuple(past for past in self.events if past.role is not self.owner), self.is_disputed
        )

    @property
    def state(self) -> str:
        """How far it has come."""
        return str(self.matter.state_of(self.history, self.agreements))

    @property
    def class_(self) -> str | None:
        """Its class by the last word that can be relied on."""
        return self.matter.class_of(self.history)

    @property
    def stated_at(self) -> str | None:
        """When it happened, as its owner states it, as corrected; None where that is not asked."""
        name = self.matter.stated_in
        stated = None if name is None else getattr(body_of(self.corrections, self.opened), name, None)
        return None if stated is None else str(stated)

    @property
    def stated_ever(self) -> tuple[str, ...]:
        """When it happened, as its owner stated it at first and by each correction; empty where that is not asked."""
        name = self.matter.stated_in
        bodies = () if name is None else readings(self.opened, self.corrections)
        said = (getattr(body, name or "", None) for body in bodies)
        return tuple(str(each) for each in said if each is not None)

    @property
    def first_word(self) -> PastEvent | None:
        """The owner's first effective entry."""
        return next((past for past in self._effective() if past.role is self.owner), None)

    @property
    def questions(self) -> Several:
        """The partner's questions."""
        return self._of(steps.Asked)

    @property
    def answers(self) -> Several:
        """The owner's answers."""
        return self._of(steps.Answered)

    @property
    def acknowledgements(self) -> Several:
        """Where somebody of the partner took note."""
        return self._of(steps.Acknowledged)

    @cached_property
    def corrections(self) -> Several:
        """What both put right."""
        return self._of(steps.Corrected)

    @property
    def links(self) -> Several:
        """Batches that were found to be touched."""
        return self._of(steps.BatchLinked)

    @property
    def closed(self) -> PastEvent | None:
        """What ended it: the last of its endings that can be relied on, once its state says so."""
        endings = [past for past in self._effective() if past.name in self.matter.closed_by]
        return endings[-1] if endings and self.state in self.matter.ended else None

    @property
    def last(self) -> Several:
        """The last accepted entry of each party."""
        found = {past.role: past for past in self.events}
        return tuple(found.values())

    @property
    def violates(self) -> bool:
        """Whether an entry of it is marked."""
        return any(past.violates for past in self.events)

    @property
    def disputed(self) -> bool:
        """Whether an entry of it is disputed."""
        return any(map(self.is_disputed, self.events))

    def crossings(self, around: Around) -> list[Crossing]:
        """Return what of it crossed a block of the partner on the wire, lifted or not."""
        return crossings(self.history, self.matter.blocks, around)

    def _effective(self) -> Iterator[PastEvent]:
        return filter(self.history.is_relied_on, self.events)

    def _of(self, model: type) -> Several:
        return tuple(past for past in self._effective() if isinstance(past.body, model))


def grown(item: MatterItem | None, past: PastEvent, surroundings: Surroundings) -> MatterItem | None:
    """Return an item with one more accepted entry; None while nothing has opened it."""
    if item is not None:
        return MatterItem(item.matter, item.opened, (*item.events, past), item.is_disputed, item.agreements)
    kind = "" if past.head is None else past.head.subject_kind
    if kind not in MATTERS or past.type is None or not past.type.opens:
        return None
    return MatterItem(MATTERS[kind], past, (past,), surroundings.is_disputed, surroundings.agreements)
