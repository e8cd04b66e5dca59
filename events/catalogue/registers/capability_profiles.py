"""The manufacturer's capability: organisation, people, premises, equipment, procedures; and each change of them."""

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, Part
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Day, Name, Text, Title
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import ElementChange, ElementKind

MAX_ELEMENTS = 500


class Element(Part):
    """One element of the capability, known by its kind and name, with the days on which it is valid."""

    kind: ElementKind
    name: Name
    description: Text
    valid_from: Day | None = None
    valid_until: Day | None = None


class Changed(Part):
    """What became of an element: as it is now, or as it was when it was removed."""

    change: ElementChange
    element: Element


class ProfilePublished(Body):
    """The manufacturer published its capability, valid up to and with a day."""

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    elements: list[Element] = Field(min_length=1, max_length=MAX_ELEMENTS)
    valid_until: Day
    scope: Scope = Field(default_factory=Scope)


class ProfileChanged(Body):
    """Elements of a published capability changed: a communication item of its own."""

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    profile: EventRef
    changes: list[Changed] = Field(min_length=1, max_length=MAX_ELEMENTS)
    reason: Text
    effective_from: Day
    valid_until: Day | None = None
    scope: Scope = Field(default_factory=Scope)


KIND = "capability_profile"

TYPES = (
    *(
        EventType(
            f"{KIND}.{name}.v1", Kind.FACT, Author.CMO, KIND, model, opens=True, labels=labels_of_scope, later=True
        )
        for name, model in (("published", ProfilePublished), ("changed", ProfileChanged))
    ),
    *owners_steps(KIND),
    *reviewers_steps(KIND),
)
"""All types of the matter."""
