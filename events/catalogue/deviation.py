"""Deviations: what their owner writes, and what the partner writes in its review of them."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from events.catalogue.bodies import Batch, Body, EventRef, Part, Product, SignedBody
from events.catalogue.forms import Code, Name, StatedTime, Text, Title
from events.catalogue.words import DeviationClass

MAX_BATCHES = 100
MAX_CHANGES = 100

_BATCH_NUMBER = re.compile(r"batches\.[0-9]+\.number|batch\.number")


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


class Answered(Body):
    """The owner answered a question of the partner."""

    question: EventRef
    text: Text


class Change(Part):
    """One field put right: its path in the body (`product.name`, `batches.0.number`), as it was and as it should be.

    Null: the field is not there. Values are written as texts.
    """

    field: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,7}$", max_length=200)]
    before: Text | None = None
    after: Text | None = None

    @property
    def batch_number(self) -> str | None:
        """Return the batch number that the change brings in, if it brings in one."""
        return self.after if _BATCH_NUMBER.fullmatch(self.field) else None


class Corrected(Body):
    """The author of an entry puts it right and says why; the original stays visible."""

    entry: EventRef
    changes: list[Change] = Field(min_length=1, max_length=MAX_CHANGES)
    reason: Text


class BatchLinked(Body):
    """The owner found that the deviation touches a batch."""

    batch: Batch


class Acknowledged(Body):
    """A named person of the partner took note of an entry."""

    entry: EventRef
    text: Text | None = None


class Asked(Body):
    """The partner asks a question, perhaps about one entry."""

    text: Text
    entry: EventRef | None = None


class ClosureApproved(SignedBody):
    """The partner approves that the deviation is closed on this investigation."""

    investigation: EventRef


class ClosureRejected(Body):
    """The partner does not agree that the deviation is closed on this investigation, and says why."""

    investigation: EventRef
    reason: Text


class ReviewCorrected(Corrected):
    """The partner puts right an entry of its own review."""
