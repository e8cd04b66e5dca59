"""What can be said of any matter: the owner answers, corrects, links batches; the partner notes, asks, corrects."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from events.catalogue.bodies import Batch, Body, EventRef, Part
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Text

MAX_CHANGES = 100

_BATCH_NUMBER = re.compile(r"(?:(?:(?:scope\.)?batches|parts)\.[0-9]+|batch)\.number")


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
    """The owner found that the matter touches a batch."""

    batch: Batch


class Acknowledged(Body):
    """A named person of the partner took note of an entry."""

    entry: EventRef
    text: Text | None = None


class Asked(Body):
    """The partner asks a question, perhaps about one entry."""

    text: Text
    entry: EventRef | None = None


class ReviewCorrected(Corrected):
    """The partner puts right an entry of its own review."""


def labels_of_link(body: BatchLinked) -> tuple[str, ...]:
    """Return the batch that was linked."""
    return (f"batch/{body.batch.number}",)


def labels_of_correction(body: Corrected) -> tuple[str, ...]:
    """Return the batches whose numbers a correction brings in."""
    numbers = (change.batch_number for change in body.changes)
    return tuple(dict.fromkeys(f"batch/{number}" for number in numbers if number is not None))


def owners_steps(kind: str) -> tuple[EventType, ...]:
    """Return what the owner of any matter of the quality core may say about it at any time."""
    fact, owner = Kind.FACT, Author.OWNER
    return (
        EventType(f"{kind}.answered.v1", fact, owner, kind, Answered, later=True),
        EventType(f"{kind}.corrected.v1", fact, owner, kind, Corrected, labels=labels_of_correction, later=True),
        EventType(f"{kind}.batch_linked.v1", fact, owner, kind, BatchLinked, labels=labels_of_link, later=True),
    )


def reviewers_steps(kind: str) -> tuple[EventType, ...]:
    """Return what the partner may say in its review of any matter of the quality core, as its first word or later."""
    review = f"{kind}_review"
    return tuple(
        EventType(f"{review}.{name}.v1", Kind.FACT, Author.PARTNER, review, model, opens=True, later=True)
        for name, model in (("acknowledged", Acknowledged), ("asked", Asked), ("corrected", ReviewCorrected))
    )
