"""Risks: raised by either party, classified by both, met by measures that both sign."""

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, StatedTime, Text, Title
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import RiskKind, RiskLevel

MAX_MEASURES = 100


class Raised(Body):
    """A party identified a risk, perhaps in a deviation of either party.

    `identified_at` is when it was identified, as stated: from then on the time to a suspension runs, if it is major.
    """

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    description: Text | None = None
    identified_at: StatedTime
    deviation: EventRef | None = None
    scope: Scope = Field(default_factory=Scope)


class Classified(Body):
    """A party says how severe the risk is, and why. Either party's `major` demands a suspension at once."""

    level: RiskLevel
    risk_kind: RiskKind
    rationale: Text


class MeasureTaken(Body):
    """A party took a measure against the risk."""

    measure: Text
    taken_at: StatedTime


class MeasuresSigned(SignedBody):
    """A party signs the measures that both take jointly."""

    measures: list[EventRef] = Field(min_length=1, max_length=MAX_MEASURES)


class Closed(SignedBody):
    """The owner closed the risk, on measures that both had signed."""

    measures: list[EventRef] = Field(min_length=1, max_length=MAX_MEASURES)


_ACT, _FACT = Kind.ACT, Kind.FACT

_OWN = (
    EventType("risk.raised.v1", _FACT, Author.EITHER, "risk", Raised, opens=True, labels=labels_of_scope, later=True),
    *(
        EventType(f"risk.{name}.v1", kind, Author.OWNER, "risk", model, later=True)
        for name, kind, model in (
            ("classified", _FACT, Classified),
            ("measure_taken", _FACT, MeasureTaken),
            ("measures_signed", _ACT, MeasuresSigned),
            ("closed", _ACT, Closed),
        )
    ),
)

_REVIEW = tuple(
    EventType(f"risk_review.{name}.v1", kind, Author.PARTNER, "risk_review", model, opens=True, later=True)
    for name, kind, model in (
        ("classified", _FACT, Classified),
        ("measure_taken", _FACT, MeasureTaken),
        ("measures_signed", _ACT, MeasuresSigned),
    )
)

TYPES = (*_OWN, *owners_steps("risk"), *_REVIEW, *reviewers_steps("risk"))
"""All types of the matter."""
