"""Lots of materials, intermediates and finished product: whose each one is, and in which batch it was used."""

from pydantic import Field

from events.catalogue.batches.batch import CodedProduct
from events.catalogue.bodies import Batch, Body, EventRef, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, StatedTime, Text, Uscc
from events.catalogue.scope import Scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import LotKind

MAX_BATCHES = 100


class Allocated(SignedBody):
    """The manufacturer allocates a lot to a product of one owner.

    `number` is that of the lot, `generic_name` the product's, by which segregation is judged.
    """

    number: Code
    source: Name
    external_number: Code | None = None
    material: Name
    lot_kind: LotKind
    owner: Uscc
    generic_name: Name
    product: CodedProduct

    @property
    def title(self) -> str:
        """Return what the lot is of."""
        return self.material

    @property
    def scope(self) -> Scope:
        """Return the product that the lot belongs to."""
        return Scope(products=[self.product])


class OfLot(Body):
    """What happened to a lot; of one that was never entered in this relationship it says number and material.

    So it can be told that a lot of another owner, whose allocation here is refused, went into a batch all the same.
    """

    number: Code | None = None
    material: Name | None = None
    source: Name | None = None

    @property
    def title(self) -> str:
        """Return what the lot is of, empty where the lot is known."""
        return self.material or ""


class Used(OfLot):
    """The lot was used in a batch, which `opening` names."""

    opening: EventRef
    batch: Batch
    used_at: StatedTime

    @property
    def scope(self) -> Scope:
        """Return the batch in which the lot was used."""
        return Scope(batches=[self.batch])


class BreachFound(OfLot):
    """The lot was found mixed up, or used for what it was not allocated to."""

    description: Text
    found_at: StatedTime
    batches: list[Batch] = Field(default_factory=list, max_length=MAX_BATCHES)

    @property
    def scope(self) -> Scope:
        """Return the batches that the breach touches."""
        return Scope(batches=self.batches)


def labels_of_allocated(body: Allocated) -> tuple[str, ...]:
    """Return the product that the lot belongs to."""
    return body.scope.labels


def labels_of_used(body: Used) -> tuple[str, ...]:
    """Return the batch in which the lot was used."""
    return (f"batch/{body.batch.number}",)


def labels_of_breach(body: BreachFound) -> tuple[str, ...]:
    """Return the batches that a breach touches."""
    return tuple(dict.fromkeys(f"batch/{batch.number}" for batch in body.batches))


_CMO = Author.CMO

TYPES = (
    EventType("lot.allocated.v1", Kind.ACT, _CMO, "lot", Allocated, opens=True, labels=labels_of_allocated, later=True),
    EventType("lot.used.v1", Kind.FACT, _CMO, "lot", Used, opens=True, labels=labels_of_used, later=True),
    EventType(
        "lot.breach_found.v1", Kind.FACT, _CMO, "lot", BreachFound, opens=True, labels=labels_of_breach, later=True
    ),
    *owners_steps("lot"),
    *reviewers_steps("lot"),
)
"""All types of the matter."""
