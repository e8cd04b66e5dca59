"""A regulator's measures, recorded by whoever received them, and ended by the regulator's document alone."""

from events.catalogue.bodies import Body, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, Sha256, StatedTime, Text
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import Measure


class Recorded(Body):
    """A regulator ordered a measure; `document` is its document, by SHA-256."""

    number: Code
    source: Name
    external_number: Code | None = None
    authority: Name
    measure: Measure
    decision_number: Code
    document: Sha256
    received_at: StatedTime
    description: Text | None = None
    scope: Scope


class Ended(SignedBody):
    """The regulator ended the measure, by a document of its own."""

    document: Sha256
    ended_at: StatedTime


KIND = "regulatory_measure"

TYPES = (
    EventType(
        f"{KIND}.recorded.v1", Kind.FACT, Author.EITHER, KIND, Recorded, opens=True, labels=labels_of_scope, later=True
    ),
    EventType(f"{KIND}.ended.v1", Kind.ACT, Author.OWNER, KIND, Ended, later=True),
    *owners_steps(KIND),
    *reviewers_steps(KIND),
)
"""All types of the matter."""
