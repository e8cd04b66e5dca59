"""Release: the package of records that comes with the factory release, and the holder's review and own release."""

from pydantic import Field

from events.catalogue.batches.batch import Dispatched
from events.catalogue.bodies import Batch, Body, EventRef, Part, Signature, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Number, Sha256, Text
from events.catalogue.steps import reviewers_steps
from events.catalogue.words import RecordKind, ReviewItem, ReviewVerdict

MAX_MANIFEST = 100
REVIEWS = 3


class Record(Part):
    """One record of the package: an attachment, by its SHA-256; `about` names the deviation of an investigation."""

    kind: RecordKind
    sha256: Sha256
    about: EventRef | None = None


class Submitted(Body):
    """The package of a release: its records, or a signed statement that there were no deviations.

    `release` names the factory release; without one the release in the same page, just before, is meant. A later
    version says why it came.
    """

    batch: Batch
    product: Code
    release: EventRef | None = None
    version: Number
    manifest: list[Record] = Field(min_length=1, max_length=MAX_MANIFEST)
    no_deviations: Signature | None = None
    reason: Text | None = None


class ItemConcluded(SignedBody):
    """The holder has reviewed one of the three items of a package."""

    item: ReviewItem
    verdict: ReviewVerdict
    package: EventRef


class Reasoned(Body):
    """The holder asks for all records, or refuses the batch, and says why."""

    reason: Text


class Held(Body):
    """The holder holds the batch: no release and no dispatch until it lifts the hold."""

    reason: Text


class HoldLifted(SignedBody):
    """The holder lifts a hold of its own."""

    hold: EventRef


class ReleaseWithdrawn(Body):
    """The holder withdraws its marketing release."""

    release: EventRef
    reason: Text


class MarketingReleased(SignedBody):
    """The holder's qualified person releases the batch for the market: on release, package and three reviews."""

    factory_release: EventRef
    package: EventRef
    reviews: list[EventRef] = Field(min_length=REVIEWS, max_length=REVIEWS)


class DispatchPermitted(SignedBody):
    """The holder permits that the batch leaves."""

    release: EventRef


def labels_of_package(body: Submitted) -> tuple[str, ...]:
    """Return the batch and the product that the package is of."""
    return f"batch/{body.batch.number}", f"product/{body.product}"


_ACT, _FACT, _MAH = Kind.ACT, Kind.FACT, Author.MAH

_REVIEW = tuple(
    EventType(f"batch_review.{name}.v1", kind, _MAH, "batch_review", model, opens=True, later=True)
    for name, kind, model in (
        ("item_concluded", _ACT, ItemConcluded),
        ("full_review_requested", _FACT, Reasoned),
        ("held", _FACT, Held),
        ("hold_lifted", _ACT, HoldLifted),
        ("rejected", _FACT, Reasoned),
        ("marketing_released", _ACT, MarketingReleased),
        ("release_withdrawn", _FACT, ReleaseWithdrawn),
        ("dispatch_permitted", _ACT, DispatchPermitted),
        ("dispatched", _FACT, Dispatched),
    )
)

TYPES = (
    EventType(
        "release_package.submitted.v1",
        _FACT,
        Author.CMO,
        "release_package",
        Submitted,
        opens=True,
        labels=labels_of_package,
        later=True,
    ),
    *_REVIEW,
    *reviewers_steps("batch"),
)
"""The package of the manufacturer, and all that the holder says of a batch."""
