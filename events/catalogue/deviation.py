"""Deviations: what their owner writes, and what the partner writes in its review of them."""

from pydantic import Field

from events.catalogue.bodies import Batch, Body, EventRef, Product, SignedBody
from events.catalogue.forms import Code, Name, StatedTime, Text, Title
from events.catalogue.words import DeviationClass

MAX_BATCHES = 100


class Opened(Body):
    """A deviation was found and recorded.

    `number` is its number at the owner, `source` the system or book that it comes from, `external_number` its number
    there. `detected_at` is when it was found, `occurred_at` when it happened, both as stated.
    """

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    description: Text | None = None
    detected_at: StatedTime
    occurred_at: StatedTime | None = None
    product: Product | None = None
    batches: list[Batch] = Field(default_factory=list, max_length=MAX_BATCHES)
    line: Code | None = None
    site: Code | None = None


class Classified(Body):
    """The owner put the deviation in a class and says why; the last word counts."""

    class_: DeviationClass = Field(validation_alias="class", serialization_alias="class")
    rationale: Text


class Investigated(Body):
    """The owner states cause, impact and conclusion."""

    cause: Text
    impact: Text
    conclusion: Text


class Closed(SignedBody):
    """The owner closed the deviation on an investigation. `approval`: the partner's, if one is due."""

    investigation: EventRef
    approval: EventRef | None = None


class ClosureApproved(SignedBody):
    """The partner approves that the deviation is closed on this investigation."""

    investigation: EventRef


class ClosureRejected(Body):
    """The partner does not agree that the deviation is closed on this investigation, and says why."""

    investigation: EventRef
    reason: Text
