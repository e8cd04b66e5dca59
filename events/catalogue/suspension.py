"""Suspensions: demanded by the holder for its own products, started by the manufacturer, lifted by signatures."""

from pydantic import Field

from events.catalogue.bodies import Batch, Body, EventRef, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, StatedTime, Text
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import BatchDisposition

MAX_MEASURES = 100


class Demanded(Body):
    """The holder demands that manufacturing of its products is suspended."""

    number: Code
    source: Name
    external_number: Code | None = None
    risk: EventRef | None = None
    reason: Text
    scope: Scope


class Started(Body):
    """The manufacturer stopped, because of a risk or by itself; `stopped_at` is when, as stated."""

    number: Code
    source: Name
    external_number: Code | None = None
    risk: EventRef | None = None
    reason: Text
    stopped_at: StatedTime
    scope: Scope


class DemandFollowed(Body):
    """The manufacturer stopped on the holder's demand."""

    demand: EventRef
    stopped_at: StatedTime


class BatchDisposed(Body):
    """What becomes of a batch that was in process when manufacturing stopped."""

    batch: Batch
    disposition: BatchDisposition
    reason: Text


class LiftSigned(SignedBody):
    """A party signs that the suspension is lifted, on the measures that were taken."""

    measures: list[EventRef] = Field(default_factory=list, max_length=MAX_MEASURES)


def labels_of_disposition(body: BatchDisposed) -> tuple[str, ...]:
    """Return the batch that is disposed of."""
    return (f"batch/{body.batch.number}",)


_ACT, _FACT = Kind.ACT, Kind.FACT

_OWN = (
    EventType(
        "suspension.demanded.v1",
        _FACT,
        Author.MAH,
        "suspension",
        Demanded,
        opens=True,
        labels=labels_of_scope,
        later=True,
    ),
    EventType(
        "suspension.started.v1",
        _FACT,
        Author.CMO,
        "suspension",
        Started,
        opens=True,
        labels=labels_of_scope,
        later=True,
    ),
    EventType(
        "suspension.batch_disposed.v1",
        _FACT,
        Author.CMO,
        "suspension",
        BatchDisposed,
        labels=labels_of_disposition,
        later=True,
    ),
    EventType("suspension.lift_signed.v1", _ACT, Author.OWNER, "suspension", LiftSigned, later=True),
)

_REVIEW = (
    EventType(
        "suspension_review.started.v1", _FACT, Author.CMO, "suspension_review", DemandFollowed, opens=True, later=True
    ),
    EventType(
        "suspension_review.batch_disposed.v1",
        _FACT,
        Author.CMO,
        "suspension_review",
        BatchDisposed,
        opens=True,
        labels=labels_of_disposition,
        later=True,
    ),
    EventType(
        "suspension_review.lift_signed.v1",
        _ACT,
        Author.PARTNER,
        "suspension_review",
        LiftSigned,
        opens=True,
        later=True,
    ),
)

TYPES = (*_OWN, *owners_steps("suspension"), *_REVIEW, *reviewers_steps("suspension"))
"""All types of the matter."""
