"""One item: everything accepted about a matter, gathered in the one order.

An entry that violates a rule, or that the partner disputes, is shown and marked; it moves neither state nor clock. The
opening is the exception: a matter that was told is there, however it was told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from domain.communication_list.terms import DEVIATIONS
from domain.deviation.aggregate import evolve as evolve_deviation
from domain.deviation.aggregate import initial_state
from domain.deviation.state import Deviation
from domain.evidence import names
from domain.items.matter_item import MatterItem, grown
from domain.items.parts import Several, body_of
from domain.items.surroundings import Surroundings
from domain.judging.history import PastEvent
from domain.steps.corrections import readings
from events.catalogue import deviation as bodies
from events.catalogue import steps
from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class Item:
    """A matter with its partner's answers.

    `deviation` is what deciding knows of it; the other parts are what else is shown, effective entries only, each
    oldest first. `first_word` is the owner's first effective entry, `last` the last accepted entry of each party.
    """

    opened: PastEvent
    deviation: Deviation
    first_word: PastEvent | None = None
    questions: Several = ()
    answers: Several = ()
    acknowledgements: Several = ()
    corrections: Several = ()
    links: Several = ()
    last: Several = ()
    violates: bool = False
    disputed: bool = False

    @property
    def owner(self) -> Role:
        """The party whose matter it is."""
        return self.opened.role

    @property
    def category(self) -> str:
        """Its category on the communication list."""
        return DEVIATIONS

    @property
    def stated_at(self) -> str | None:
        """When it was detected, as its owner states it, as corrected."""
        return str(self.body_of(self.opened).detected_at)

    @property
    def stated_ever(self) -> tuple[str, ...]:
        """When it was detected, as its owner stated it at first and by each correction."""
        return tuple(str(body.detected_at) for body in readings(self.opened, self.corrections))

    @property
    def classification(self) -> PastEvent | None:
        """The owner's last word on the class that can be relied on."""
        return self._last_relied_on(self.deviation.classifications)

    @property
    def class_(self) -> str | None:
        """The class by the owner's last word, as corrected; None before there is one."""
        said = self.classification
        return None if said is None else str(self.body_of(said).class_)

    @property
    def investigation(self) -> PastEvent | None:
        """The latest investigation; None when it cannot be relied on, for then it is to be investigated anew."""
        latest = self.deviation.latest_investigation
        return latest if latest is not None and self.deviation.is_relied_on(latest) else None

    @property
    def closed(self) -> PastEvent | None:
        """The closing that can be relied on; it stands, overtaken or not."""
        return next(filter(self.deviation.is_relied_on, self.deviation.closings), None)

    def decision_on(self, investigation: PastEvent) -> PastEvent | None:
        """Return the partner's first decision on closing with an investigation."""
        decisions = (*self.deviation.approvals, *self.deviation.rejections)
        found = (each for each in decisions if names(each.body.investigation, investigation))
        return min(filter(self.deviation.is_relied_on, found), key=_place, default=None)

    def body_of(self, past: PastEvent) -> Any:  # noqa: ANN401 - the model of whatever type it is
        """Return the body of an entry as its author's corrections left it."""
        return body_of(self.corrections, past)

    def _last_relied_on(self, several: Several) -> PastEvent | None:
        return next(filter(self.deviation.is_relied_on, reversed(several)), None)


AnyItem: TypeAlias = Item | MatterItem


def item_of(events: Iterable[PastEvent], surroundings: Surroundings, known: AnyItem | None = None) -> AnyItem | None:
    """Return the item that the entries of a matter and of its review make, None before it was opened.

    The entries come in the one order (`events.journal.order`), refused ones may be among them; `known` is what those
    before them made in the same surroundings.
    """
    item = known
    for past in events:
        if past.code is not None or past.body is None:
            continue
        if isinstance(item, Item):
            item = evolve(item, past, surroundings)
        elif type(past.body) is bodies.Opened:
            item = evolve(Item(past, initial_state(surroundings.is_disputed)), past, surroundings)
        else:
            item = grown(item, past, surroundings)
    return item


def evolve(item: Item, past: PastEvent, surroundings: Surroundings) -> Item:
    """Remember one accepted entry of a matter or of its review."""
    known: dict[str, Any] = {
        "deviation": evolve_deviation(item.deviation, past),
        "last": (past, *(other for other in item.last if other.role is not past.role)),
    }
    disputed = surroundings.is_disputed(past)
    if past.violates or disputed:
        known |= {"violates": item.violates or past.violates, "disputed": item.disputed or disputed}
        return replace(item, **known)
    if item.first_word is None and past.role is item.owner:
        known["first_word"] = past
    part = _PARTS.get(type(past.body))
    if part is not None:
        known[part] = (*getattr(item, part), past)
    return replace(item, **known)


def _place(past: PastEvent) -> int:
    return past.position


_PARTS: dict[type, str] = {
    steps.Answered: "answers",
    steps.Corrected: "corrections",
    steps.BatchLinked: "links",
    steps.Acknowledged: "acknowledgements",
    steps.Asked: "questions",
    steps.ReviewCorrected: "corrections",
}
