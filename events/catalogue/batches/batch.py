"""Drug batches: authorised and made by the manufacturer under named documents, tested, and released by its QP.

A batch that was split off or joined is a batch of its own; its opening names the batches it came from.
"""

from pydantic import Field

from events.catalogue.bodies import Batch, Body, EventRef, Part, Product, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, StatedTime, Text
from events.catalogue.scope import Scope
from events.catalogue.steps import owners_steps
from events.catalogue.words import BatchPurpose, TestVerdict

MAX_LOTS = 200
MAX_PARENTS = 50
MAX_PARTS = 100
MAX_RESULTS = 200
MAX_RESOLVED = 200


class CodedProduct(Product):
    """A product with the code by which everything about it is labelled."""

    code: Code


class Quantity(Part):
    """How much, as stated: the digits are kept."""

    amount: Name
    unit: Name


class Made(Body):
    """What opens a batch: its number, product, purpose and place, and what it comes from."""

    number: Code
    source: Name
    external_number: Code | None = None
    product: CodedProduct
    purpose: BatchPurpose
    line: Code | None = None
    site: Code
    parents: list[EventRef] = Field(default_factory=list, max_length=MAX_PARENTS)

    @property
    def title(self) -> str:
        """Return what is made."""
        return self.product.name

    @property
    def scope(self) -> Scope:
        """Return the batch, its product and its place."""
        lines = [self.line] if self.line else []
        return Scope(products=[self.product], batches=[Batch(number=self.number)], lines=lines, sites=[self.site])


class Authorised(Made, SignedBody):
    """The manufacturer authorises the start of a batch, under these documents and with these lots."""

    process_version: EventRef
    standard_version: EventRef
    lots: list[EventRef] = Field(default_factory=list, max_length=MAX_LOTS)


class Started(Made):
    """The batch was started, on an authorisation or without one."""

    authorisation: EventRef | None = None
    started_at: StatedTime


class Manufactured(Body):
    """The manufacturing of the batch ended."""

    quantity: Quantity
    completed_at: StatedTime


class Result(Part):
    """One result as text, with unit, limits and verdict: 99.50 is not 99.5."""

    test: Name
    result: Text
    unit: Name | None = None
    limits: Text
    verdict: TestVerdict


class Tested(Body):
    """The batch was tested; the last word on a test counts."""

    results: list[Result] = Field(min_length=1, max_length=MAX_RESULTS)
    tested_at: StatedTime


class SplitPart(Part):
    """A batch that was split off."""

    number: Code
    quantity: Quantity


class Split(Body):
    """The batch was split; each part is a batch of its own."""

    parts: list[SplitPart] = Field(min_length=1, max_length=MAX_PARTS)
    reason: Text


class Joined(Body):
    """Other batches went into this one."""

    parents: list[EventRef] = Field(min_length=1, max_length=MAX_PARENTS)
    reason: Text


class Reworked(Body):
    """The batch was reworked; it is tested anew."""

    procedure: Text
    reason: Text


class Rejected(Body):
    """The manufacturer rejects the batch."""

    reason: Text


class FactoryReleased(SignedBody):
    """The manufacturer's qualified person releases the batch.

    `resolved` names, for each deviation, result and change that touches the batch, the entry that resolved it.
    """

    resolved: list[EventRef] = Field(default_factory=list, max_length=MAX_RESOLVED)


class Dispatched(Body):
    """Goods left, on a permission or without one."""

    permission: EventRef | None = None
    quantity: Quantity
    shipped_at: StatedTime


def labels_of_made(body: Made) -> tuple[str, ...]:
    """Return the number, the product, the line and the site of a batch."""
    return body.scope.labels


def labels_of_split(body: Split) -> tuple[str, ...]:
    """Return the numbers of the parts."""
    return tuple(dict.fromkeys(f"batch/{part.number}" for part in body.parts))


_ACT, _FACT, _CMO = Kind.ACT, Kind.FACT, Author.CMO

TYPES = (
    EventType("batch.authorised.v1", _ACT, _CMO, "batch", Authorised, opens=True, labels=labels_of_made, later=True),
    EventType("batch.started.v1", _FACT, _CMO, "batch", Started, opens=True, labels=labels_of_made, later=True),
    EventType("batch.split.v1", _FACT, _CMO, "batch", Split, labels=labels_of_split, later=True),
    *(
        EventType(f"batch.{name}.v1", kind, _CMO, "batch", model, later=True)
        for name, kind, model in (
            ("manufactured", _FACT, Manufactured),
            ("tested", _FACT, Tested),
            ("joined", _FACT, Joined),
            ("reworked", _FACT, Reworked),
            ("rejected", _FACT, Rejected),
            ("factory_released", _ACT, FactoryReleased),
            ("dispatched", _FACT, Dispatched),
        )
    ),
    *(each for each in owners_steps("batch") if each.name != "batch.batch_linked.v1"),
)
"""All types of the batch in its manufacturer's journal."""
